#include "collectors/netns/visit.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "collectors/netns/link.h"

namespace ssh_keepalive::netns {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + 10s;
}

Result<UniqueFd> shut() {
  return Error{.kind = ErrorKind::kAbsent, .attempted = "open"};
}

Result<UniqueFd> no_namespace() {
  return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

TEST(VisitNamespace, NoActionBehindAShutDoor) {
  std::atomic<bool> acted = false;
  const Visit visit(shut, [&acted] { acted = true; });
  const auto result = visit.wait_until(soon());
  ASSERT_TRUE(result && !result->ok());
  EXPECT_EQ(result->error().kind, ErrorKind::kAbsent);
  EXPECT_TRUE(visit.has_ended());
  EXPECT_FALSE(acted);
}

TEST(VisitNamespace, NoActionOutsideOfNamespaces) {
  std::atomic<bool> acted = false;
  const Visit visit(no_namespace, [&acted] { acted = true; });
  const auto result = visit.wait_until(soon());
  ASSERT_TRUE(result && !result->ok());
  EXPECT_EQ(result->error().attempted, "enter");
  EXPECT_FALSE(acted);
}

TEST(VisitNamespace, NobodyWaitsLongerThanTheyLike) {
  std::promise<void> opened;
  const auto wait_for_it = [future = opened.get_future().share()] {
    future.wait();
    return shut();
  };
  const Visit visit(wait_for_it, [] {});
  EXPECT_FALSE(visit.wait_until(std::chrono::steady_clock::now() + 1ms));
  EXPECT_FALSE(visit.has_ended());
  opened.set_value();
  EXPECT_TRUE(visit.wait_until(soon()));
  EXPECT_TRUE(visit.has_ended());
}

TEST(VisitNamespace, WhatIsThrownIsAnError) {
  const auto throwing = []() -> Result<UniqueFd> {
    throw std::runtime_error("out of luck");
  };
  const Visit visit(throwing, [] {});
  const auto result = visit.wait_until(soon());
  ASSERT_TRUE(result && !result->ok());
  EXPECT_EQ(result->error().reason, "out of luck");
}

// With CAP_SYS_ADMIN only. Into the own one: what it does elsewhere is tested
// with real namespaces, in netns_test.py.
TEST(VisitNamespace, ActsOnAThreadOfItsOwn) {
  if (!may_enter()) {
    GTEST_SKIP() << "needs CAP_SYS_ADMIN";
  }
  std::thread::id where;
  const Visit visit(
      []() -> Result<UniqueFd> {
        return UniqueFd(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
      },
      [&where] { where = std::this_thread::get_id(); });
  const auto result = visit.wait_until(soon());
  ASSERT_TRUE(result && result->ok());
  EXPECT_NE(where, std::thread::id());
  EXPECT_NE(where, std::this_thread::get_id());
}

}  // namespace
}  // namespace ssh_keepalive::netns
