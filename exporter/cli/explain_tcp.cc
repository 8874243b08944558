#include "exporter/cli/explain_tcp.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

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

void print_json(const sysctl::Facts& facts,
                const diagnosis::TcpLifetime& lifetime, std::ostream& out) {
  nlohmann::ordered_json keywords = nlohmann::ordered_json::array();
  for (const Row& row : kRows) {
    if (const auto& value = facts.*row.value) {
      keywords.push_back({{"keyword", row.keyword},
                          {"value", *value},
                          {"unit", row.unit},
                          {"source", nullptr},
                          {"default", *value == row.kernel_default},
                          {"note", ""}});
    }
  }
  const nlohmann::ordered_json document = {
      {"version", 1},
      {"openssh_version", nullptr},
      {"keywords", keywords},
      {"shadowed", nlohmann::ordered_json::array()},
      {"undecided", nlohmann::ordered_json::array()},
      {"notes", nlohmann::ordered_json::array()},
      {"timeline",
       {{"refresh_interval", time_json(lifetime.refresh_interval)},
        {"dead_peer_time", time_json(lifetime.dead_peer_time)},
        {"retransmission_limit", time_json(lifetime.retransmission_limit)}}},
  };
  out << document.dump(2) << '\n';
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

void print_text(const sysctl::Facts& facts,
                const diagnosis::TcpLifetime& lifetime, std::ostream& out) {
  out << "Kernel settings\n";
  for (const Row& row : kRows) {
    const auto& value = facts.*row.value;
    out << fmt::format(
        "  {:<53} {}", row.keyword,
        value ? fmt::format("{} {}", *value, row.unit) : "not there");
    out << (value && *value == row.kernel_default ? "  (the kernel's default)\n"
                                                  : "\n");
  }
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
  if (format == OutputFormat::kJson) {
    print_json(facts, lifetime, out);
  } else {
    print_text(facts, lifetime, out);
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
