#include "collectors/sshd_config/sshd_config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <set>

#include "tests/support.h"

namespace ssh_keepalive::sshd_config {
namespace {

class CollectSshdConfig : public ::testing::Test {
 protected:
  std::vector<Error> collect_facts(const std::vector<std::string>& files = {}) {
    facts_ = {};
    return collect(*HostRoot::open(directory_.path().string()), files, memory_,
                   facts_);
  }

  std::map<std::string, double> metrics() {
    std::vector<prometheus::MetricFamily> families;
    append_metrics(facts_, families);
    std::map<std::string, double> values;
    for (const auto& family : families) {
      for (const auto& metric : family.metric) {
        values[family.name + "/" + metric.label.at(0).value] =
            metric.gauge.value;
      }
    }
    return values;
  }

  testing::TemporaryDirectory directory_;
  openssh::VersionMemory memory_;
  Facts facts_;
};

TEST_F(CollectSshdConfig, HostWithoutSshdIsNoError) {
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_TRUE(facts_.configurations.empty());
  EXPECT_TRUE(metrics().empty());
}

TEST_F(CollectSshdConfig, NamedFileThatIsMissingIsAnError) {
  const std::vector<Error> errors = collect_facts({"/etc/ssh/other"});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors.at(0).kind, ErrorKind::kAbsent);
}

TEST_F(CollectSshdConfig, ValuesAndPorts) {
  directory_.write("etc/ssh/sshd_config",
                   "Port 2222\nClientAliveInterval 2m\nTCPKeepAlive no\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(ports(facts_), std::vector<std::uint16_t>{2222});
  const auto values = metrics();
  EXPECT_EQ(values.at("ssh_keepalive_sshd_config_valid/port-2222"), 1);
  EXPECT_EQ(
      values.at("ssh_keepalive_sshd_client_alive_interval_seconds/port-2222"),
      120);
  EXPECT_EQ(values.at("ssh_keepalive_sshd_tcp_keepalive_enabled/port-2222"), 0);
  EXPECT_EQ(values.size(), 6U);
}

TEST_F(CollectSshdConfig, RefusedFileIsAFactAndNoFailure) {
  directory_.write("etc/ssh/sshd_config", "Nonsense 1\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_config_valid/port-22"), 0);
  EXPECT_EQ(metrics().size(), 1U);
  EXPECT_TRUE(ports(facts_).empty());
}

TEST_F(CollectSshdConfig, DaemonsOnOnePortHaveDifferentNames) {
  directory_.write("etc/a", "");
  directory_.write("etc/b", "");
  EXPECT_TRUE(collect_facts({"/etc/a", "/etc/b"}).empty());
  EXPECT_EQ(metrics().count("ssh_keepalive_sshd_config_valid/port-22"), 1U);
  EXPECT_EQ(metrics().count("ssh_keepalive_sshd_config_valid/port-22-2"), 1U);
}

TEST_F(CollectSshdConfig, FifoIsAnErrorAtOnce) {
  directory_.write("etc/ssh/x", "");
  ASSERT_EQ(::mkfifo((directory_.path() / "etc/ssh/sshd_config").c_str(), 0600),
            0);
  EXPECT_EQ(collect_facts().size(), 1U);
}

TEST_F(CollectSshdConfig, FromDebiansPackageComesTheVersion) {
  directory_.write("etc/ssh/sshd_config", "ChannelTimeout a=5\n");
  directory_.write("var/lib/dpkg/status",
                   "Package: openssh-server\nStatus: install ok installed\n"
                   "Version: 1:8.4p1-5+deb11u3\n");
  collect_facts();
  EXPECT_TRUE(facts_.configurations.at(0).globals.refusal);
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
