#include "collectors/sysctl/sysctl.h"

#include <array>
#include <string>
#include <utility>

#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::sysctl {
namespace {

struct Setting {
  std::string_view path;
  std::optional<std::int64_t> Facts::*value;
  bool in_every_kernel;
};

constexpr std::array kSettings = {
    Setting{"/proc/sys/net/ipv4/tcp_keepalive_time",
            &Facts::keepalive_time_seconds, true},
    Setting{"/proc/sys/net/ipv4/tcp_keepalive_intvl",
            &Facts::keepalive_intvl_seconds, true},
    Setting{"/proc/sys/net/ipv4/tcp_keepalive_probes", &Facts::keepalive_probes,
            true},
    Setting{"/proc/sys/net/ipv4/tcp_retries2", &Facts::retries2, true},
    Setting{"/proc/sys/net/ipv4/tcp_rto_min_us", &Facts::rto_min_microseconds,
            false},
    Setting{"/proc/sys/net/ipv4/tcp_rto_max_ms", &Facts::rto_max_milliseconds,
            false},
    Setting{"/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established",
            &Facts::conntrack_established_seconds, false},
};

constexpr std::size_t kMaxSettingBytes = 4096;

}  // namespace

std::optional<std::int64_t> parse_value(std::string_view content) {
  if (content.ends_with('\n')) {
    content.remove_suffix(1);
  }
  return parse_integer<std::int64_t>(content);
}

std::vector<Error> collect(const HostRoot& root, Facts& facts) {
  std::vector<Error> errors;
  for (const Setting& setting : kSettings) {
    const Result<File> file = read_file(root, setting.path, kMaxSettingBytes);
    if (!file.ok()) {
      if (setting.in_every_kernel || file.error().kind != ErrorKind::kAbsent) {
        errors.push_back(file.error());
      }
      continue;
    }
    const std::optional<std::int64_t> value = parse_value(file->bytes);
    if (value) {
      facts.*setting.value = value;
    } else {
      errors.push_back({.kind = ErrorKind::kInvalid,
                        .attempted = "parse",
                        .subject = std::string(setting.path),
                        .reason = "not one whole number"});
    }
  }
  return errors;
}

}  // namespace ssh_keepalive::sysctl
