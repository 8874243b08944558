#include "exporter/ends/end_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "exporter/ends/end_json.h"
#include "tests/exporter/ends/example_end.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

using diagnosis::SessionEnd;
using testing::AsNobody;
using testing::count_of;
using testing::example_end;

// No file of this process may become longer than that.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  FullDisk(FullDisk&&) = delete;
  FullDisk& operator=(FullDisk&&) = delete;
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class Ends : public ::testing::Test {
 protected:
  Ends() { ::testing::internal::CaptureStderr(); }
  ~Ends() override { log_text(); }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  Ends(Ends&&) = delete;
  Ends& operator=(Ends&&) = delete;

  // All that was logged; the last call of a test.
  std::string log_text() {
    return std::exchange(captured_, false)
               ? ::testing::internal::GetCapturedStderr()
               : "";
  }

  [[nodiscard]] std::string path(std::string_view name = "ends.json") const {
    return (folder_.path() / name).string();
  }

  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  [[nodiscard]] std::vector<SessionEnd> on_disk(
      std::string_view name = "ends.json") const {
    const auto stored = read_stored_ends(HostRoot::live(), path(name));
    EXPECT_TRUE(stored.ok());
    return stored.ok() ? stored->ends : std::vector<SessionEnd>();
  }

  testing::TemporaryDirectory folder_;
  bool captured_ = true;
  Log log_;
};

TEST_F(Ends, OutliveTheProgram) {
  const PathIdles paths = {
      {"host",
       {.longest_survived = std::chrono::duration<double>(100),
        .shortest_lost = {}}}};
  {
    EndStore store({.file = path()}, log_);
    EXPECT_TRUE(store.stored().ends.empty());
    store.add(example_end(1));
    store.add(example_end(2));
    store.set_paths(paths);
    store.save();
  }
  const EndStore store({.file = path()}, log_);
  EXPECT_EQ(store.stored().ends,
            (std::vector<SessionEnd>{example_end(1), example_end(2)}));
  EXPECT_EQ(store.paths(), paths);
  EXPECT_EQ(log_text(), "");
}

TEST_F(Ends, OldestGo) {
  EndStore store({.file = path(), .keep = 3}, log_);
  for (int second = 0; second < 10; ++second) {
    store.add(example_end(second));
  }
  EXPECT_EQ(store.stored().ends,
            (std::vector<SessionEnd>{example_end(7), example_end(8),
                                     example_end(9)}));
  store.save();
  const EndStore fewer({.file = path(), .keep = 1}, log_);
  EXPECT_EQ(fewer.stored().ends, std::vector<SessionEnd>{example_end(9)});
}

