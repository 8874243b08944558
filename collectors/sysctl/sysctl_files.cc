#include "collectors/sysctl/sysctl_files.h"

#include <array>
#include <limits>
#include <list>
#include <map>
#include <utility>

#include "collectors/sysctl/sysctl_assignments.h"
#include "collectors/sysctl/sysctl_d.h"

namespace ssh_keepalive::sysctl {
namespace {

// The kernel counts these times in ticks of an int: at least 100 a second.
constexpr std::int64_t kMaxInt = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMaxSeconds = kMaxInt / 100;

struct Row {
  std::string_view name;
  std::string_view path;  // below /proc/sys
  std::optional<std::int64_t> Facts::*live;
  std::int64_t lowest_value;
  std::int64_t highest_value;
};

// Ranges: net/ipv4/sysctl_net_ipv4.c and nf_conntrack_standalone.c. The two
// counts are bytes since Linux 5.13.
constexpr std::array kRows = {
    Row{"net.ipv4.tcp_keepalive_time", "net/ipv4/tcp_keepalive_time",
        &Facts::keepalive_time_seconds, -kMaxSeconds, kMaxSeconds},
    Row{"net.ipv4.tcp_keepalive_intvl", "net/ipv4/tcp_keepalive_intvl",
        &Facts::keepalive_intvl_seconds, -kMaxSeconds, kMaxSeconds},
    Row{"net.ipv4.tcp_keepalive_probes", "net/ipv4/tcp_keepalive_probes",
        &Facts::keepalive_probes, 0, 255},
    Row{"net.ipv4.tcp_retries2", "net/ipv4/tcp_retries2", &Facts::retries2, 0,
        255},
    Row{"net.ipv4.tcp_rto_min_us", "net/ipv4/tcp_rto_min_us",
        &Facts::rto_min_microseconds, 1, kMaxInt},
    Row{"net.ipv4.tcp_rto_max_ms", "net/ipv4/tcp_rto_max_ms",
        &Facts::rto_max_milliseconds, 1000, 120'000},
    Row{"net.netfilter.nf_conntrack_tcp_timeout_established",
        "net/netfilter/nf_conntrack_tcp_timeout_established",
        &Facts::conntrack_established_seconds, -kMaxSeconds, kMaxSeconds},
};

// A key as systemd-sysctl remembers it: the last of equal lines, at the place
// of the first.
struct Entry {
  const Step* step = nullptr;
  std::vector<FileLine> earlier;  // assignments with the same key
};

// All lines that name one setting. A key that gets another value moves to the
// end; order matters between globs only.
class Entries {
 public:
  void add(const Step& step) {
    const auto known = by_key_.find(step.key);
    if (known == by_key_.end()) {
      by_key_.emplace(step.key, entries_.insert(entries_.end(), {&step, {}}));
      return;
    }
    const auto entry = known->second;
    if (entry->step->value) {
      entry->earlier.push_back(entry->step->at);
    }
    if (entry->step->value != step.value) {
      entries_.splice(entries_.end(), entries_, entry);
    }
    entry->step = &step;
  }

  // The one that decides: the path itself before any glob; among globs the
  // last one whose value the kernel takes. It may be an exclusion.
  [[nodiscard]] const Step* deciding(const FileSetting& setting,
                                     std::string_view path) const {
    if (const auto exact = by_key_.find(std::string(path));
        exact != by_key_.end()) {
      return exact->second->step;
    }
    const Step* decided = nullptr;
    for (const Entry& entry : entries_) {
      if (!entry.step->value) {
        continue;
      }
      FileSetting tried = setting;
      tried.value = kernel_number(*entry.step->value);
      if (decided == nullptr || tried.accepted()) {
        decided = entry.step;
      }
    }
    return decided;
  }

  void add_shadowed(const Step* decided,
                    std::vector<ShadowedLine>& shadowed) const {
    for (const Entry& entry : entries_) {
      for (const FileLine& line : entry.earlier) {
        shadowed.push_back({.at = line, .by = entry.step->at});
      }
      if (entry.step->value && decided != nullptr && entry.step != decided) {
        shadowed.push_back({.at = entry.step->at, .by = decided->at});
      }
    }
  }

 private:
  std::list<Entry> entries_;
  std::map<std::string, std::list<Entry>::iterator> by_key_;
};

FileSetting evaluate(const Row& row, const SysctlD& files) {
  FileSetting setting{.name = row.name,
                      .live = row.live,
                      .lowest_value = row.lowest_value,
                      .highest_value = row.highest_value,
                      .known = !files.incomplete};
  Entries entries;
  for (const Step& step : files.acting) {
    if (step.unknown) {
      setting.known = false;
    } else if (step.names(row.path)) {
      entries.add(step);
      // Whatever the unknown lines say, the path itself named later decides.
      setting.known =
          setting.known || (!files.incomplete && !is_glob(step.key));
    }
  }
  if (setting.known) {
    const Step* const decided = entries.deciding(setting, row.path);
    entries.add_shadowed(decided, setting.shadowed);
    if (decided != nullptr && decided->value) {
      setting.source = decided->at;
      setting.value = kernel_number(*decided->value);
    }
  }
  for (const ReplacedStep& replaced : files.replaced) {
    if (replaced.step.value && replaced.step.names(row.path)) {
      setting.shadowed.push_back(
          {.at = replaced.step.at, .by = {.file = replaced.by}});
    }
  }
  for (const Step& step : files.not_read) {
    if (step.value && step.names(row.path)) {
      setting.not_read.push_back(step.at);
    }
  }
  return setting;
}

}  // namespace

std::vector<Error> collect_files(const HostRoot& root, FileFacts& facts) {
  std::vector<std::string> paths;
  paths.reserve(kRows.size());
  for (const Row& row : kRows) {
    paths.emplace_back(row.path);
  }
  SysctlD files = read_sysctl_d(root, paths);
  for (const Row& row : kRows) {
    facts.settings.push_back(evaluate(row, files));
  }
  facts.sysctl_conf_link = std::move(files.sysctl_conf_link);
  return std::move(files.errors);
}

}  // namespace ssh_keepalive::sysctl
