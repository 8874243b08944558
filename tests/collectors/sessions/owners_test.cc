#include "collectors/sessions/owners.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/support.h"

namespace ssh_keepalive::sessions {
namespace {

using std::chrono::milliseconds;

// A recorded host with one process, 9, whose descriptor 3 is a session's
// socket.
class AgeOfARecordedSession : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kInode = 77;

  AgeOfARecordedSession() {
    host_.write("proc/9/cmdline", std::string("sshd: alice@pts/3\0", 18));
    std::filesystem::create_directories(host_.path() / "proc/9/fd");
    std::filesystem::create_symlink("socket:[77]",
                                    host_.path() / "proc/9/fd/3");
    started("900000");
  }

  void started(const std::string& ticks) {
    host_.write(
        "proc/9/stat",
        "9 (sshd) S 1 9 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + ticks + " 0 0\n");
  }

  std::optional<milliseconds> age(const std::string& uptime) {
    host_.write("proc/uptime", uptime);
    Session session{.role = Role::kServer};
    session.socket.inode = kInode;
    std::vector<Session> sessions = {session};
    const HostRoot root = *HostRoot::open(host_.path().string());
    owners_.complete(root, {}, sessions);
    EXPECT_TRUE(sessions.front().owner);
    EXPECT_EQ(sessions.front().phase, Phase::kAuthenticated);
    return sessions.front().owner ? sessions.front().owner->age : std::nullopt;
  }

 private:
  testing::TemporaryDirectory host_;
  Owners owners_;
};

TEST_F(AgeOfARecordedSession, FollowsTheUptimeFromLookToLook) {
  EXPECT_EQ(age("9000.00 1.00\n"), milliseconds(0));
  EXPECT_EQ(age("9000.25 1.00\n"), milliseconds(250));
  EXPECT_EQ(age("95400.00 1.00\n"), std::chrono::hours(24));
}

TEST_F(AgeOfARecordedSession, UnknownWithoutAUsableUptime) {
  for (const char* const uptime :
       {"", "soon 1.00\n", "99999999999999999999.00 1.00\n"}) {
    EXPECT_FALSE(age(uptime)) << uptime;
  }
}

TEST_F(AgeOfARecordedSession, UnknownForAStartThatIsYetToCome) {
  EXPECT_FALSE(age("8999.99 1.00\n"));
}

TEST_F(AgeOfARecordedSession, UnknownForAStartBeyondAllTime) {
  started("18446744073709551615");
  EXPECT_FALSE(age("9000.00 1.00\n"));
}

}  // namespace
}  // namespace ssh_keepalive::sessions
