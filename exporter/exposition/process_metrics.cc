#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "exporter/exposition/families.h"

namespace ssh_keepalive {
namespace {

// Fields of /proc/PID/stat behind the command's name, see proc(5): `utime` is
// the 14th of the line, which is the 12th behind the name.
constexpr std::size_t kUserTicks = 11;
constexpr std::size_t kSystemTicks = 12;
constexpr std::size_t kStartTicks = 19;
constexpr std::size_t kVirtualBytes = 20;
constexpr std::size_t kResidentPages = 21;

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

// Seconds since 1970 at which the machine started: `btime` of /proc/stat. Read
// once, because the kernel makes that file at some cost on large machines.
std::optional<double> read_boot_time() {
  constexpr std::size_t kMaxStatBytes = std::size_t{16} << 20;
  constexpr std::string_view kKey = "\nbtime ";
  const Result<File> stat =
      read_file(HostRoot::live(), "/proc/stat", kMaxStatBytes);
  if (!stat.ok()) {
    return std::nullopt;
  }
  const std::string_view text = stat->bytes;
  const std::size_t at = text.find(kKey);
  if (at == text.npos) {
    return std::nullopt;
  }
  const std::string_view rest = text.substr(at + kKey.size());
  return parse_integer<std::int64_t>(rest.substr(0, rest.find('\n')));
}

std::optional<double> open_file_descriptors() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    ++count;
  }
  if (error || count < 1) {
    return std::nullopt;
  }
  return count - 1;  // not the one that reads the directory
}

void append_process_metric(Families& families, std::string_view name,
                           std::string_view help, prometheus::MetricType type,
                           std::optional<double> value) {
  if (!value) {
    return;
  }
  prometheus::ClientMetric metric;
  metric.gauge.value = *value;
  metric.counter.value = *value;  // the serializer takes the one of `type`
  prometheus::MetricFamily family;
  family.name = "process_";
  family.name += name;
  family.help = help;
  family.type = type;
  family.metric.push_back(std::move(metric));
  families.push_back(std::move(family));
}

}  // namespace

void append_process_metrics(Families& families) {
  using prometheus::MetricType;
  const Result<File> stat = read_file(HostRoot::live(), "/proc/self/stat");
  const std::string_view line = stat.ok() ? stat->bytes : std::string_view();
  const std::size_t name_end = line.rfind(')');
  const std::vector<std::string_view> fields =
      name_end == line.npos ? std::vector<std::string_view>()
                            : split_words(line.substr(name_end + 1));
  const auto field = [&](std::size_t place) -> std::optional<double> {
    if (place >= fields.size()) {
      return std::nullopt;
    }
    return parse_integer<std::uint64_t>(fields.at(place));
  };
  const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page_bytes = static_cast<double>(::sysconf(_SC_PAGESIZE));

  const auto user = field(kUserTicks);
  const auto system = field(kSystemTicks);
  append_process_metric(
      families, "cpu_seconds_total",
      "Total user and system CPU time spent in seconds.", MetricType::Counter,
      user && system ? std::optional((*user + *system) / ticks_per_second)
                     : std::nullopt);
  const auto started = field(kStartTicks);
  static const std::optional<double> booted = read_boot_time();
  append_process_metric(
      families, "start_time_seconds",
      "Start time of the process since unix epoch in seconds.",
      MetricType::Gauge,
      started && booted ? std::optional(*booted + *started / ticks_per_second)
                        : std::nullopt);
  append_process_metric(families, "virtual_memory_bytes",
                        "Virtual memory size in bytes.", MetricType::Gauge,
                        field(kVirtualBytes));
  const auto resident = field(kResidentPages);
  append_process_metric(
      families, "resident_memory_bytes", "Resident memory size in bytes.",
      MetricType::Gauge,
      resident ? std::optional(*resident * page_bytes) : std::nullopt);
  append_process_metric(families, "open_fds",
                        "Number of open file descriptors.", MetricType::Gauge,
                        open_file_descriptors());
  struct rlimit limit {};
  const bool limited = ::getrlimit(RLIMIT_NOFILE, &limit) == 0;
  append_process_metric(
      families, "max_fds", "Maximum number of open file descriptors.",
      MetricType::Gauge,
      limited ? std::optional(static_cast<double>(limit.rlim_cur))
              : std::nullopt);
}

}  // namespace ssh_keepalive
