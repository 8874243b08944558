#include "exporter/cli/kernel_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "diagnosis/boot_value.h"
#include "diagnosis/sysctl_defaults.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive {
namespace {

using diagnosis::BootValue;
using diagnosis::place_text;
using sysctl::FileFacts;
using sysctl::FileSetting;

struct KernelRow {
  std::optional<std::int64_t> sysctl::Facts::*value;
  std::string_view unit;  // empty: a plain count
};

constexpr std::array kKernelRows = {
    KernelRow{&sysctl::Facts::keepalive_time_seconds, "seconds"},
    KernelRow{&sysctl::Facts::keepalive_intvl_seconds, "seconds"},
    KernelRow{&sysctl::Facts::keepalive_probes, ""},
    KernelRow{&sysctl::Facts::retries2, ""},
    KernelRow{&sysctl::Facts::rto_min_microseconds, "microseconds"},
    KernelRow{&sysctl::Facts::rto_max_milliseconds, "milliseconds"},
    KernelRow{&sysctl::Facts::conntrack_established_seconds, "seconds"},
};

std::string refusal_text(const FileSetting& setting) {
  return setting.value
             ? fmt::format(
                   "the file says {}, which the kernel refuses: {} to "
                   "{}",
                   *setting.value, setting.lowest_value, setting.highest_value)
             : "the file says what the kernel refuses: no number";
}

// How the value now and the deciding line differ; empty: they do not.
std::string difference(const KernelSetting& row) {
  const FileSetting& setting = row.files;
  switch (diagnosis::boot_value(setting, row.value)) {
    case BootValue::kUnknown:
      return "which line sets it at boot is unknown: not all files could be "
             "read";
    case BootValue::kUnset:
      return "no file of sysctl.d sets it: it is lost at the next boot";
    case BootValue::kAbsent:
      return "the file sets it, but there is no such value now";
    case BootValue::kRefused:
      return refusal_text(setting);
    case BootValue::kOther:
      return fmt::format(
          "differs from the file, which says {}: {}",
          amount_text(*setting.value, row.unit),
          setting.name.starts_with("net.netfilter.")
              ? "nf_conntrack was loaded later, or one of the two was changed"
              : "one of the two was changed since it was applied");
    case BootValue::kSame:
      break;
  }
  return "";
}

std::string note_on(const KernelSetting& row, const FileFacts& files) {
  std::string note = difference(row);
  const auto add = [&note](const std::string& text) {
    note += (note.empty() ? "" : "; ") + text;
  };
  if (row.files.source && files.sysctl_conf_link &&
      row.files.source->file == *files.sysctl_conf_link) {
    add("that file is /etc/sysctl.conf, by a link");
  }
  if (!row.files.not_read.empty()) {
    add(place_text(row.files.not_read.back()) +
        " sets it too, but systemd-sysctl does not read that file");
  }
  return note;
}

}  // namespace

std::string amount_text(std::int64_t number, std::string_view unit) {
  return unit.empty() ? fmt::format("{}", number)
                      : fmt::format("{} {}", number, unit);
}

std::vector<KernelSetting> kernel_settings(const sysctl::Facts& facts,
                                           const FileFacts& files) {
  std::vector<KernelSetting> settings;
  for (const FileSetting& setting : files.settings) {
    const auto* const kernel =
        std::ranges::find(kKernelRows, setting.live, &KernelRow::value);
    KernelSetting shown{
        .files = setting,
        .value = facts.*setting.live,
        .unit = kernel->unit,
        .kernel_default = diagnosis::sysctl_default(setting.live).value(),
        .note = {}};
    shown.note = note_on(shown, files);
    settings.push_back(std::move(shown));
  }
  return settings;
}

}  // namespace ssh_keepalive
