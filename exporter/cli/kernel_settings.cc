#include "exporter/cli/kernel_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ssh_keepalive {
namespace {

using sysctl::FileFacts;
using sysctl::FileSetting;

struct KernelRow {
  std::optional<std::int64_t> sysctl::Facts::*value;
  std::string_view unit;  // empty: a plain count
  std::int64_t kernel_default;
};

constexpr std::array kKernelRows = {
    KernelRow{&sysctl::Facts::keepalive_time_seconds, "seconds", 7200},
    KernelRow{&sysctl::Facts::keepalive_intvl_seconds, "seconds", 75},
    KernelRow{&sysctl::Facts::keepalive_probes, "", 9},
    KernelRow{&sysctl::Facts::retries2, "", 15},
    KernelRow{&sysctl::Facts::rto_min_microseconds, "microseconds", 200'000},
    KernelRow{&sysctl::Facts::rto_max_milliseconds, "milliseconds", 120'000},
    KernelRow{&sysctl::Facts::conntrack_established_seconds, "seconds",
              432'000},
};

// How the value now and the deciding line differ; empty: they do not.
std::string difference(const KernelSetting& row) {
  const FileSetting& setting = row.files;
  if (!setting.known) {
    return "which line sets it at boot is unknown: not all files could be read";
  }
  if (!setting.source) {
    return !row.value || row.is_default()
               ? ""
               : "no file of sysctl.d sets it: it is lost at the next boot";
  }
  if (!row.value) {
    return "the file sets it, but there is no such value now";
  }
  if (setting.value == row.value) {
    return "";
  }
  if (!setting.value) {
    return "the file says what the kernel refuses: no number";
  }
  if (!setting.accepted()) {
    return fmt::format("the file says {}, which the kernel refuses: {} to {}",
                       *setting.value, setting.lowest_value,
                       setting.highest_value);
  }
  return fmt::format(
      "differs from the file, which says {}: {}",
      amount_text(*setting.value, row.unit),
      setting.name.starts_with("net.netfilter.")
          ? "nf_conntrack was loaded later, or one of the two was changed"
          : "one of the two was changed since it was applied");
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

std::string plain_text(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
      '?');
  return text;
}

std::string place_text(const FileLine& line) {
  const std::string file = plain_text(line.file);
  return line.line == 0 ? file : fmt::format("{}:{}", file, line.line);
}

std::vector<KernelSetting> kernel_settings(const sysctl::Facts& facts,
                                           const FileFacts& files) {
  std::vector<KernelSetting> settings;
  for (const FileSetting& setting : files.settings) {
    const auto* const kernel =
        std::ranges::find(kKernelRows, setting.live, &KernelRow::value);
    KernelSetting shown{.files = setting,
                        .value = facts.*setting.live,
                        .unit = kernel->unit,
                        .kernel_default = kernel->kernel_default,
                        .note = {}};
    shown.note = note_on(shown, files);
    settings.push_back(std::move(shown));
  }
  return settings;
}

}  // namespace ssh_keepalive
