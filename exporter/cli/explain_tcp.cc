#include "exporter/cli/explain_tcp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/sysctl/boot_files.h"
#include "collectors/sysctl/sysctl.h"
#include "diagnosis/tcp_lifetime.h"
#include "exporter/cli/duration_text.h"

namespace ssh_keepalive {
namespace {

struct Row {
  std::string_view keyword;
  std::string_view unit;  // empty: a plain count
  std::optional<std::int64_t> sysctl::Facts::*value;
  std::int64_t kernel_default;
};

constexpr std::array kRows = {
    Row{"net.ipv4.tcp_keepalive_time", "seconds",
        &sysctl::Facts::keepalive_time_seconds, 7200},
    Row{"net.ipv4.tcp_keepalive_intvl", "seconds",
        &sysctl::Facts::keepalive_intvl_seconds, 75},
    Row{"net.ipv4.tcp_keepalive_probes", "", &sysctl::Facts::keepalive_probes,
        9},
    Row{"net.ipv4.tcp_retries2", "", &sysctl::Facts::retries2, 15},
    Row{"net.ipv4.tcp_rto_min_us", "microseconds",
        &sysctl::Facts::rto_min_microseconds, 200'000},
    Row{"net.ipv4.tcp_rto_max_ms", "milliseconds",
        &sysctl::Facts::rto_max_milliseconds, 120'000},
    Row{"net.netfilter.nf_conntrack_tcp_timeout_established", "seconds",
        &sysctl::Facts::conntrack_established_seconds, 432'000},
};

// Where a value comes from.
struct Origin {
  sysctl::BootSetting boot;
  std::string note;  // for people; empty where all is as it should be
};

std::string place_text(const sysctl::Place& place) {
  return fmt::format("{}:{}", place.file, place.line);
}

std::string note_on(const Row& row, std::int64_t live,
                    const sysctl::BootSetting& boot) {
  if (boot.place && !boot.value) {
    return "the kernel refuses what " + place_text(*boot.place) + " says";
  }
  if (boot.place && *boot.value != live) {
    return fmt::format(
        "differs from {} = {} of {}, which acts at the next boot or by "
        "sysctl --system",
        row.keyword, *boot.value, place_text(*boot.place));
  }
  if (boot.place) {
    return "";
  }
  if (boot.not_read) {
    return fmt::format(
        "nothing reads {} at boot: it belongs into "
        "/etc/sysctl.d",
        place_text(*boot.not_read));
  }
  return live == row.kernel_default
             ? ""
             : "no file of sysctl.d sets it: it is lost at the next boot";
}

Origin origin_of(const Row& row, std::int64_t live,
                 const sysctl::BootFiles& files) {
  std::string key(row.keyword);
  std::replace(key.begin(), key.end(), '.', '/');
  Origin origin{.boot = sysctl::boot_setting(files, key)};
  origin.note = note_on(row, live, origin.boot);
  return origin;
}

nlohmann::ordered_json place_json(const sysctl::Place& place) {
  return {{"file", place.file}, {"line", place.line}};
}

nlohmann::ordered_json place_json(const std::optional<sysctl::Place>& place) {
  return place ? place_json(*place) : nlohmann::ordered_json(nullptr);
}

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

void print_json(const sysctl::Facts& facts, const sysctl::BootFiles& files,
                const diagnosis::TcpLifetime& lifetime, std::ostream& out) {
  nlohmann::ordered_json keywords = nlohmann::ordered_json::array();
  nlohmann::ordered_json shadowed = nlohmann::ordered_json::array();
  for (const Row& row : kRows) {
    const auto& value = facts.*row.value;
    if (!value) {
      continue;
    }
    const Origin origin = origin_of(row, *value, files);
    keywords.push_back(
        {{"keyword", row.keyword},
         {"value", *value},
         {"unit", row.unit},
         {"source", place_json(origin.boot.place)},
         {"default", !origin.boot.place && *value == row.kernel_default},
         {"note", origin.note}});
    for (const sysctl::Place& place : origin.boot.shadowed) {
      shadowed.push_back({{"file", place.file},
                          {"line", place.line},
                          {"text_keyword", row.keyword},
                          {"by", place_json(origin.boot.place)}});
    }
  }
  nlohmann::ordered_json notes = nlohmann::ordered_json::array();
  for (const Error& error : files.errors) {
    notes.push_back(error.message() + ": what it sets is unknown");
  }
  const nlohmann::ordered_json document = {
      {"version", 1},
      {"openssh_version", nullptr},
      {"keywords", keywords},
      {"shadowed", shadowed},
      {"undecided", nlohmann::ordered_json::array()},
      {"notes", notes},
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

void print_settings(const sysctl::Facts& facts, const sysctl::BootFiles& files,
                    std::ostream& out) {
  out << "Kernel settings\n";
  std::string never_act;
  for (const Row& row : kRows) {
    const auto& value = facts.*row.value;
    if (!value) {
      out << fmt::format("  {:<53} not there\n", row.keyword);
      continue;
    }
    const Origin origin = origin_of(row, *value, files);
    const std::string where = origin.boot.place ? place_text(*origin.boot.place)
                              : *value == row.kernel_default
                                  ? "the kernel's default"
                                  : "";
    out << fmt::format("  {:<53} {:<20} {}", row.keyword,
                       fmt::format("{} {}", *value, row.unit), where);
    out << '\n';
    if (!origin.note.empty()) {
      out << fmt::format("  {:<53} ! {}\n", "", origin.note);
    }
    for (const sysctl::Place& place : origin.boot.shadowed) {
      never_act += fmt::format(
          "  {}  {}  because of {}\n", place_text(place), row.keyword,
          origin.boot.place ? place_text(*origin.boot.place)
                            : "a line that excludes it");
    }
  }
  if (!never_act.empty()) {
    out << "\nLines that never act\n" << never_act;
  }
  for (const Error& error : files.errors) {
    out << "\n" << error.message() << ": what it sets is unknown\n";
  }
}

void print_text(const sysctl::Facts& facts, const sysctl::BootFiles& files,
                const diagnosis::TcpLifetime& lifetime, std::ostream& out) {
  print_settings(facts, files, out);
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
  const std::vector<Error> errors = sysctl::collect(root, facts);
  const diagnosis::TcpLifetime lifetime = diagnosis::tcp_lifetime(facts);
  const sysctl::BootFiles files = sysctl::read_boot_files(root);
  if (format == OutputFormat::kJson) {
    print_json(facts, files, lifetime, out);
  } else {
    print_text(facts, files, lifetime, out);
  }
  ExitCode code = ExitCode::kOk;
  for (const Error& error : errors) {
    err << "ssh_keepalive_exporter: " << error.message() << '\n';
    code = error.kind == ErrorKind::kDenied ? ExitCode::kDenied
                                            : ExitCode::kFailed;
  }
  return code;
}

}  // namespace ssh_keepalive
