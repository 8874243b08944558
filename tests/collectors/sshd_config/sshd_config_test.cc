#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <set>

#include "collectors/sshd_config/memory.h"
#include "tests/support.h"

namespace ssh_keepalive::sshd_config {
namespace {

class CollectSshdConfig : public ::testing::Test {
 protected:
  std::vector<Error> collect_facts(
      const std::vector<std::string>& files = {},
      const netns::NetworkOf& network_of = netns::host_only) {
    facts_ = {};
    return collect(*HostRoot::open(directory_.path().string()), files,
                   network_of, std::chrono::steady_clock::now(), memory_,
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
  Memory memory_;
  Facts facts_;
};

TEST_F(CollectSshdConfig, HostWithoutSshdIsNoError) {
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_TRUE(facts_.instances.empty());
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
  EXPECT_EQ(ports(facts_, netns::Name()), std::vector<std::uint16_t>{2222});
  const auto values = metrics();
  EXPECT_EQ(values.at("ssh_keepalive_sshd_config_valid/port-2222"), 1);
  EXPECT_EQ(
      values.at("ssh_keepalive_sshd_client_alive_interval_seconds/port-2222"),
      120);
  EXPECT_EQ(values.at("ssh_keepalive_sshd_tcp_keepalive_enabled/port-2222"), 0);
  EXPECT_EQ(values.count("ssh_keepalive_sshd_running/port-2222"), 0U);
  EXPECT_EQ(values.size(), 6U);
}

TEST_F(CollectSshdConfig, RefusedFileIsAFactAndNoFailure) {
  directory_.write("etc/ssh/sshd_config", "Nonsense 1\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_config_valid/port-22"), 0);
  EXPECT_EQ(metrics().size(), 1U);
  EXPECT_TRUE(ports(facts_, netns::Name()).empty());
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

// A recorded host with one process, besides pid 1.
void write_process(const testing::TemporaryDirectory& host, int pid,
                   const std::string& name, const std::string& title,
                   const std::string& uid = "0") {
  const std::string folder = "proc/" + std::to_string(pid) + "/";
  const auto stat = [](int number, const std::string& comm) {
    return std::to_string(number) + " (" + comm +
           ") S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0 0\n";
  };
  host.write("proc/1/stat", stat(1, "systemd"));
  host.write(folder + "stat", stat(pid, name));
  host.write(folder + "cmdline", title + std::string(40, '\0'));
  host.write(folder + "status", "Name:\tsshd\nUid:\t" + uid + "\t" + uid +
                                    "\t" + uid + "\t" + uid + "\n");
}

constexpr const char* kListener =
    "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups";

TEST_F(CollectSshdConfig, RunningDaemonIsNamedByItsUnit) {
  directory_.write("etc/ssh/sshd_config", "");
  write_process(directory_, 42, "sshd", kListener);
  directory_.write("proc/42/cgroup", "0::/system.slice/ssh.service\n");
  EXPECT_TRUE(collect_facts().empty());
  ASSERT_EQ(facts_.instances.size(), 1U);
  const Instance& instance = facts_.instances.front();
  EXPECT_EQ(instance.daemon, "ssh.service");
  EXPECT_TRUE(instance.configuration);
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_running/ssh.service"), 1);
}

TEST_F(CollectSshdConfig, ContainersAreNamedByTheirShortId) {
  directory_.write("etc/ssh/sshd_config", "");
  write_process(directory_, 42, "sshd", kListener);
  directory_.write("proc/42/cgroup", "0::/system.slice/docker-" +
                                         std::string(64, 'a') + ".scope\n");
  collect_facts();
  EXPECT_EQ(facts_.instances.at(0).daemon, "docker-aaaaaaaaaaaa");
}

// Process 42 is in a namespace called "web".
std::optional<netns::Name> web_of_42(const HostRoot& /*root*/, int pid) {
  return pid == 42 ? netns::Name("web") : netns::Name();
}

TEST_F(CollectSshdConfig, DaemonOfAnotherNamespaceIsNotTheHosts) {
  directory_.write("etc/ssh/sshd_config", "Port 2222\n");
  write_process(directory_, 42, "sshd", kListener);
  collect_facts({}, web_of_42);
  ASSERT_EQ(facts_.instances.size(), 2U);
  EXPECT_FALSE(facts_.instances.at(0).running);
  EXPECT_TRUE(facts_.instances.at(0).netns.is_host());
  EXPECT_TRUE(facts_.instances.at(1).running);
  EXPECT_EQ(facts_.instances.at(1).netns.text(), "web");
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_running/port-2222"), 0);
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_running/port-2222-2"), 1);
}

TEST_F(CollectSshdConfig, PortsBelongToOneNamespace) {
  write_process(directory_, 42, "sshd",
                "sshd: /usr/sbin/sshd -p 443 [listener] 0 of 10-100 startups");
  write_process(directory_, 43, "sshd",
                "sshd: /usr/sbin/sshd -p 2222 [listener] 0 of 10-100 startups");
  collect_facts({}, web_of_42);
  EXPECT_EQ(ports(facts_, netns::Name()), std::vector<std::uint16_t>{2222});
  EXPECT_EQ(ports(facts_, netns::Name("web")), std::vector<std::uint16_t>{443});
  EXPECT_TRUE(ports(facts_, netns::Name("db")).empty());
}

TEST_F(CollectSshdConfig, NamedFilesAreTheHosts) {
  directory_.write("etc/ssh/sshd_config", "Port 2222\n");
  write_process(directory_, 42, "sshd", kListener);
  collect_facts({kDefaultFile}, web_of_42);
  ASSERT_EQ(facts_.instances.size(), 2U);
  EXPECT_FALSE(facts_.instances.at(0).running);
  EXPECT_EQ(facts_.instances.at(1).netns.text(), "web");
  EXPECT_TRUE(facts_.instances.at(1).configuration);
}

TEST_F(CollectSshdConfig, DaemonsOfNamespacesNotLookedAtAreLeftOut) {
  write_process(directory_, 42, "sshd", kListener);
  collect_facts({}, [](const HostRoot& /*root*/, int /*pid*/) {
    return std::optional<netns::Name>();
  });
  EXPECT_TRUE(facts_.instances.empty());
}

TEST_F(CollectSshdConfig, NamespacesWithoutSeriesAreNotOnMetrics) {
  write_process(directory_, 42, "sshd", kListener);
  collect_facts({}, [](const HostRoot& /*root*/, int /*pid*/) {
    return std::optional(netns::Name("web", false));
  });
  EXPECT_EQ(facts_.instances.size(), 1U);
  EXPECT_TRUE(metrics().empty());
}

TEST_F(CollectSshdConfig, TooManyDaemonsOfOneNamespaceAreLeftOut) {
  constexpr int kMany = 20;
  for (int pid = 43; pid < 43 + kMany; ++pid) {
    write_process(directory_, pid, "sshd", kListener);
  }
  write_process(directory_, 42, "sshd", kListener);
  const std::vector<Error> errors = collect_facts({}, web_of_42);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors.front().kind, ErrorKind::kLimit);
  EXPECT_EQ(facts_.instances.size(), 17U);
}

TEST_F(CollectSshdConfig, ConfiguredButNotRunning) {
  directory_.write("etc/ssh/sshd_config", "");
  write_process(directory_, 42, "bash", "-bash");
  collect_facts();
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_running/port-22"), 0);
}

TEST_F(CollectSshdConfig, SocketActivatedIsRunningAndNeverStale) {
  directory_.write("etc/ssh/sshd_config", "");
  directory_.write("etc/systemd/system/sockets.target.wants/ssh.socket", "");
  write_process(directory_, 42, "bash", "-bash");
  collect_facts();
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_running/ssh.socket"), 1);
  EXPECT_EQ(metrics().at("ssh_keepalive_sshd_config_stale/ssh.socket"), 0);
}

TEST_F(CollectSshdConfig, ProcessesOfOthersAreNoDaemons) {
  directory_.write("etc/ssh/sshd_config", "");
  directory_.write("secret", "ClientAliveInterval 7\n");
  write_process(directory_, 42, "sshd",
                "sshd: /usr/sbin/sshd -f /secret [listener] 0 of 10-100 "
                "startups",
                "1000");
  collect_facts();
  ASSERT_EQ(facts_.instances.size(), 1U);
  EXPECT_FALSE(facts_.instances.front().running);
  EXPECT_EQ(facts_.instances.front().configuration->file, kDefaultFile);
}

// In a recorded tree nobody can tell whose the executable is.
TEST_F(CollectSshdConfig, FileOfAnUntrustedDaemonIsNotRead) {
  directory_.write("etc/ssh/sshd_config", "");
  directory_.write("secret", "ClientAliveInterval 7\n");
  write_process(directory_, 42, "sshd",
                "sshd: /usr/sbin/sshd -f /secret [listener] 0 of 10-100 "
                "startups");
  collect_facts();
  ASSERT_EQ(facts_.instances.size(), 1U);
  EXPECT_TRUE(facts_.instances.front().running);
  EXPECT_FALSE(facts_.instances.front().configuration);
  EXPECT_EQ(metrics().count("ssh_keepalive_sshd_config_valid/port-unknown"),
            0U);
}

// Options that name no file are taken from a process of root.
TEST_F(CollectSshdConfig, PortsAndOptionsOfADaemonOfRoot) {
  directory_.write("etc/ssh/sshd_config", "Port 22\n");
  write_process(directory_, 42, "sshd",
                "sshd: /usr/sbin/sshd -p 2222 -o ClientAliveInterval=9 "
                "[listener] 0 of 10-100 startups");
  collect_facts();
  EXPECT_EQ(ports(facts_, netns::Name()), std::vector<std::uint16_t>{2222});
  EXPECT_EQ(
      facts_.instances.at(0)
          .configuration->globals.effective.client_alive_interval_seconds.value,
      9);
}

TEST_F(CollectSshdConfig, PortsOfADaemonWhoseFileIsNotRead) {
  write_process(directory_, 42, "sshd",
                "sshd: /usr/sbin/sshd -p 2222 -o include=/secret "
                "[listener] 0 of 10-100 startups");
  collect_facts();
  EXPECT_EQ(ports(facts_, netns::Name()), std::vector<std::uint16_t>{2222});
  EXPECT_EQ(facts_.instances.at(0).daemon, "port-2222");
  EXPECT_FALSE(facts_.instances.at(0).configuration);
}

TEST_F(CollectSshdConfig, DropbearHasNoConfiguration) {
  write_process(directory_, 42, "dropbear", "/usr/sbin/dropbear -p 22");
  EXPECT_TRUE(collect_facts().empty());
  ASSERT_EQ(facts_.instances.size(), 1U);
  EXPECT_EQ(facts_.instances.front().running->implementation,
            Implementation::kDropbear);
}

// A session outlives a listener that is restarted.
TEST_F(CollectSshdConfig, DropbearThatServesOneConnectionIsNoDaemon) {
  const std::string line = "/usr/sbin/dropbear -EF -p 22";
  write_process(directory_, 42, "dropbear", line);
  write_process(directory_, 43, "dropbear", line + " -2 9");
  write_process(directory_, 44, "dropbear", "/usr/sbin/dropbear -i -r key");
  write_process(directory_, 45, "dropbear", "/usr/sbin/dropbear -r key -i");
  write_process(directory_, 46, "dropbear", "");  // a zombie
  EXPECT_TRUE(collect_facts().empty());
  ASSERT_EQ(facts_.instances.size(), 1U);
  EXPECT_EQ(facts_.instances.front().running->process.pid, 42);
}

TEST_F(CollectSshdConfig, UnchangedFilesAreNotParsedAgain) {
  directory_.write("etc/ssh/sshd_config", "Include /etc/ssh/d/*.conf\n");
  directory_.write("etc/ssh/d/a.conf", "ClientAliveInterval 5\n");
  const auto configuration = [this] {
    collect_facts();
    return facts_.instances.at(0).configuration;
  };
  const auto first = configuration();
  EXPECT_EQ(configuration(), first);
  directory_.write("etc/ssh/d/0.conf", "ClientAliveInterval 6\n");
  const auto second = configuration();
  EXPECT_NE(second, first);
  EXPECT_EQ(second->globals.effective.client_alive_interval_seconds.value, 6);
  std::filesystem::remove(directory_.path() / "etc/ssh/d/0.conf");
  EXPECT_EQ(
      configuration()->globals.effective.client_alive_interval_seconds.value,
      5);
}

TEST_F(CollectSshdConfig, FromDebiansPackageComesTheVersion) {
  directory_.write("etc/ssh/sshd_config", "ChannelTimeout a=5\n");
  directory_.write("var/lib/dpkg/status",
                   "Package: openssh-server\nStatus: install ok installed\n"
                   "Version: 1:8.4p1-5+deb11u3\n");
  collect_facts();
  EXPECT_TRUE(facts_.instances.at(0).configuration->globals.refusal);
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
