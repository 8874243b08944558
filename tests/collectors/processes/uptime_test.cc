#include "collectors/processes/uptime.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "collectors/processes/process.h"
#include "tests/support.h"

namespace ssh_keepalive::processes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ParseUptime, SecondsAndHundredths) {
  EXPECT_EQ(parse_uptime("8123.07 30211.99\n"), milliseconds(8'123'070));
  EXPECT_EQ(parse_uptime("0.00 0.00\n"), milliseconds(0));
  EXPECT_EQ(parse_uptime("3153600000.99 0.00\n"),
            seconds(3'153'600'000) + milliseconds(990));
}

TEST(ParseUptime, EmptyTruncatedGarbageAndOverflow) {
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string(" "), std::string("8123"),
        std::string("8123.07"), std::string("8123.0 1.00"),
        std::string("8123. 1.00"), std::string(".07 1.00"),
        std::string("8123 1.00"), std::string("8123.070 1.00"),
        std::string("-1.00 1.00"), std::string("1.-1 1.00"),
        std::string("x.07 1.00"), std::string("1e3.00 1.00"),
        std::string("3153600001.00 1.00"), std::string("4294967296.00 1.00"),
        std::string("99999999999999999999.00 1.00"),
        std::string("\0\xff.\x80 ", 5)}) {
    EXPECT_FALSE(parse_uptime(text)) << text;
  }
}

TEST(Uptime, OfARunningKernelIsItsFileS) {
  std::ifstream file("/proc/uptime");
  double told_seconds = 0;
  file >> told_seconds;
  const auto found = uptime(HostRoot::live());
  ASSERT_TRUE(found);
  EXPECT_NEAR(std::chrono::duration<double>(*found).count(), told_seconds, 1);
  const auto process = read_process(HostRoot::live(), ::getpid());
  ASSERT_TRUE(process.ok());
  EXPECT_GE(*found, start_after_boot(*process));
}

TEST(Uptime, OfARecordedHost) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  EXPECT_FALSE(uptime(root));
  host.write("proc/uptime", "garbage");
  EXPECT_FALSE(uptime(root));
  host.write("proc/uptime", "86400.50 1.00\n");
  EXPECT_EQ(uptime(root), seconds(86'400) + milliseconds(500));
}

}  // namespace
}  // namespace ssh_keepalive::processes
