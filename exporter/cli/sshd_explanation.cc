#include "exporter/cli/sshd_explanation.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "collectors/openssh_syntax/pattern.h"

namespace ssh_keepalive {
namespace {

using sshd_config::Effective;
using sshd_config::Instance;
using sshd_config::ListenAddress;
using sshd_config::Source;
using sshd_config::Value;

constexpr openssh::Release kTimeouts{9, 2};  // ChannelTimeout and its sibling
// sshd -T of 9.2 leaves ChannelTimeout out where it is none.
constexpr openssh::Release kPrintsUnsetChannelTimeout{9, 3};

std::optional<ExplainedSource> to_explained(
    const std::optional<Source>& source) {
  if (!source) {
    return std::nullopt;
  }
  return ExplainedSource{source->file, source->line};
}

ExplainedKeyword number_keyword(const char* name, const Value<int>& value,
                                const char* unit, std::string note = "") {
  return {.keyword = name,
          .value = static_cast<long long>(value.value),
          .unit = unit,
          .source = to_explained(value.source),
          .note = std::move(note),
          .openssh_line = fmt::format("{} {}", name, value.value)};
}

ExplainedKeyword word_keyword(const char* name, std::string word,
                              const std::optional<Source>& source,
                              std::string note = "") {
  std::string line = fmt::format("{} {}", name, word);
  return {.keyword = name,
          .value = std::move(word),
          .source = to_explained(source),
          .note = std::move(note),
          .openssh_line = std::move(line)};
}

// What such a setting means is easily taken for something else.
std::string channel_timeout_note(const std::vector<std::string>& words,
                                 openssh::Release release) {
  constexpr openssh::Release kGlobal{9, 7};
  constexpr std::array<const char*, 3> kSessions = {
      "session:shell", "session:command", "session:subsystem:sftp"};
  for (const std::string& word : words) {
    const std::string type = word.substr(0, word.find('='));
    if (type == "global" && release < kGlobal) {
      return "global= has no effect before OpenSSH 9.7";
    }
    if (type.starts_with("session") &&
        std::ranges::none_of(kSessions,
                             [&type](const char* channel) {
                               return openssh::match_pattern(channel, type);
                             }) &&
        !type.starts_with("session:subsystem:")) {
      return type + "= matches no shell and no command; session:*= does";
    }
  }
  return "";
}

std::string address_text(const ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  std::string text = fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host,
                                 v6 ? "]" : "", address.port);
  if (!address.routing_domain.empty()) {
    text += " rdomain " + address.routing_domain;
  }
  return text;
}

// In the order of `sshd -T`.
std::vector<ExplainedKeyword> keywords_of(const Effective& effective,
                                          openssh::Release release) {
  std::vector<ExplainedKeyword> keywords;
  for (const Value<int>& port : effective.ports) {
    keywords.push_back(number_keyword("port", port, ""));
  }
  for (const ListenAddress& address : effective.listen_addresses) {
    keywords.push_back(
        word_keyword("listenaddress", address_text(address), address.source,
                     address.numeric ? ""
                                     : "a name, which sshd resolves when it "
                                       "starts"));
  }
  keywords.push_back(number_keyword("logingracetime",
                                    effective.login_grace_seconds, "seconds",
                                    "for connections that have not "
                                    "authenticated only"));
  keywords.push_back(number_keyword(
      "clientaliveinterval", effective.client_alive_interval_seconds, "seconds",
      effective.client_alive_interval_seconds.value == 0
          ? "off: sshd sends no messages of its own"
          : ""));
  keywords.push_back(number_keyword("clientalivecountmax",
                                    effective.client_alive_count_max, ""));
  if (release >= kTimeouts) {
    const Value<int>& unused = effective.unused_connection_timeout_seconds;
    keywords.push_back(
        unused.value == 0
            ? word_keyword("unusedconnectiontimeout", "none", unused.source)
            : number_keyword("unusedconnectiontimeout", unused, "seconds"));
  }
  keywords.push_back(word_keyword("tcpkeepalive",
                                  effective.tcp_keepalive.value ? "yes" : "no",
                                  effective.tcp_keepalive.source));
  if (release >= kTimeouts) {
    const auto& timeouts = effective.channel_timeouts;
    ExplainedKeyword keyword = word_keyword(
        "channeltimeout",
        timeouts.value.empty()
            ? "none"
            : fmt::format("{}", fmt::join(timeouts.value, " ")),
        timeouts.source, channel_timeout_note(timeouts.value, release));
    if (release < kPrintsUnsetChannelTimeout && timeouts.value.empty()) {
      keyword.openssh_line.clear();
    }
    keywords.push_back(std::move(keyword));
  }
  return keywords;
}

std::string place(const Source& source) {
  return source.line == 0 ? source.file
                          : fmt::format("{}:{}", source.file, source.line);
}

std::vector<std::string> conditional_notes(const Effective& effective) {
  std::vector<std::string> notes;
  for (const sshd_config::Conditional& line : effective.conditional) {
    notes.push_back(fmt::format(
        "{}: {} stands below the Match of {} and acts for the connections "
        "that match only.{}",
        place(line.line), line.keyword, place(line.block),
        line.looks_global ? " If it is meant for all, it must stand above "
                            "that Match."
                          : ""));
  }
  return notes;
}

std::string time_text(processes::Time time) {
  return fmt::format(
      "{:%Y-%m-%d %H:%M:%S} UTC",
      fmt::gmtime(std::chrono::system_clock::to_time_t(
          std::chrono::time_point_cast<std::chrono::system_clock::duration>(
              time))));
}

std::string reload_command(const Instance& instance) {
  const sshd_config::Daemon& daemon = *instance.running;
  return daemon.unit.ends_with(".service")
             ? "systemctl reload " + daemon.unit
             : fmt::format("kill -HUP {}", daemon.process.pid);
}

}  // namespace

