#include "collectors/netns/namespaces.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support.h"

namespace ssh_keepalive::netns {
namespace {

class ShowNamespaces : public ::testing::Test {
 protected:
  ShowNamespaces() {
    process(1, 100);
    for (int i = 0; i < 4; ++i) {
      process(10 + i, 200 + static_cast<Id>(i));
    }
    find();
  }

  void process(int pid, Id id) {
    const std::filesystem::path folder =
        directory_.path() / "proc" / std::to_string(pid) / "ns";
    std::filesystem::create_directories(folder);
    std::filesystem::create_symlink("net:[" + std::to_string(id) + "]",
                                    folder / "net");
  }

  void end(int pid) {
    std::filesystem::remove_all(directory_.path() / "proc" /
                                std::to_string(pid));
  }

  void find() {
    EXPECT_FALSE(namespaces_.find(root_, std::chrono::steady_clock::now()));
  }

  bool has_series(Id id) {
    return namespaces_.show(id, 2).value().has_series();
  }

  testing::TemporaryDirectory directory_;
  HostRoot root_ = *HostRoot::open(directory_.path().string());
  Namespaces namespaces_;
};

TEST_F(ShowNamespaces, FirstOnesHaveSeriesForAsLongAsTheyLive) {
  EXPECT_TRUE(has_series(203));
  EXPECT_TRUE(has_series(201));
  EXPECT_FALSE(has_series(200));
  EXPECT_FALSE(has_series(202));
  EXPECT_TRUE(has_series(203));
  end(13);
  find();
  EXPECT_TRUE(has_series(201));
  EXPECT_TRUE(has_series(200));
  EXPECT_FALSE(has_series(202));
}

TEST_F(ShowNamespaces, NoneWithALimitOfNothing) {
  const auto name = namespaces_.show(200, 0);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->text(), "net-c8");
  EXPECT_EQ(name->label(), "other");
}

TEST_F(ShowNamespaces, OnlyWhatWasFound) {
  EXPECT_FALSE(namespaces_.show(999, 2));
  EXPECT_FALSE(namespaces_.is_shown(200));
  namespaces_.show(200, 2);
  EXPECT_TRUE(namespaces_.is_shown(200));
  end(10);
  find();
  EXPECT_FALSE(namespaces_.is_shown(200));
  EXPECT_FALSE(namespaces_.show(200, 2));
}

TEST_F(ShowNamespaces, OfAProcess) {
  EXPECT_TRUE(namespaces_.show_of(root_, 1, 2).value().is_host());
  EXPECT_EQ(namespaces_.show_of(root_, 10, 2).value().text(), "net-c8");
  EXPECT_TRUE(namespaces_.is_shown(200));
  process(50, 999);  // since the last look
  EXPECT_FALSE(namespaces_.show_of(root_, 50, 2));
  // That nobody may look at, or that is gone.
  EXPECT_TRUE(namespaces_.show_of(root_, 51, 2).value().is_host());
}

TEST_F(ShowNamespaces, HostOnly) {
  EXPECT_TRUE(host_only(root_, 1));
  EXPECT_FALSE(host_only(root_, 10));
  EXPECT_TRUE(host_only(root_, 51));
  EXPECT_TRUE(host_only(HostRoot::live(), ::getpid()));
}

}  // namespace
}  // namespace ssh_keepalive::netns