TEST_F(Ends, WritesOnlyWhatHasChanged) {
  EndStore store({.file = path()}, log_);
  store.save();
  EXPECT_TRUE(on_disk().empty()) << "a beginning is a change";
  std::filesystem::remove(path());
  store.save();
  store.set_paths({});
  store.save();
  EXPECT_FALSE(std::filesystem::exists(path()));
  store.add(example_end());
  store.save();
  EXPECT_TRUE(std::filesystem::exists(path()));
  EndStore again({.file = path()}, log_);
  std::filesystem::remove(path());
  again.save();
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(Ends, OnlyTheOwnerReadsThem) {
  EndStore store({.file = path("folder/ends.json")}, log_);
  store.save();
  struct stat status {};
  ASSERT_EQ(::stat(path("folder/ends.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  ASSERT_EQ(::stat(path("folder").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
  EXPECT_FALSE(std::filesystem::exists(path("folder/ends.json.tmp")));
}

TEST_F(Ends, OnlyTheLastFolderIsMade) {
  EndStore store({.file = path("a/b/ends.json")}, log_);
  store.save();
  EXPECT_FALSE(std::filesystem::exists(path("a")));
  EXPECT_EQ(count_of(log_text(), "level=warn"), 1U);
}

TEST_F(Ends, BrokenFileIsToldOnceAndReplaced) {
  for (const std::string_view broken :
       {"", "nonsense", R"({"version":1,"ends":[{}]})",
        R"({"version":7,"ends":[]})"}) {
    folder_.write("ends.json", broken);
    EndStore store({.file = path()}, log_);
    EXPECT_TRUE(store.stored().ends.empty());
    store.save();
    EXPECT_TRUE(on_disk().empty());
  }
  const std::string text = log_text();
  EXPECT_EQ(count_of(text, "level=warn"), 4U) << text;
  EXPECT_EQ(count_of(text, "file=" + path()), 4U) << text;
}

TEST_F(Ends, FileThatIsTooLarge) {
  folder_.write("ends.json", "");
  std::filesystem::resize_file(path(), kMaxStateFileBytes + 1);
  EndStore store({.file = path()}, log_);
  EXPECT_TRUE(store.stored().ends.empty());
  EXPECT_EQ(read_stored_ends(HostRoot::live(), path()).error().kind,
            ErrorKind::kInvalid);
  EXPECT_NE(log_text().find("larger than 16777216 bytes"), std::string::npos);
}

TEST_F(Ends, WritesNoMoreThanItReads) {
  EndStore store({.file = path()}, log_);
  SessionEnd end = example_end();
  end.user = std::string(std::size_t{1} << 20, 'x');
  for (int second = 0; second < 40; ++second) {
    store.add(end);
  }
  store.save();
  EXPECT_LE(std::filesystem::file_size(path()), kMaxStateFileBytes);
  EXPECT_FALSE(on_disk().empty());
}

TEST_F(Ends, FileThatMayNotBeRead) {
  folder_.write("ends.json", "{}");
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs another user";
  }
  {
    const AsNobody nobody;  // the folder is its owner's alone
    const EndStore store({.file = path()}, log_);
    EXPECT_TRUE(store.stored().ends.empty());
    EXPECT_EQ(read_stored_ends(HostRoot::live(), path()).error().kind,
              ErrorKind::kDenied);
  }
  EXPECT_EQ(count_of(log_text(), "Permission denied"), 1U);
}

TEST_F(Ends, WhatIsNoFileIsLeftAlone) {
  std::filesystem::create_directory(path());
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& other : {path(), path("fifo")}) {
    EndStore store({.file = other}, log_);
    store.add(example_end());
    store.save();
    EXPECT_FALSE(std::filesystem::is_regular_file(other));
  }
  EXPECT_EQ(count_of(log_text(), "not a regular file"), 4U);
}

TEST_F(Ends, FullDiskLeavesTheOldFileWhole) {
  EndStore store({.file = path()}, log_);
  for (int second = 0; second < 20; ++second) {
    store.add(example_end(second));
  }
  store.save();
  const std::string before = bytes();
  store.add(example_end(20));
  {
    const FullDisk full(before.size());
    store.save();
    store.save();
    EXPECT_EQ(bytes(), before);
    EXPECT_FALSE(std::filesystem::exists(path("ends.json.tmp")));
  }
  store.save();
  store.save();
  EXPECT_EQ(on_disk().size(), 21U);
  const std::string text = log_text();
  EXPECT_EQ(count_of(text, "level=warn"), 1U) << text;
  EXPECT_EQ(count_of(text, "level=info"), 1U) << text;
}

TEST_F(Ends, FolderThatMayNotBeWritten) {
  EndStore store({.file = "/proc/self/ends.json"}, log_);
  store.add(example_end());
  store.save();
  store.save();
  EXPECT_EQ(store.stored().ends.size(), 1U);
  EXPECT_EQ(count_of(log_text(), "level=warn"), 1U);
}

TEST_F(Ends, LeftOversOfAKilledRunDoNotMatter) {
  folder_.write("ends.json.tmp", std::string(100'000, 'x'));
  EndStore store({.file = path()}, log_);
  store.add(example_end());
  store.save();
  EXPECT_EQ(on_disk().size(), 1U);
}

TEST_F(Ends, NothingOnDiskWhereNoneIsWanted) {
  EndStore store({.file = ""}, log_);
  store.add(example_end());
  store.save();
  EXPECT_EQ(store.stored().ends.size(), 1U);
  EXPECT_EQ(log_text(), "");
}

TEST_F(Ends, AnotherFileGetsWhatBothHold) {
  EndStore other({.file = path("other.json")}, log_);
  other.add(example_end(1));
  other.add(example_end(3));
  other.save();
  EndStore store({.file = path()}, log_);
  store.add(example_end(2));
  store.save();
  store.configure({.file = path("other.json")});
  const std::vector<SessionEnd> all = {example_end(1), example_end(2),
                                       example_end(3)};
  EXPECT_EQ(store.stored().ends, all);
  store.save();
  EXPECT_EQ(on_disk("other.json"), all);
  EXPECT_EQ(on_disk().size(), 1U);
  store.configure({.file = path()});
  store.configure({.file = path("other.json")});
  EXPECT_EQ(store.stored().ends, all) << "nothing twice";
}

TEST_F(Ends, FewerAreKeptFromThenOn) {
  EndStore store({.file = path(), .keep = 3}, log_);
  for (int second = 0; second < 3; ++second) {
    store.add(example_end(second));
  }
  store.save();
  store.configure({.file = path(), .keep = 2});
  EXPECT_EQ(store.stored().ends.size(), 2U);
  store.save();
  EXPECT_EQ(on_disk().size(), 2U);
}

TEST_F(Ends, ManyThreads) {
  EndStore store({.file = path(), .keep = 50}, log_);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&store, this, thread] {
      for (int i = 0; i < 25; ++i) {
        store.add(example_end(thread));
        store.save();
        store.configure({.file = path(i % 2 == 0 ? "ends.json" : "other.json"),
                         .keep = 50});
        static_cast<void>(store.paths());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  store.save();
  EXPECT_LE(store.stored().ends.size(), 50U);
  EXPECT_EQ(log_text(), "");
}

}  // namespace
}  // namespace ssh_keepalive
