#include "collectors/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace ssh_keepalive {
namespace {

TEST(Result, HoldsAValue) {
  const Result<int> result = 7;
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*result, 7);
}

TEST(Result, HoldsMoveOnlyValues) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> value = *std::move(result);
  EXPECT_EQ(*value, 7);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = system_error("open", "/nowhere", ENOENT);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(result.error().message(),
            "open /nowhere: No such file or directory");
}

TEST(Result, OfVoid) {
  EXPECT_TRUE(Result<void>().ok());
  const Result<void> failed = system_error("read", "/x", EIO);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().kind, ErrorKind::kFailed);
}

TEST(SystemError, TellsDeniedFromAbsent) {
  EXPECT_EQ(system_error("", "", EACCES).kind, ErrorKind::kDenied);
  EXPECT_EQ(system_error("", "", EPERM).kind, ErrorKind::kDenied);
  EXPECT_EQ(system_error("", "", ENOTDIR).kind, ErrorKind::kAbsent);
  EXPECT_EQ(system_error("", "", ENOBUFS).kind, ErrorKind::kInterrupted);
}

TEST(Error, MessageLeavesOutWhatIsEmpty) {
  EXPECT_EQ(Error{.reason = "why"}.message(), "why");
  EXPECT_EQ((Error{.attempted = "bind", .subject = ":1"}.message()), "bind :1");
}

}  // namespace
}  // namespace ssh_keepalive
