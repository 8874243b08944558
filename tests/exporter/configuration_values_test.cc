#include "exporter/configuration_values.h"

#include <gtest/gtest.h>

namespace ssh_keepalive {
namespace {

using std::chrono::seconds;

TEST(ParseSwitch, OnAndOff) {
  for (const char* on : {"on", "yes", "true", "1"}) {
    EXPECT_TRUE(*parse_switch(on)) << on;
  }
  for (const char* off : {"off", "no", "false", "0"}) {
    EXPECT_FALSE(*parse_switch(off)) << off;
  }
  for (const char* neither : {"", "ON", "maybe", "2", "on "}) {
    EXPECT_FALSE(parse_switch(neither).ok()) << neither;
  }
}

TEST(ParseBounded, HoldsBothEnds) {
  EXPECT_EQ(*parse_bounded("1", 1, 3), 1);
  EXPECT_EQ(*parse_bounded("3", 1, 3), 3);
  for (const char* bad : {"", "0", "4", "1.5", "x", "99999999999"}) {
    EXPECT_FALSE(parse_bounded(bad, 1, 3).ok()) << bad;
  }
}

TEST(ParseDuration, SecondsAndUnits) {
  EXPECT_EQ(*parse_duration("90"), seconds(90));
  EXPECT_EQ(*parse_duration("90s"), seconds(90));
  EXPECT_EQ(*parse_duration("1h30m"), seconds(5400));
  EXPECT_EQ(*parse_duration("1W2D3H4M5"), seconds(788'645));
  EXPECT_EQ(*parse_duration("2147483647"), seconds(2'147'483'647));
}

TEST(ParseDuration, RefusesTheRest) {
  for (const char* bad : {"", "0", "s", "-1", "1x", "1.5", "1h 30m", " 1",
                          "2147483648", "99999999999999999999", "4000w"}) {
    EXPECT_FALSE(parse_duration(bad).ok()) << bad;
  }
}

TEST(ParseRatio, FromZeroToBelowOne) {
  EXPECT_EQ(*parse_ratio("0"), 0);
  EXPECT_EQ(*parse_ratio("0.2"), 0.2);
  for (const char* bad : {"", "1", "-0.1", "nan", "inf", "0.2x", "20%"}) {
    EXPECT_FALSE(parse_ratio(bad).ok()) << bad;
  }
}

TEST(ParseWatchInterval, FractionsOfSeconds) {
  using std::chrono::milliseconds;
  EXPECT_EQ(*parse_watch_interval("2"), milliseconds(2000));
  EXPECT_EQ(*parse_watch_interval("0.1"), milliseconds(100));
  EXPECT_EQ(*parse_watch_interval("86400"), milliseconds(86'400'000));
  for (const char* bad :
       {"", "0", "0.09", "86401", "-1", "nan", "inf", "1e400", "2s", "2 "}) {
    EXPECT_FALSE(parse_watch_interval(bad).ok()) << bad;
  }
}

TEST(ParseList, Words) {
  EXPECT_EQ(*parse_list("a"), std::vector<std::string>{"a"});
  EXPECT_EQ(*parse_list(" a , b,c "),
            (std::vector<std::string>{"a", "b", "c"}));
  for (const char* bad : {"", " ", ",", "a,", ",a", "a,,b"}) {
    EXPECT_FALSE(parse_list(bad).ok()) << '"' << bad << '"';
  }
}

TEST(ParsePorts, Range) {
  EXPECT_EQ(*parse_ports("1, 65535"), (std::vector<std::uint16_t>{1, 65535}));
  for (const char* bad : {"", "0", "65536", "22;23", "ssh", "-1"}) {
    EXPECT_FALSE(parse_ports(bad).ok()) << bad;
  }
}

TEST(ParseLabels, Pairs) {
  EXPECT_EQ(*parse_labels("job=ssh, cluster = a=b"),
            (std::vector<std::pair<std::string, std::string>>{
                {"job", "ssh"}, {"cluster", "a=b"}}));
  for (const char* bad : {"", "job", "1job=x", "jo-b=x", "=x", "severity=x",
                          "check=x", "alertname=x", "job=x, job=y"}) {
    EXPECT_FALSE(parse_labels(bad).ok()) << bad;
  }
}

TEST(ParseListenAddress, Shapes) {
  for (const char* good :
       {":10722", "127.0.0.1:0", "localhost:65535", "[::1]:9100"}) {
    EXPECT_TRUE(parse_listen_address(good).ok()) << good;
  }
  for (const char* bad :
       {"", "10722", "host", "host:", ":x", ":65536", "::1:9100", ":-1"}) {
    EXPECT_FALSE(parse_listen_address(bad).ok()) << bad;
  }
}

TEST(ParseTelemetryPath, LeavesTheProgramsOwnPathsAlone) {
  EXPECT_TRUE(parse_telemetry_path("/metrics").ok());
  EXPECT_TRUE(parse_telemetry_path("/ssh/metrics").ok());
  for (const char* bad : {"", "/", "metrics", "/-/ready", "/api/v1/report",
                          "/a b", "/a?b", "//a", "/a/../b", "/\xff"}) {
    EXPECT_FALSE(parse_telemetry_path(bad).ok()) << bad;
  }
}

TEST(ParseAbsolutePath, StartsAtTheRoot) {
  EXPECT_TRUE(parse_absolute_path("/etc/ssh/sshd_config").ok());
  EXPECT_FALSE(parse_absolute_path("sshd_config").ok());
  EXPECT_FALSE(parse_absolute_path("").ok());
}

TEST(ParseUrl, HttpOnly) {
  EXPECT_TRUE(parse_url("http://127.0.0.1:9093").ok());
  EXPECT_TRUE(parse_url("https://am.example/x").ok());
  for (const char* bad : {"", "http://", "ftp://x", "am:9093", "http://a b"}) {
    EXPECT_FALSE(parse_url(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace ssh_keepalive
