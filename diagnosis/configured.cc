#include "diagnosis/configured.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Keepalive;
using sessions::Role;

ConfiguredEnd configured(Role role, std::string name, const netns::Name& netns,
                         SshEnd end, SessionJudge& judge) {
  sessions::Session session;
  session.netns = netns;
  session.role = role;
  session.phase = sessions::Phase::kAuthenticated;
  session.keepalive = end.tcp_keepalive ? Keepalive::kOn : Keepalive::kOff;
  ConfiguredEnd one{.role = role,
                    .name = std::move(name),
                    .netns = netns,
                    .end = std::move(end),
                    .verdict = {}};
  one.verdict = judge.judge(session, &one.end);
  one.verdict.fate = {};
  return one;
}

// `user_file` as in ConfiguredEnd.
void add_profile(const ssh_config::Profile& profile,
                 const std::string& user_file, SessionJudge& judge,
                 std::vector<ConfiguredEnd>& ends) {
  if (!profile.server_alive_interval_seconds ||
      !profile.server_alive_count_max || !profile.tcp_keepalive) {
    return;
  }
  // Behind a proxy command ssh's own connection is a pipe.
  const bool has_socket = !profile.proxied.value_or(false);
  ends.push_back(configured(
      Role::kClient, profile.name, netns::Name(),
      client_end({.server_alive_interval_seconds =
                      *profile.server_alive_interval_seconds,
                  .server_alive_count_max = *profile.server_alive_count_max,
                  .tcp_keepalive = has_socket && *profile.tcp_keepalive,
                  .source = profile.interval_source,
                  .channel_timeouts = profile.channel_timeouts,
                  .channel_timeouts_source = profile.channel_timeouts_source,
                  .control_persist_seconds = profile.control_persist_seconds,
                  .control_persist_source = profile.control_persist_source,
                  .session = {},
                  .version = profile.version}),
      judge));
  ends.back().profile = &profile;
  ends.back().user_file = user_file;
}

// Those that are everybody's as well would say the same again.
void add_profiles_of(const ssh_config::UserProfiles& user,
                     const std::vector<ssh_config::Profile>& everybodys,
                     SessionJudge& judge, std::vector<ConfiguredEnd>& ends) {
  for (const ssh_config::Profile& profile : user.profiles) {
    if (std::ranges::find(everybodys, profile) == everybodys.end()) {
      add_profile(profile, user.file, judge, ends);
    }
  }
}

}  // namespace

std::string program_of(const ConfiguredEnd& end) {
  if (end.role == Role::kServer) {
    return "sshd " + end.name;
  }
  return "ssh, profile " + end.name +
         (end.user_file.empty() ? "" : ", with " + end.user_file);
}

std::optional<Seconds> refresh_margin(const ConfiguredEnd& end,
                                      const Policy& policy) {
  if (!end.verdict.refresh) {
    return std::nullopt;
  }
  const double usable = 1 - policy.safety_margin_ratio;
  const auto margin = [usable](Seconds timeout, Seconds refreshed) {
    return timeout == kNever ? kNever : timeout * usable - refreshed;
  };
  return std::min(
      margin(policy.path.idle_timeout, end.verdict.refresh->time.latest),
      margin(policy.path.bytes_idle_timeout, end.end.refresh.latest));
}

std::vector<ConfiguredEnd> configured_ends(const Facts& facts) {
  static const sysctl::FactsByNetns nothing_known;
  SessionJudge judge(facts.sysctl ? *facts.sysctl : nothing_known, {}, {});
  std::vector<ConfiguredEnd> ends;
  if (facts.sshd_config) {
    for (const sshd_config::Instance& instance : facts.sshd_config->instances) {
      if (instance.configuration && !instance.configuration->globals.refusal) {
        ends.push_back(configured(
            Role::kServer, instance.daemon, instance.netns,
            server_end(instance.configuration->globals.effective,
                       instance.configuration->document.version.release),
            judge));
        ends.back().instance = &instance;
      }
    }
  }
  if (facts.ssh_config) {
    for (const ssh_config::Profile& profile : facts.ssh_config->profiles) {
      add_profile(profile, "", judge, ends);
    }
    for (const ssh_config::UserProfiles& user : facts.ssh_config->users) {
      add_profiles_of(user, facts.ssh_config->profiles, judge, ends);
    }
  }
  return ends;
}

}  // namespace ssh_keepalive::diagnosis
