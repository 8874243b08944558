#include "diagnosis/what_if.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "collectors/base/number.h"
#include "collectors/openssh_syntax/values.h"
#include "collectors/sessions/armed_timer.h"
#include "collectors/sshd_config/keywords.h"

namespace ssh_keepalive::diagnosis {
namespace {

struct SysctlRow {
  std::string_view name;
  std::optional<std::int64_t> sysctl::Facts::*value;
};

constexpr std::array kSysctls = {
    SysctlRow{"net.ipv4.tcp_keepalive_time",
              &sysctl::Facts::keepalive_time_seconds},
    SysctlRow{"net.ipv4.tcp_keepalive_intvl",
              &sysctl::Facts::keepalive_intvl_seconds},
    SysctlRow{"net.ipv4.tcp_keepalive_probes",
              &sysctl::Facts::keepalive_probes},
    SysctlRow{"net.ipv4.tcp_retries2", &sysctl::Facts::retries2},
    SysctlRow{"net.ipv4.tcp_rto_min_us", &sysctl::Facts::rto_min_microseconds},
    SysctlRow{"net.ipv4.tcp_rto_max_ms", &sysctl::Facts::rto_max_milliseconds},
    SysctlRow{"net.netfilter.nf_conntrack_tcp_timeout_established",
              &sysctl::Facts::conntrack_established_seconds}};

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](char c) {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return low;
}

// KEYWORD and the one argument behind it, or behind `=`.
std::pair<std::string, std::string> split(std::string_view line) {
  constexpr std::string_view kBetween = " \t=";
  const std::size_t end = std::min(line.find_first_of(kBetween), line.size());
  const std::size_t next =
      std::min(line.find_first_not_of(kBetween, end), line.size());
  return {std::string(line.substr(0, end)),
          std::string(trim(line.substr(next)))};
}

// A timer that runs keeps the settings it was armed with.
void mark_outdated(const sysctl::Facts& kernel, sessions::Facts& all) {
  if (kernel.keepalive_time_seconds.value_or(-1) < 0 ||
      kernel.keepalive_intvl_seconds.value_or(-1) < 0) {
    return;
  }
  const sessions::KeepaliveSettings settings{
      .time = std::chrono::seconds(*kernel.keepalive_time_seconds),
      .interval = std::chrono::seconds(*kernel.keepalive_intvl_seconds)};
  for (sessions::Session& session : all.sessions) {
    if (session.netns.is_host()) {
      session.outdated_sysctl =
          armed_with_other_settings(session.socket, settings);
    }
  }
}

std::optional<std::string> set_sysctl(const SysctlRow& row,
                                      const std::string& text, Facts& facts) {
  const auto value = parse_integer<std::int64_t>(text);
  if (!value) {
    return "not one whole number";
  }
  if (!facts.sysctl) {
    return "the kernel's settings are unknown";
  }
  sysctl::Facts& kernel = (*facts.sysctl)[netns::Name()];
  kernel.*row.value = value;
  if (facts.sessions) {
    mark_outdated(kernel, *facts.sessions);
  }
  return std::nullopt;
}

// With the line as if it stood on sshd's command line, before all files.
sshd_config::Document with_line(const sshd_config::Document& document,
                                std::string_view line) {
  sshd_config::Document changed = document;
  std::vector<sshd_config::Line> lines =
      sshd_config::parse_lines(line, document.version);
  for (sshd_config::Line& one : lines) {
    one.number = 0;
  }
  std::vector<sshd_config::Line>& all = changed.command_line.lines;
  all.insert(all.begin(), lines.begin(), lines.end());
  return changed;
}

std::optional<std::string> set_instance(sshd_config::Instance& instance,
                                        std::string_view line) {
  auto changed =
      std::make_shared<sshd_config::Configuration>(*instance.configuration);
  changed->document = with_line(changed->document, line);
  changed->globals = evaluate(changed->document, nullptr);
  if (changed->globals.refusal) {
    return "sshd would refuse it: " + changed->globals.refusal->reason;
  }
  changed->reachable = reachable(changed->document, changed->globals);
  instance.configuration = changed;
  return std::nullopt;
}

std::optional<std::string> set_sshd(std::string_view line, Facts& facts) {
  bool is_known = false;
  if (facts.sshd_config) {
    for (sshd_config::Instance& instance : facts.sshd_config->instances) {
      if (instance.configuration && !instance.configuration->globals.refusal) {
        is_known = true;
        if (auto reason = set_instance(instance, line)) {
          return reason;
        }
      }
    }
  }
  if (!is_known) {
    return "the configuration of sshd is unknown";
  }
  for (live_settings::Settings& settings : facts.live_settings) {
    if (settings.server == nullptr ||
        settings.server->configuration == nullptr) {
      continue;
    }
    auto changed =
        std::make_shared<live_settings::ServerSettings>(*settings.server);
    const sshd_config::Document document =
        with_line(changed->configuration->document, line);
    sshd_config::Evaluation evaluation =
        evaluate(document, &changed->connection);
    if (!evaluation.refusal && !evaluation.unknown) {
      changed->effective = std::move(evaluation.effective);
      settings.server = std::move(changed);
    }
  }
  return std::nullopt;
}

// What decides for a running ssh stands in its user's file or on its command
// line, and so before the system's.
bool is_users(const std::optional<FileLine>& source) {
  return source && !source->file.starts_with("/etc/ssh/");
}

template <typename T>
void set_client(T value, ssh_config::Setting<T> ssh_config::LiveClient::*member,
                Facts& facts) {
  for (live_settings::Settings& settings : facts.live_settings) {
    if (settings.client != nullptr &&
        !is_users((*settings.client.*member).source)) {
      auto changed = std::make_shared<ssh_config::LiveClient>(*settings.client);
      (*changed.*member).value = value;
      (*changed.*member).source.reset();
      settings.client = std::move(changed);
    }
  }
}

// Those of everybody and of users with files of their own.
std::vector<ssh_config::Profile*> all_profiles(ssh_config::Facts& facts) {
  std::vector<ssh_config::Profile*> all;
  for (ssh_config::Profile& profile : facts.profiles) {
    all.push_back(&profile);
  }
  for (ssh_config::UserProfiles& user : facts.users) {
    for (ssh_config::Profile& profile : user.profiles) {
      all.push_back(&profile);
    }
  }
  return all;
}

std::optional<std::string> set_ssh(const std::string& keyword,
                                   const std::string& text, Facts& facts) {
  if (!facts.ssh_config) {
    return "the configuration of ssh is unknown";
  }
  const auto profiles = all_profiles(*facts.ssh_config);
  if (keyword == "tcpkeepalive") {
    const std::string value = lower(text);
    const bool on = value == "yes" || value == "true";
    if (!on && value != "no" && value != "false") {
      return "ssh would refuse it: neither yes nor no";
    }
    for (ssh_config::Profile* const profile : profiles) {
      profile->tcp_keepalive = on;
    }
    set_client(on, &ssh_config::LiveClient::tcp_keepalive, facts);
    return std::nullopt;
  }
  const bool is_interval = keyword == "serveraliveinterval";
  const auto number = is_interval
                          ? openssh::parse_time(text, openssh::Release{9, 2})
                          : openssh::parse_count(text);
  if (!number) {
    return is_interval ? "ssh would refuse it: not a time"
                       : "ssh would refuse it: not a whole number";
  }
  for (ssh_config::Profile* const profile : profiles) {
    auto& source =
        is_interval ? profile->interval_source : profile->count_max_source;
    if (!is_users(source)) {
      (is_interval ? profile->server_alive_interval_seconds
                   : profile->server_alive_count_max) = *number;
      source.reset();
    }
  }
  set_client<std::int64_t>(
      *number,
      is_interval ? &ssh_config::LiveClient::server_alive_interval_seconds
                  : &ssh_config::LiveClient::server_alive_count_max,
      facts);
  return std::nullopt;
}

// Sessions that are opened anew have SO_KEEPALIVE as their programs set it.
void open_anew(Facts& facts) {
  if (!facts.sessions) {
    return;
  }
  for (std::size_t i = 0; i < facts.live_settings.size(); ++i) {
    const live_settings::Settings& settings = facts.live_settings[i];
    std::optional<bool> on;
    if (settings.server != nullptr) {
      on = settings.server->effective.tcp_keepalive.value;
    } else if (settings.client != nullptr) {
      on = settings.client->tcp_keepalive.value;
    }
    if (on) {
      facts.sessions->sessions[i].keepalive =
          *on ? sessions::Keepalive::kOn : sessions::Keepalive::kOff;
    }
  }
}

std::variant<WhatIf, std::string> result(LineOf of, Facts facts,
                                         std::optional<std::string> reason) {
  if (reason) {
    return *std::move(reason);
  }
  return WhatIf{.of = of, .facts = std::move(facts)};
}

}  // namespace

