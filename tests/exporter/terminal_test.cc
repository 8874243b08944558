#include "exporter/cli/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>

#include "collectors/base/unique_fd.h"

namespace ssh_keepalive {
namespace {

class Terminal : public ::testing::Test {
 protected:
  Terminal() {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    ::unsetenv("COLUMNS");
    ::unsetenv("LINES");
  }

  void SetUp() override {
    ASSERT_TRUE(terminal_.valid());
    ASSERT_TRUE(file_.valid());
    resize(100, 30);
  }

  void resize(unsigned short columns, unsigned short lines) const {
    const winsize window = {.ws_row = lines, .ws_col = columns};
    ASSERT_EQ(::ioctl(terminal_.get(), TIOCSWINSZ, &window), 0);
  }

  UniqueFd terminal_{::posix_openpt(O_RDWR | O_NOCTTY)};
  UniqueFd file_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
};

TEST_F(Terminal, ColoursOnlyThereAndWithoutNoColor) {
  EXPECT_TRUE(wants_colour(terminal_.get()));
  EXPECT_FALSE(wants_colour(file_.get()));
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_colour(terminal_.get()));
  EXPECT_TRUE(is_screen(terminal_.get())) << "colours only";
  ::setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(wants_colour(terminal_.get()));
}

TEST_F(Terminal, DumbOnesAreNoScreen) {
  EXPECT_TRUE(is_screen(terminal_.get()));
  EXPECT_FALSE(is_screen(file_.get()));
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(is_screen(terminal_.get()));
  EXPECT_FALSE(wants_colour(terminal_.get()));
  ::unsetenv("TERM");
  EXPECT_FALSE(is_screen(terminal_.get()));
}

TEST_F(Terminal, SizeIsItsOwn) {
  ::setenv("COLUMNS", "70", 1);
  const ScreenSize size = screen_size(terminal_.get());
  EXPECT_EQ(size.columns, 100U);
  EXPECT_EQ(size.lines, 30U);
}

TEST_F(Terminal, SizeThatItDoesNotTell) {
  resize(0, 0);
  EXPECT_EQ(screen_size(terminal_.get()).columns, 80U);
  EXPECT_EQ(screen_size(terminal_.get()).lines, 24U);
  ::setenv("COLUMNS", "70", 1);
  ::setenv("LINES", "nonsense", 1);
  EXPECT_EQ(screen_size(terminal_.get()).columns, 70U);
  EXPECT_EQ(screen_size(terminal_.get()).lines, 24U);
}

TEST_F(Terminal, TablesAreAsWideAsItIs) {
  EXPECT_EQ(table_width(terminal_.get()), 100U);
  EXPECT_EQ(table_width(file_.get()), std::nullopt);
  ::setenv("COLUMNS", "70", 1);
  EXPECT_EQ(table_width(terminal_.get()), 70U);
  EXPECT_EQ(table_width(file_.get()), 70U);
  for (const char* const bad : {"", "0", "-1", "x", "99999999999"}) {
    ::setenv("COLUMNS", bad, 1);
    EXPECT_EQ(table_width(terminal_.get()), 100U) << bad;
  }
}

TEST(WriteAll, ReaderThatHasGoneIsNoError) {
  ::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  EXPECT_TRUE(*write_all(writer.get(), "text"));
  reader = UniqueFd();
  EXPECT_FALSE(*write_all(writer.get(), "text"));
}

TEST(WriteAll, FullDiskIsOne) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const Result<bool> written = write_all(full.get(), "text");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().message(),
            "write standard output: No space left on device");
}

}  // namespace
}  // namespace ssh_keepalive
