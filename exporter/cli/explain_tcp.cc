#include "exporter/cli/explain_tcp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/sysctl/sysctl.h"
#include "collectors/sysctl/sysctl_files.h"
#include "diagnosis/tcp_lifetime.h"
#include "diagnosis/texts.h"
#include "exporter/cli/kernel_settings.h"
#include "exporter/report/duration_text.h"

namespace ssh_keepalive {
namespace {

using diagnosis::place_text;
using diagnosis::plain_text;

// The contract's shape of a time: unknown is not never, never is not a number.
nlohmann::ordered_json time_json(
    const std::optional<diagnosis::Seconds>& time) {
  if (!time) {
    return {{"kind", "unknown"}};
  }
  if (std::isinf(time->count())) {
    return {{"kind", "never"}};
  }
  return {{"kind", "known"},
          {"earliest_seconds", time->count()},
          {"latest_seconds", time->count()}};
}

nlohmann::ordered_json place_json(const FileLine& line) {
  return {{"file", line.file}, {"line", line.line}};
}

template <typename T>
nlohmann::ordered_json value_json(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value)
               : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json keyword_json(const KernelSetting& row) {
  const sysctl::FileSetting& setting = row.files;
  return {{"keyword", setting.name},
          {"value", value_json(row.value)},
          {"unit", row.unit},
          {"source", setting.source ? place_json(*setting.source)
                                    : nlohmann::ordered_json(nullptr)},
          {"default", row.is_default()},
          {"note", row.note},
          {"file_value", value_json(setting.value)}};
}

void print_json(const std::vector<KernelSetting>& rows,
                const diagnosis::TcpLifetime& lifetime, std::ostream& out) {
  nlohmann::ordered_json keywords = nlohmann::ordered_json::array();
  nlohmann::ordered_json shadowed = nlohmann::ordered_json::array();
  for (const KernelSetting& row : rows) {
    if (row.value || row.files.source) {
      keywords.push_back(keyword_json(row));
    }
    for (const sysctl::ShadowedLine& line : row.files.shadowed) {
      shadowed.push_back({{"file", line.at.file},
                          {"line", line.at.line},
                          {"text_keyword", row.files.name},
                          {"by", place_json(line.by)}});
    }
  }
  const nlohmann::ordered_json document = {
      {"version", 1},
      {"openssh_version", nullptr},
      {"keywords", keywords},
      {"shadowed", shadowed},
      {"undecided", nlohmann::ordered_json::array()},
      {"notes", nlohmann::ordered_json::array()},
      {"timeline",
       {{"refresh_interval", time_json(lifetime.refresh_interval)},
        {"dead_peer_time", time_json(lifetime.dead_peer_time)},
        {"retransmission_limit", time_json(lifetime.retransmission_limit)}}},
  };
  out << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
      << '\n';
}

std::string time_text(const std::optional<diagnosis::Seconds>& time) {
  return time ? duration_text(time->count()) : "unknown";
}

std::string keepalive_timeline(const sysctl::Facts& facts,
                               const diagnosis::TcpLifetime& lifetime) {
  if (!lifetime.dead_peer_time) {
    return "  Keepalive: unknown, because not all of its settings could be "
           "read.\n";
  }
  if (*facts.keepalive_probes <= 0) {
    return fmt::format(
        "  Keepalive never probes: with tcp_keepalive_probes 0 every idle\n"
        "  connection is reset after {}, however healthy its peer is.\n",
        time_text(lifetime.dead_peer_time));
  }
  if (std::isinf(lifetime.refresh_interval->count())) {
    return "  Keepalive never acts: a negative time arms its timer months "
           "ahead.\n";
  }
  return fmt::format(
      "  Peer healthy  a probe crosses the path after at most {} of silence;\n"
      "                no idle connection is ever ended.\n"
      "  Peer gone     first probe after {}, then every {}; {} unanswered\n"
      "                probes end the connection after {}.\n",
      time_text(lifetime.refresh_interval),
      duration_text(static_cast<double>(*facts.keepalive_time_seconds)),
      duration_text(static_cast<double>(*facts.keepalive_intvl_seconds)),
      *facts.keepalive_probes, time_text(lifetime.dead_peer_time));
}

std::string source_text(const KernelSetting& row) {
  if (row.files.source) {
    return place_text(*row.files.source);
  }
  if (!row.files.known) {
    return "unknown";
  }
  return row.is_default() ? "the kernel's default" : "no file";
}

void print_settings(const std::vector<KernelSetting>& rows, std::ostream& out) {
  out << "Kernel settings, and what sets them at boot\n";
  for (const KernelSetting& row : rows) {
    if (!row.value && !row.files.source) {
      out << fmt::format("  {:<52}  not there\n", row.files.name);
      continue;
    }
    out << fmt::format(
        "  {:<52}  {:<19}  {}\n", row.files.name,
        row.value ? amount_text(*row.value, row.unit) : "not there",
        source_text(row));
    if (!row.note.empty()) {
      out << fmt::format("  {:<52}  ! {}\n", "", row.note);
    }
  }
  std::string_view heading = "\nLines that never act\n";
  for (const KernelSetting& row : rows) {
    for (const sysctl::ShadowedLine& line : row.files.shadowed) {
      out << std::exchange(heading, "")
          << fmt::format("  {}  {}  because of {}\n", place_text(line.at),
                         row.files.name, place_text(line.by));
    }
  }
}

void print_text(const std::vector<KernelSetting>& rows,
                const sysctl::Facts& facts,
                const diagnosis::TcpLifetime& lifetime, std::ostream& out) {
  print_settings(rows, out);
  out << "\nAn idle connection with SO_KEEPALIVE (OpenSSH: TCPKeepAlive yes)\n"
      << keepalive_timeline(facts, lifetime)
      << "\nA connection with unacknowledged data (keepalive then rests)\n"
      << fmt::format(
             "  Peer gone     sent again until {} after the first "
             "retransmission, and\n"
             "                up to one more timeout: then the connection "
             "ends.\n",
             time_text(lifetime.retransmission_limit));
}

}  // namespace

ExitCode explain_tcp(const HostRoot& root, OutputFormat format,
                     std::ostream& out, std::ostream& err) {
  sysctl::Facts facts;
  sysctl::FileFacts files;
  std::vector<Error> errors = sysctl::collect(root, facts);
  std::ranges::move(sysctl::collect_files(root, files),
                    std::back_inserter(errors));
  const diagnosis::TcpLifetime lifetime = diagnosis::tcp_lifetime(facts);
  const std::vector<KernelSetting> rows = kernel_settings(facts, files);
  if (format == OutputFormat::kJson) {
    print_json(rows, lifetime, out);
  } else {
    print_text(rows, facts, lifetime, out);
  }
  ExitCode code = ExitCode::kOk;
  for (const Error& error : errors) {
    err << "ssh_keepalive_exporter: " << plain_text(error.message()) << '\n';
    code = error.kind == ErrorKind::kDenied ? ExitCode::kDenied
                                            : ExitCode::kFailed;
  }
  return code;
}

}  // namespace ssh_keepalive
