#include "exporter/configuration.h"

#include <gtest/gtest.h>

#include <random>

#include "exporter/configuration_keys.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

std::string failure(std::string_view text) {
  Settings settings;
  const Result<void> applied = apply_configuration(text, "f", settings);
  return applied.ok() ? "" : applied.error().message();
}

TEST(Configuration, EmptyChangesNothing) {
  Settings settings;
  ASSERT_TRUE(apply_configuration("", "f", settings).ok());
  EXPECT_EQ(settings.web.max_requests, 40);
  EXPECT_EQ(settings.web.listen_addresses, std::vector<std::string>{":10722"});
  EXPECT_EQ(settings.policy.safety_margin_ratio, 0.2);
  EXPECT_TRUE(settings.collectors.enabled.at(0));
}

TEST(Configuration, EveryKey) {
  constexpr std::string_view kText = R"(# comment
; comment
[web]
listen_address = 127.0.0.1:1, :2
telemetry_path = /m
max_requests = 7   ; how many
enable_lifecycle = on
private_token_file = /etc/token

[log]
level = debug
format = json
[collectors]
sysctl = off
timeout = 5
[policy]
path_idle_timeout = aws-nlb
safety_margin = 0.1
minimum_idle = 30m
minimum_outage_tolerance = 120
maximum_dead_peer_time = 1h
compliance = cis-debian-12
[path office vpn]
idle_timeout = 10m
counts = bytes
[sshd]
config = /etc/ssh/sshd_config, /etc/ssh/other
[ssh]
config = /etc/ssh/ssh_config
users = alice, bob
hosts = jump
[sessions]
ports = 2222,2200
[netns]
scan = auto
series_limit = 3
[ends]
state_file = /var/lib/x/ends.json
keep = 1000
[alertmanager]
url = http://a:9093,http://b:9093
labels = job=ssh
interval = 30
timeout = 5
longest_hold = 2m
ca_file = /etc/ssl/am.pem
state_file = none
)";
  Settings settings;
  const Result<void> applied = apply_configuration(kText, "f", settings);
  ASSERT_TRUE(applied.ok()) << applied.error().message();
  EXPECT_EQ(settings.web.listen_addresses,
            (std::vector<std::string>{"127.0.0.1:1", ":2"}));
  EXPECT_EQ(settings.web.telemetry_path, "/m");
  EXPECT_EQ(settings.web.max_requests, 7);
  EXPECT_TRUE(settings.web.enable_lifecycle);
  EXPECT_EQ(settings.log.level, LogLevel::kDebug);
  EXPECT_EQ(settings.log.format, LogFormat::kJson);
  EXPECT_FALSE(settings.collectors.enabled.at(0));
  EXPECT_EQ(settings.collectors.timeout.count(), 5);
  EXPECT_EQ(std::get<PathPreset>(settings.policy.path_idle_timeout).name,
            "aws-nlb");
  EXPECT_EQ(settings.policy.compliance, "cis-debian-12");
  ASSERT_EQ(settings.paths.size(), 1U);
  EXPECT_EQ(settings.paths.at(0).name, "office vpn");
  EXPECT_EQ(settings.paths.at(0).counts, PathCounts::kBytes);
  EXPECT_EQ(settings.collector_settings.sshd_config_files.size(), 2U);
  EXPECT_EQ(settings.collector_settings.session_ports,
            (std::vector<std::uint16_t>{2222, 2200}));
  EXPECT_EQ(settings.collector_settings.netns.scan, NetnsScan::kAuto);
  EXPECT_EQ(settings.ends.state_file, "/var/lib/x/ends.json");
  EXPECT_EQ(settings.ends.keep, 1000);
  EXPECT_EQ(settings.alertmanager.urls.size(), 2U);
  EXPECT_EQ(settings.alertmanager.longest_hold, std::chrono::minutes(2));
  EXPECT_EQ(settings.alertmanager.ca_file, "/etc/ssl/am.pem");
  EXPECT_EQ(settings.alertmanager.state_file, "");
}

TEST(Configuration, UnknownNamesAreErrorsWithTheirLine) {
  EXPECT_EQ(failure("[web]\n\nmax_request = 1\n"),
            "f:3: unknown key max_request in section [web]");
  EXPECT_EQ(failure("\n[wbe]\n"), "f:2: unknown section");
  EXPECT_EQ(failure("[collectors]\nsysctll = on\n"),
            "f:2: unknown key sysctll in section [collectors]");
  EXPECT_EQ(failure("[path x]\nidle = 5\n"),
            "f:2: unknown key idle in section [path x]");
  EXPECT_EQ(failure("[path ]\n"), "f:1: unknown section");
  EXPECT_EQ(failure("level = info\n"),
            "f:1: the key level stands before the first section");
}

