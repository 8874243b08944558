#include "exporter/report/sessions_json.h"

#include <fmt/format.h>

#include <chrono>

#include "exporter/report/json_values.h"

namespace ssh_keepalive {
namespace {

using diagnosis::JudgedSession;
using nlohmann::ordered_json;
using sessions::Session;
using sessions::Timer;
using sessions::TimerKind;

double in_seconds(sessions::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

// Unique on this host while the session lives, and equal to the number that
// /proc/PID/fd shows for its socket.
std::string id_of(const sessions::Socket& socket) {
  return socket.inode != 0
             ? fmt::format("{}", socket.inode)
             : fmt::format("cookie-{}", socket.cookie.value_or(0));
}

ordered_json timer_json(const Timer& timer) {
  ordered_json json = {{"kind", name_of(timer.kind)},
                       {"expires_seconds", nullptr},
                       {"unanswered", timer.unanswered}};
  if (timer.kind != TimerKind::kNone) {
    json["expires_seconds"] = in_seconds(timer.expires);
  }
  return json;
}

ordered_json outdated_json(const JudgedSession& judged) {
  const Session& session = judged.session;
  ordered_json reasons = ordered_json::array();
  if (judged.outdated_sshd.value_or(false)) {
    reasons.push_back("sshd");
  }
  if (judged.outdated_ssh.value_or(false)) {
    reasons.push_back("ssh");
  }
  if (session.outdated_sysctl.value_or(false)) {
    reasons.push_back("sysctl");
  }
  return reasons;
}

ordered_json observed_json(const Session& session) {
  if (!session.observed_refresh) {
    return nullptr;
  }
  return {{"at_least_seconds", in_seconds(session.observed_refresh->at_least)},
          {"at_most_seconds", in_seconds(session.observed_refresh->at_most)}};
}

// Empty texts are unknown. How old a forwarded connection is, its process does
// not tell.
void add_owner(const sessions::Owner& owner, sessions::Role role,
               ordered_json& json) {
  json["pid"] = owner.pid;
  json["process"] = owner.process;
  json["implementation"] = name_of(owner.implementation);
  if (!owner.user.empty()) {
    json["user"] = owner.user;
  }
  if (!owner.tty.empty()) {
    json["tty"] = owner.tty;
  }
  if (owner.age && role != sessions::Role::kForwarded) {
    json["age_seconds"] = in_seconds(*owner.age);
  }
}

ordered_json session_json(const JudgedSession& judged) {
  const Session& session = judged.session;
  const auto silence = sessions::wire_silence_at_most(session);
  ordered_json json = {
      {"id", id_of(session.socket)},
      {"role", name_of(session.role)},
      {"phase", name_of(session.phase)},
      {"netns", session.netns.text()},
      {"local", to_string(session.socket.local)},
      {"peer", to_string(session.socket.peer)},
      {"user", nullptr},
      {"tty", nullptr},
      {"pid", nullptr},
      {"process", nullptr},
      {"implementation", nullptr},
      {"state", name_of(session.socket.state)},
      {"age_seconds", nullptr},
      {"wire_silence_at_most_seconds", nullptr},
      {"keepalive", name_of(session.keepalive)},
      {"timer", timer_json(session.socket.timer)},
      {"outdated", outdated_json(judged)},
      {"observed_refresh", observed_json(session)},
      {"refresh", time_json(judged.verdict.refresh)},
      {"dead_peer", time_json(judged.verdict.dead_peer)},
      {"fate", fate_json(judged.verdict.fate)},
  };
  if (session.owner) {
    add_owner(*session.owner, session.role, json);
  }
  if (silence) {
    json["wire_silence_at_most_seconds"] = in_seconds(*silence);
  }
  return json;
}

}  // namespace

ordered_json fate_json(const diagnosis::Fate& fate) {
  ordered_json json = {{"kind", name_of(fate.kind)}};
  if (fate.time && !fate.time->is_never()) {
    add_range(*fate.time, json);
  }
  json["by"] = nullptr;
  if (fate.by) {
    json["by"] = name_of(*fate.by);
  }
  json["source"] = source_json(fate.source);
  return json;
}

std::string session_id(const Session& session) { return id_of(session.socket); }

ordered_json sessions_list(const std::vector<JudgedSession>& all) {
  return list_of(all, session_json);
}

ordered_json sessions_json(const std::vector<JudgedSession>& all) {
  return {{"version", 1}, {"sessions", sessions_list(all)}};
}

}  // namespace ssh_keepalive
