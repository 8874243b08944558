#include "collectors/host_facts.h"

#include <gtest/gtest.h>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

using std::chrono::seconds;

class HostFactsOf : public ::testing::Test {
 protected:
  HostFacts look(seconds now) {
    HostFacts facts;
    errors_ = look_at_host(*HostRoot::open(directory_.path()),
                           {"/etc/ssh/sshd_config", "/etc/ssh/ssh_config"},
                           std::chrono::steady_clock::time_point(now), memory_,
                           facts);
    return facts;
  }

  testing::TemporaryDirectory directory_;
  HostMemory memory_;
  std::vector<Error> errors_;
};

TEST_F(HostFactsOf, AllThatBearsOnSessions) {
  directory_.write("/etc/systemd/logind.conf",
                   "[Login]\nStopIdleSessionSec=30min\n");
  directory_.write("/etc/profile", "readonly TMOUT=900\n");
  directory_.write("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
  directory_.write("/etc/sysctl.d/10-net.conf",
                   "# Ansible managed\nnet.ipv4.tcp_keepalive_time = 600\n");
  directory_.write("/etc/ssh/sshd_config", "# managed by Puppet\nPort 22\n");
  const HostFacts facts = look(seconds(1));
  EXPECT_TRUE(errors_.empty());
  EXPECT_EQ(facts.logind.stop_idle_session, std::chrono::minutes(30));
  EXPECT_EQ(facts.shell_timeout.bash.timeout, seconds(900));
  EXPECT_EQ(facts.platform.cloud, platform::Cloud::kAws);
  EXPECT_EQ(facts.managed_by.size(), 2U);
  EXPECT_EQ(facts.managed_by.at("/etc/ssh/sshd_config"), "puppet");
  EXPECT_EQ(facts.managed_by.at("/etc/sysctl.d/10-net.conf"), "ansible");
}

TEST_F(HostFactsOf, OnceAMinute) {
  EXPECT_FALSE(look(seconds(1)).platform.cloud);
  directory_.write("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
  EXPECT_FALSE(look(seconds(60)).platform.cloud);
  EXPECT_TRUE(look(seconds(61)).platform.cloud);
}

TEST_F(HostFactsOf, ErrorsStayUntilTheNextLook) {
  directory_.write("/etc/systemd/logind.conf",
                   "[Login]\nStopIdleSessionSec=soon\n");
  look(seconds(1));
  EXPECT_EQ(errors_.size(), 1U);
  look(seconds(2));
  EXPECT_EQ(errors_.size(), 1U);
}

}  // namespace
}  // namespace ssh_keepalive