TEST(Configuration, BadValuesSayWhatWouldBeRight) {
  EXPECT_EQ(failure("[web]\nmax_requests = 0\n"),
            "f:2: max_requests: expected a whole number from 1 to 1000");
  EXPECT_EQ(failure("[log]\nlevel = loud\n"),
            "f:2: level: expected debug, info, warn or error");
  EXPECT_EQ(failure("[policy]\npath_idle_timeout = aws\n"),
            "f:2: path_idle_timeout: expected a time, the name of a preset, "
            "or auto");
  EXPECT_EQ(failure("[netns]\nscan =\n"),
            "f:2: scan: expected off, auto or all");
}

TEST(Configuration, Alertmanagers) {
  EXPECT_EQ(failure("[alertmanager]\nurl = http://a, http://b, http://a\n"),
            "f:2: url: an Alertmanager is given twice");
  EXPECT_EQ(failure("[alertmanager]\n\nurl = http://jane:s3cret@\n"),
            "f:3: url: expected an http or https URL like "
            "http://localhost:9093");
  EXPECT_EQ(failure("[alertmanager]\nlabels = check=x\n"),
            "f:2: labels: alertname, check and severity are the alert's own");
  EXPECT_EQ(failure("[alertmanager]\ninterval = 2d\n"),
            "f:2: interval: expected a time of at most a day");
}

TEST(Configuration, StateFileAndHowManyEnds) {
  Settings settings;
  ASSERT_TRUE(
      apply_configuration("[ends]\nstate_file = none\n", "f", settings).ok());
  EXPECT_EQ(settings.ends.state_file, "");
  for (const std::string bad : {"ends.json", "", "/var/lib/", "None"}) {
    EXPECT_EQ(failure("[ends]\nstate_file = " + bad + "\n"),
              "f:2: state_file: expected the absolute path of a file, or none");
  }
  for (const std::string bad : {"0", "10001", "x"}) {
    EXPECT_EQ(failure("[ends]\nkeep = " + bad + "\n"),
              "f:2: keep: expected a whole number from 1 to 10000");
  }
}

TEST(Configuration, FirstErrorWins) {
  EXPECT_EQ(failure("[web]\nmax_requests = x\n[nope]\n").substr(0, 4), "f:2:");
}

TEST(Configuration, RepeatedKeyIsAnError) {
  EXPECT_EQ(failure("[log]\nlevel = info\n[web]\n[log]\nlevel = warn\n"),
            "f:5: the key level is given twice");
}

TEST(Configuration, WhatInihWouldMisreadIsAnError) {
  EXPECT_EQ(failure("[log]\nlevel = info\n  warn\n"),
            "f:3: the line is indented");
  EXPECT_EQ(failure("[log]\n" + std::string(200, '#') + "\n"),
            "f:2: the line is longer than 190 bytes");
  EXPECT_EQ(failure("[" + std::string(60, 'x') + "]\n"),
            "f:1: the section's name is longer than 49 bytes");
  EXPECT_EQ(failure(std::string_view("[log]\nlevel = in\0fo\n", 19)),
            "f:2: the line contains a NUL byte");
  EXPECT_EQ(failure("[log]\nlevel\n"), "f:2: expected KEY = VALUE");
  EXPECT_EQ(failure("[log\n"), "f:1: expected [SECTION]");
  EXPECT_EQ(failure("[log] x\n"), "f:1: expected [SECTION]");
}

TEST(Configuration, LongestLineIsReadWhole) {
  const std::string hosts =
      "hosts = " + std::string(kMaxConfigurationLine - 8, 'h');
  Settings settings;
  ASSERT_TRUE(
      apply_configuration("[ssh]\n" + hosts + "\n", "f", settings).ok());
  EXPECT_EQ(settings.collector_settings.ssh_hosts.at(0).size(),
            kMaxConfigurationLine - 8);
}

TEST(Configuration, DosLineEndsByteOrderMarkAndMissingLastLineEnd) {
  EXPECT_EQ(failure("\xEF\xBB\xBF[log]\r\nlevel = warn\r\nformat = json"), "");
}

TEST(Configuration, RandomBytesNeverCrash) {
  std::mt19937 random(1);
  constexpr std::string_view kBytes = "[]=:;#\n\r\t ab\0\xff\"web";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 60; i > 0; --i) {
      text += kBytes[random() % kBytes.size()];
    }
    static_cast<void>(failure(text));
  }
  SUCCEED();
}

TEST(ConfigurationFile, AbsentDeniedAndWrongKind) {
  Settings settings;
  EXPECT_EQ(apply_configuration_file("/no/such", settings).error().kind,
            ErrorKind::kAbsent);
  EXPECT_EQ(apply_configuration_file("/tmp", settings).error().kind,
            ErrorKind::kInvalid);
}

TEST(ConfigurationFile, ErrorNamesFileAndLine) {
  const testing::TemporaryDirectory directory;
  directory.write("c.ini", "[web]\nnope = 1\n");
  const std::string path = (directory.path() / "c.ini").string();
  Settings settings;
  EXPECT_EQ(apply_configuration_file(path, settings).error().message(),
            path + ":2: unknown key nope in section [web]");
}

}  // namespace
}  // namespace ssh_keepalive