std::variant<WhatIf, std::string> what_if(const Facts& facts,
                                          std::string_view line) {
  const auto [word, argument] = split(trim(line));
  if (line.find('\n') != line.npos || word.empty() || word.starts_with('#')) {
    return std::string("not one line of a configuration");
  }
  Facts changed = facts;
  std::string path = word;
  std::ranges::replace(path, '/', '.');
  for (const SysctlRow& row : kSysctls) {
    if (path == row.name || path == "-" + std::string(row.name)) {
      auto reason = set_sysctl(row, argument, changed);
      return result(LineOf::kSysctl, std::move(changed), std::move(reason));
    }
  }
  constexpr std::array<std::string_view, 5> kServer = {
      "clientaliveinterval", "clientalivecountmax", "channeltimeout",
      "unusedconnectiontimeout", "logingracetime"};
  constexpr std::array<std::string_view, 2> kClient = {"serveraliveinterval",
                                                       "serveralivecountmax"};
  const std::string keyword = lower(word);
  if (keyword == "tcpkeepalive") {
    auto reason = set_sshd(line, changed);
    if (!reason || facts.ssh_config) {
      reason = set_ssh(keyword, argument, changed);
    }
    open_anew(changed);
    return result(LineOf::kSshdAndSsh, std::move(changed), std::move(reason));
  }
  if (std::ranges::find(kServer, keyword) != kServer.end()) {
    auto reason = set_sshd(line, changed);
    return result(LineOf::kSshd, std::move(changed), std::move(reason));
  }
  if (std::ranges::find(kClient, keyword) != kClient.end()) {
    auto reason = set_ssh(keyword, argument, changed);
    return result(LineOf::kSsh, std::move(changed), std::move(reason));
  }
  return std::string(
      "none of the settings that keep sessions alive or end them");
}

}  // namespace ssh_keepalive::diagnosis
