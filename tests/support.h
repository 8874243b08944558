// A scratch directory that goes with its test, and other common things.
#ifndef SSH_KEEPALIVE_TESTS_SUPPORT_H_
#define SSH_KEEPALIVE_TESTS_SUPPORT_H_

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ssh_keepalive::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name =
        (std::filesystem::temp_directory_path() / "ssh_keepalive_XXXXXX")
            .string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("mkdtemp failed");
    }
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  TemporaryDirectory(TemporaryDirectory&&) = delete;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Writes a file, and the folders above it. `name` is relative or absolute:
  // both mean inside this directory.
  void write(std::string_view name, std::string_view content) const {
    const std::filesystem::path file =
        path_ / std::filesystem::path(name).relative_path();
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }

 private:
  std::filesystem::path path_;
};

// Root may read everything: what is denied, is denied to somebody else. Without
// root this process is somebody else already.
class AsNobody {
 public:
  AsNobody() {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && ::seteuid(kNobody) != 0) {
      throw std::runtime_error("seteuid failed");
    }
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  AsNobody(AsNobody&&) = delete;
  AsNobody& operator=(AsNobody&&) = delete;
  ~AsNobody() {
    if (::seteuid(::getuid()) != 0) {
      std::abort();
    }
  }
};

// How often the part is in the text.
inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// Of this repository.
std::string source_directory();

inline std::string fixture_host(std::string_view scenario) {
  return source_directory() + "/tests/fixtures/hosts/" + std::string(scenario);
}

}  // namespace ssh_keepalive::testing

#endif  // SSH_KEEPALIVE_TESTS_SUPPORT_H_
