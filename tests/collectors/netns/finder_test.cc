#include "collectors/netns/finder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support.h"

namespace ssh_keepalive::netns {
namespace {

using std::chrono::seconds;

TEST(NamespaceLink, Grammar) {
  EXPECT_EQ(parse_link("net:[4026532281]"), Id{4026532281});
  EXPECT_EQ(parse_link("net:[18446744073709551615]"), ~Id{0});
  for (const char* const text :
       {"", "net:", "net:[", "net:[]", "net:[x]", "net:[1", "net:1]",
        "mnt:[4026532281]", "net:[-1]", "net:[18446744073709551616]",
        "net:[1] ", " net:[1]", "net:[1 2]"}) {
    EXPECT_FALSE(parse_link(text)) << text;
  }
}

class FindNamespaces : public ::testing::Test {
 protected:
  FindNamespaces() { process(1, 100); }

  void process(int pid, Id id, const std::string& cgroup = "/init.scope") {
    const std::string folder = "proc/" + std::to_string(pid);
    directory_.write(folder + "/cgroup", "0::" + cgroup + "\n");
    link(folder + "/ns/net", id);
  }

  void mount(const std::string& name, Id id) { link("run/netns/" + name, id); }

  void end(int pid) {
    std::filesystem::remove_all(directory_.path() / "proc" /
                                std::to_string(pid));
  }

  std::optional<Error> find(seconds at = seconds(1000)) {
    return finder_.find(*HostRoot::open(directory_.path().string()),
                        std::chrono::steady_clock::time_point(at));
  }

  std::map<Id, std::string> names() {
    std::map<Id, std::string> all;
    for (const auto& [id, found] : finder_.found()) {
      all[id] = found.name;
    }
    return all;
  }

  void link(const std::string& path, Id id) {
    const std::filesystem::path at = directory_.path() / path;
    std::filesystem::create_directories(at.parent_path());
    std::filesystem::remove(at);
    std::filesystem::create_symlink("net:[" + std::to_string(id) + "]", at);
  }

  testing::TemporaryDirectory directory_;
  Finder finder_;
};

using Names = std::map<Id, std::string>;

TEST_F(FindNamespaces, NoneBesideTheHosts) {
  process(42, 100);
  EXPECT_FALSE(find());
  EXPECT_TRUE(names().empty());
}

TEST_F(FindNamespaces, EachOnceWithItsFirstProcesses) {
  for (const int pid : {50, 7, 9, 42, 43, 8}) {
    process(pid, 200);
  }
  EXPECT_FALSE(find());
  ASSERT_EQ(finder_.found().size(), 1U);
  EXPECT_EQ(finder_.found().at(200).pids, (std::vector<int>{7, 8, 9, 42}));
}

TEST_F(FindNamespaces, NamesByMountContainerServiceAndId) {
  process(10, 201, "/lxc.payload.mail/system.slice/ssh.service");
  process(11, 202, "/system.slice/time.service");
  process(12, 203, "/user.slice/user-0.slice/session-3.scope");
  process(13, 204, "/lxc.payload.mail");
  mount("blue", 204);
  mount("green", 205);
  EXPECT_FALSE(find());
  EXPECT_EQ(names(), (Names{{201, "mail"},
                            {202, "time.service"},
                            {203, "net-cb"},
                            {204, "blue"},
                            {205, "green"}}));
}

TEST_F(FindNamespaces, NamesAreUniqueAndNoneOfOurs) {
  mount("host", 201);
  mount("other", 202);
  process(10, 203, "/lxc/web");
  process(11, 204, "/lxc/web");
  EXPECT_FALSE(find());
  EXPECT_EQ(
      names(),
      (Names{{201, "host-2"}, {202, "other-2"}, {203, "web"}, {204, "web-2"}}));
}

TEST_F(FindNamespaces, NamesStayWhileTheNamespaceDoes) {
  process(10, 203, "/lxc/web");
  process(11, 204, "/lxc/web");
  find();
  end(10);
  process(9, 205, "/lxc/web");
  find();
  EXPECT_EQ(names(), (Names{{204, "web-2"}, {205, "web"}}));
  mount("blue", 204);
  find();
  EXPECT_EQ(names().at(204), "web-2");
}

TEST_F(FindNamespaces, GoneOnesAreForgotten) {
  process(42, 200);
  mount("blue", 201);
  find();
  end(42);
  std::filesystem::remove(directory_.path() / "run/netns/blue");
  find();
  EXPECT_TRUE(names().empty());
}

TEST_F(FindNamespaces, AProcessThatMovesIsNoticedAfterAWhile) {
  process(42, 100);
  find();
  process(42, 200);
  find(seconds(1000) + Finder::kForget - seconds(1));
  EXPECT_TRUE(names().empty());
  find(seconds(1000) + Finder::kForget);
  EXPECT_EQ(names().size(), 1U);
}

TEST_F(FindNamespaces, WhatIsNoNamespaceIsPassedOver) {
  directory_.write("run/netns/stale", "");
  std::filesystem::create_directories(directory_.path() / "run/netns/folder");
  std::filesystem::create_symlink("/etc/passwd",
                                  directory_.path() / "run/netns/link");
  directory_.write("proc/77/ns/net", "net:[300]");
  std::filesystem::create_directories(directory_.path() / "proc/78/ns");
  std::filesystem::create_symlink("mnt:[300]",
                                  directory_.path() / "proc/78/ns/net");
  EXPECT_FALSE(find());
  EXPECT_TRUE(names().empty());
}

TEST_F(FindNamespaces, NoneWhereTheHostsIsUnknown) {
  process(42, 200);
  find();
  end(1);
  const std::optional<Error> error = find();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, ErrorKind::kFailed);
  EXPECT_TRUE(names().empty());
}

TEST_F(FindNamespaces, TooManyAreLeftOut) {
  for (std::size_t i = 0; i <= Finder::kMost; ++i) {
    process(1000 + static_cast<int>(i), 10'000 + i);
  }
  const std::optional<Error> error = find();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, ErrorKind::kLimit);
  EXPECT_EQ(finder_.found().size(), Finder::kMost);
}

TEST(OpenNamespace, OwnProcessIsADoor) {
  const HostRoot root = HostRoot::live();
  const Id own = own_namespace(root).value();
  EXPECT_TRUE(open_namespace(root, own, {.pids = {::getpid()}}).ok());
}

TEST(OpenNamespace, NotTheOneThatWasFound) {
  const HostRoot root = HostRoot::live();
  const Id own = own_namespace(root).value();
  for (const Found& found :
       {Found{}, Found{.pids = {::getpid()}}, Found{.pids = {1 << 22}},
        Found{.path = "/run/netns/no-such"}, Found{.path = "/dev/null"},
        Found{.path = "/etc/passwd"}}) {
    const auto opened = open_namespace(root, own + 1, found);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::kAbsent);
  }
}

TEST(OpenNamespace, TheNextDoorWhereOneIsShut) {
  const HostRoot root = HostRoot::live();
  const Id own = own_namespace(root).value();
  EXPECT_TRUE(open_namespace(root, own, {.pids = {1 << 22, ::getpid()}}).ok());
}

}  // namespace
}  // namespace ssh_keepalive::netns