Explanation explain_values(const Effective& effective,
                           const openssh::Version& version) {
  Explanation explanation{.openssh_version = version.text,
                          .confirmed = openssh::is_confirmed(version),
                          .keywords = keywords_of(effective, version.release)};
  for (const sshd_config::Shadowed& shadow : effective.shadowed) {
    explanation.shadowed.push_back({std::string(shadow.keyword),
                                    {shadow.line.file, shadow.line.line},
                                    {shadow.by.file, shadow.by.line}});
  }
  explanation.notes = conditional_notes(effective);
  explanation.notes.emplace_back("Values of other keywords are not checked.");
  return explanation;
}

void add_running_daemon(const Instance* instance, bool processes_visible,
                        Explanation& explanation) {
  std::vector<std::string>& notes = explanation.notes;
  if (instance == nullptr || !instance->running) {
    if (instance != nullptr && instance->socket_activated) {
      notes.emplace_back(
          "systemd starts an sshd for each connection, which reads these "
          "files anew.");
    } else if (processes_visible) {
      notes.emplace_back("No sshd runs with this file.");
    } else {
      notes.emplace_back(
          "Edits act after a reload, and for new connections only.");
    }
    return;
  }
  ExplainedDaemon daemon{.name = instance->daemon,
                         .pid = instance->running->process.pid,
                         .stale = instance->stale};
  const std::string who =
      fmt::format("The running sshd ({}, pid {})", daemon.name, daemon.pid);
  if (instance->loaded_at) {
    daemon.loaded_at_seconds =
        std::chrono::duration<double>(instance->loaded_at->time_since_epoch())
            .count();
  }
  if (!instance->stale || !instance->loaded_at) {
    notes.push_back(who + " may have loaded something else: that is unknown.");
  } else if (*instance->stale) {
    daemon.reload_command = reload_command(*instance);
    notes.push_back(fmt::format(
        "{} has not loaded what these files say now: it read them at {}. To "
        "make it: {}",
        who, time_text(*instance->loaded_at), daemon.reload_command));
  } else {
    notes.push_back(fmt::format(
        "{} has loaded what these files say, at {}. Sessions that began "
        "earlier keep what they began with.",
        who, time_text(*instance->loaded_at)));
  }
  explanation.daemon = std::move(daemon);
}

void add_other_daemons(const sshd_config::Facts& facts,
                       const Instance* explained, Explanation& explanation) {
  for (const Instance& instance : facts.instances) {
    if (&instance == explained || !instance.running) {
      continue;
    }
    const int pid = instance.running->process.pid;
    if (instance.configuration) {
      explanation.notes.push_back(
          fmt::format("Another sshd runs ({}, pid {}) with {}.",
                      instance.daemon, pid, instance.configuration->file));
    } else if (instance.running->implementation ==
                   sshd_config::Implementation::kOpenSsh &&
               !instance.running->trusted.value_or(false)) {
      explanation.notes.push_back(fmt::format(
          "Another sshd runs (pid {}). What its command line names is not "
          "read: its program is not known to be root's.",
          pid));
    }
  }
}

}  // namespace ssh_keepalive
