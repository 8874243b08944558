#include "exporter/private_token.h"

#include <algorithm>
#include <string>
#include <utility>

#include "collectors/base/file.h"
#include "collectors/base/host_root.h"

namespace ssh_keepalive {
namespace {

constexpr std::size_t kShortest = 16;
constexpr std::size_t kLongest = 1024;

bool is_token(const std::string& text) {
  return text.size() >= kShortest && text.size() <= kLongest &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

Result<void> read_private_token(Settings& settings) {
  const std::string& name = settings.web.private_token_file;
  settings.web.private_token.clear();
  if (name.empty()) {
    return {};
  }
  const Result<HostRoot> root = HostRoot::open("/");
  if (!root.ok()) {
    return root.error();
  }
  Result<File> file = read_file(*root, name, kLongest + 2);
  if (!file.ok()) {
    return file.error();
  }
  std::string token = std::move(file->bytes);
  if (token.ends_with('\n')) {
    token.pop_back();
  }
  if (!is_token(token)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .attempted = "read the token in",
                 .subject = name,
                 .reason =
                     "expected one line of 16 to 1024 printable "
                     "characters without spaces"};
  }
  settings.web.private_token = std::move(token);
  return {};
}

}  // namespace ssh_keepalive
