#include "fin_timeout.h"

#include <string>

#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::fin_timeout {
namespace {

constexpr std::string_view kPath = "/proc/sys/net/ipv4/tcp_fin_timeout";
constexpr std::size_t kMaxBytes = 4096;

}  // namespace

std::optional<std::int64_t> parse(std::string_view content) {
  if (content.ends_with('\n')) {
    content.remove_suffix(1);
  }
  return parse_integer<std::int64_t>(content);
}

std::vector<Error> collect(const HostRoot& root, Facts& facts) {
  const Result<File> file = read_file(root, kPath, kMaxBytes);
  if (!file.ok()) {
    return {file.error()};
  }
  facts.seconds = parse(file->bytes);
  if (!facts.seconds) {
    return {{.kind = ErrorKind::kInvalid,
             .attempted = "parse",
             .subject = std::string(kPath),
             .reason = "not a whole number"}};
  }
  return {};
}

}  // namespace ssh_keepalive::fin_timeout
