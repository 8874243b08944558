#include "collectors/ssh_config/ssh_config.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr const char* kFile = "/etc/ssh/ssh_config";

class CollectSshConfig : public ::testing::Test {
 protected:
  std::vector<Error> collect_facts() {
    facts_ = {};
    return collect(*HostRoot::open(directory_.path().string()), settings_,
                   memory_, facts_);
  }

  std::map<std::string, double> metrics() {
    std::vector<prometheus::MetricFamily> families;
    append_metrics(facts_, families);
    std::map<std::string, double> values;
    for (const auto& family : families) {
      for (const auto& metric : family.metric) {
        EXPECT_EQ(metric.label.at(0).name, "profile");
        values[family.name + "/" + metric.label.at(0).value] =
            metric.gauge.value;
      }
    }
    return values;
  }

  testing::TemporaryDirectory directory_;
  CollectorSettings settings_;
  Memory memory_;
  Facts facts_;
};

TEST_F(CollectSshConfig, WithoutAFileTheDefaultsApply) {
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(metrics(),
            (std::map<std::string, double>{
                {"ssh_keepalive_ssh_server_alive_interval_seconds/default", 0},
                {"ssh_keepalive_ssh_server_alive_count_max/default", 3},
                {"ssh_keepalive_ssh_tcp_keepalive_enabled/default", 1}}));
  EXPECT_EQ(facts_.profiles.at(0).proxied, false);
}

TEST_F(CollectSshConfig, DefaultIsWhatOnlyHostStarReaches) {
  directory_.write(kFile,
                   "Host *.example.com\nServerAliveInterval 5\n"
                   "Host *\nServerAliveInterval 60\nTCPKeepAlive no\n");
  EXPECT_TRUE(collect_facts().empty());
  ASSERT_EQ(facts_.profiles.size(), 1U);
  EXPECT_EQ(facts_.profiles[0].server_alive_interval_seconds, 60);
  EXPECT_EQ(facts_.profiles[0].tcp_keepalive, false);
}

TEST_F(CollectSshConfig, ConfiguredHostsAreProfiles) {
  directory_.write(kFile, "Host web\nServerAliveInterval 5\nProxyJump gate\n");
  settings_.ssh_hosts = {"web", "db", "web"};
  EXPECT_TRUE(collect_facts().empty());
  const auto values = metrics();
  EXPECT_EQ(values.size(), 9U);
  EXPECT_EQ(values.at("ssh_keepalive_ssh_server_alive_interval_seconds/web"),
            5);
  EXPECT_EQ(values.at("ssh_keepalive_ssh_server_alive_interval_seconds/db"), 0);
  EXPECT_EQ(facts_.profiles.at(1).proxied, true);
}

TEST_F(CollectSshConfig, UndecidedValueIsAbsent) {
  directory_.write(kFile, "Match exec true\nServerAliveInterval 5\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(metrics().size(), 2U);
}

TEST_F(CollectSshConfig, RefusedFileIsAnErrorOnceAndNoSeries) {
  directory_.write(kFile, "\nBogus 1\n");
  settings_.ssh_hosts = {"web"};
  const std::vector<Error> errors = collect_facts();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, ErrorKind::kInvalid);
  EXPECT_EQ(errors[0].message(),
            "parse /etc/ssh/ssh_config:2: unknown keyword");
  EXPECT_TRUE(metrics().empty());
}

TEST_F(CollectSshConfig, HostThatIsNoHostIsAnErrorOfItsOwn) {
  settings_.ssh_hosts = {"a b", "web"};
  EXPECT_EQ(collect_facts().size(), 1U);
  EXPECT_EQ(facts_.profiles.size(), 2U);
}

TEST_F(CollectSshConfig, ChangesAreSeenAndUnchangedFilesAreKept) {
  directory_.write(kFile, "Include /etc/ssh/x\n");
  directory_.write("/etc/ssh/x", "ServerAliveInterval 5\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(facts_.profiles.at(0).server_alive_interval_seconds, 5);
  directory_.write("/etc/ssh/x", "ServerAliveInterval 60\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(facts_.profiles.at(0).server_alive_interval_seconds, 60);
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(facts_.profiles.at(0).server_alive_interval_seconds, 60);
}

TEST_F(CollectSshConfig, AChangedServicesFileIsSeen) {
  directory_.write(kFile, "Port http-alt\nServerAliveInterval 5\n");
  EXPECT_EQ(collect_facts().size(), 1U);
  directory_.write("/etc/services", "http-alt 8080/tcp\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(facts_.profiles.at(0).server_alive_interval_seconds, 5);
}

TEST_F(CollectSshConfig, VersionComesFromThePackageDatabase) {
  directory_.write(kFile, "ChannelTimeout session=1\n");
  EXPECT_EQ(collect_facts().size(), 1U);
  directory_.write("/var/lib/dpkg/status",
                   "Package: openssh-client\nStatus: install ok installed\n"
                   "Version: 1:10.0p1-7\n\n");
  EXPECT_TRUE(collect_facts().empty());
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
