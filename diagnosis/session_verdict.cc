#include "diagnosis/session_verdict.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Owner;
using sessions::Phase;
using sessions::Role;
using sessions::Session;

Fate intact() {
  return {
      .kind = FateKind::kIntact, .time = kNeverRange, .by = {}, .source = {}};
}

bool is_loopback(const sessions::Endpoint& endpoint) {
  constexpr std::uint8_t kNet = 127;
  constexpr std::array<std::uint8_t, 16> kIpv6{0, 0, 0, 0, 0, 0, 0, 0,
                                               0, 0, 0, 0, 0, 0, 0, 1};
  return endpoint.family == sessions::AddressFamily::kIpv4
             ? endpoint.address[0] == kNet
             : endpoint.address == kIpv6;
}

void take_sooner(const Fate& other, Fate& fate) {
  if (!fate.time || is_sooner(*other.time, *fate.time)) {
    fate = other;
  }
}

// How long nobody has used it, at least and at most.
TimeRange unused(const SessionCase& one) {
  TimeRange unused{Seconds(0), kNever};
  if (one.info() != nullptr) {
    unused.earliest = Seconds(
        std::min(one.info()->since_data_received, one.info()->since_data_sent));
  }
  if (one.session.owner && one.session.owner->age) {
    unused.latest = std::max(Seconds(*one.session.owner->age), unused.earliest);
  }
  return unused;
}

// `is_sure`: whether it applies to this session.
void add_limit(const std::optional<IdleLimit>& limit, Layer layer,
               const TimeRange& passed, bool is_sure, Fate& fate) {
  if (!limit) {
    return;
  }
  TimeRange left = left_of(limit->time, passed);
  if (!is_sure) {
    left.latest = kNever;
  }
  take_sooner({.kind = FateKind::kIdleKill,
               .time = left,
               .by = layer,
               .source = limit->source},
              fate);
}

void add_server_limits(const SessionCase& one, const HostLimits& limits,
                       Fate& fate) {
  const Owner* const owner = one.session.owner ? &*one.session.owner : nullptr;
  const bool has_terminal = owner != nullptr && !owner->tty.empty();
  const bool had_channel =
      owner == nullptr || owner->had_channel.value_or(true);
  const TimeRange passed = unused(one);
  if (one.end != nullptr) {
    if (had_channel) {
      add_limit(
          has_terminal ? one.end->shell_channel : one.end->command_channel,
          Layer::kChannelTimeout, passed, true, fate);
    }
    if (!has_terminal) {
      // Whether its last channel is closed again is not known.
      add_limit(one.end->unused_connection, Layer::kUnusedConnectionTimeout,
                passed, !had_channel, fate);
    }
  }
  if (!has_terminal) {
    return;
  }
  add_limit(limits.of(one.shell), Layer::kShellTimeout, passed, true, fate);
  if (!owner->login_id.empty()) {
    // The kernel notes a terminal's use in steps of so much (tty_io.c).
    constexpr Seconds kTtyGranularity{8};
    add_limit(limits.stop_idle_session, Layer::kStopIdleSession,
              {passed.earliest, passed.latest + kTtyGranularity}, true, fate);
  }
}

void add_client_limits(const SessionCase& one, Fate& fate) {
  if (one.end == nullptr) {
    return;
  }
  const TimeRange passed = unused(one);
  add_limit(one.end->own_channel, Layer::kChannelTimeout, passed, true, fate);
  // Whether others share the connection now is not known.
  add_limit(one.end->control_persist, Layer::kControlPersist, passed, false,
            fate);
}

void add_path(const SessionCase& one, const Path& path,
              const std::optional<TimeOfLayer>& refresh, Fate& fate) {
  const TimeRange silence{Seconds(0),
                          Seconds(wire_silence_at_most(one.session)
                                      .value_or(sessions::milliseconds(0)))};
  const auto add = [&](Seconds timeout, const TimeRange& refreshed) {
    if (timeout == kNever || refreshed.latest < timeout) {
      return;
    }
    TimeRange left = left_of(exactly(timeout), silence);
    if (refreshed.earliest < timeout) {
      left.latest = kNever;
    }
    take_sooner({.kind = FateKind::kLostByPath,
                 .time = left,
                 .by = Layer::kPath,
                 .source = {}},
                fate);
  };
  // What the program sends is unknown where `end` is.
  if (refresh && (one.end != nullptr || refresh->layer == Layer::kObserved)) {
    add(path.idle_timeout, refresh->time);
  }
  if (one.end != nullptr) {
    add(path.bytes_idle_timeout, one.end->refresh);
  }
}

// What this end does to a peer that is healthy, but silent.
void add_healthy_ends(const SessionCase& one, Fate& fate) {
  if (one.info() == nullptr) {
    return;
  }
  if (one.end != nullptr && !one.end->healthy_end.is_never()) {
    take_sooner(
        {.kind = FateKind::kIdleKill,
         .time = left_of(one.end->healthy_end,
                         exactly(Seconds(one.info()->since_data_received))),
         .by = one.end->layer,
         .source = one.end->source},
        fate);
  }
  // With 0 probes the first tick ends it.
  const auto& timer = one.kernel.keepalive;
  if (one.keepalive().value_or(false) && timer && timer->probes == 0) {
    take_sooner({.kind = FateKind::kIdleKill,
                 .time = left_of(keepalive_end(*timer),
                                 exactly(silence_of_peer(*one.info()))),
                 .by = Layer::kTcpKeepalive,
                 .source = {}},
                fate);
  }
}

Fate before_login(const SessionCase& one) {
  const auto& owner = one.session.owner;
  if (one.end == nullptr || !owner || !owner->age) {
    return {};
  }
  if (!one.end->login_grace) {
    return intact();
  }
  return {.kind = FateKind::kIdleKill,
          .time = left_of(one.end->login_grace->time,
                          exactly(Seconds(*owner->age))),
          .by = Layer::kLoginGrace,
          .source = one.end->login_grace->source};
}

Fate dying(const SessionCase& one) {
  Fate fate{.kind = FateKind::kDying, .time = {}, .by = {}, .source = {}};
  if (const auto left = one.dying()) {
    fate.time = left->time;
    fate.by = left->layer;
    fate.source = left->source;
  }
  return fate;
}

Fate fate_of(const SessionCase& one, const Path& path, const HostLimits& limits,
             const std::optional<TimeOfLayer>& refresh) {
  if (one.is_dying()) {
    return dying(one);
  }
  const Session& session = one.session;
  if (session.socket.state != sessions::TcpState::kEstablished ||
      session.socket.timer.kind == sessions::TimerKind::kZeroWindow) {
    return {};
  }
  if (session.role == Role::kServer && session.phase == Phase::kPreauth) {
    return before_login(one);
  }
  Fate fate;
  const bool crosses = crosses_path(session);
  if (crosses) {
    add_path(one, path, refresh, fate);
  }
  if (session.role == Role::kServer) {
    add_server_limits(one, limits, fate);
  } else if (session.role == Role::kClient) {
    add_client_limits(one, fate);
  }
  add_healthy_ends(one, fate);
  if (!fate.time && one.end != nullptr && (refresh || !crosses)) {
    return intact();
  }
  return fate;
}

}  // namespace

bool crosses_path(const Session& session) {
  return !is_loopback(session.socket.peer) &&
         session.socket.peer.address != session.socket.local.address;
}

std::string_view name_of(FateKind kind) {
  switch (kind) {
    case FateKind::kIntact:
      return "intact";
    case FateKind::kLostByPath:
      return "lost_by_path";
    case FateKind::kIdleKill:
      return "idle_kill";
    case FateKind::kDying:
      return "dying";
    case FateKind::kUnknown:
      break;
  }
  return "unknown";
}

SessionJudge::SessionJudge(const sysctl::FactsByNetns& kernel, Path path,
                           HostLimits limits)
    : facts_(kernel), path_(path), limits_(std::move(limits)) {}

Kernel& SessionJudge::kernel_of(const netns::Name& netns) {
  const auto known = kernels_.find(netns);
  if (known != kernels_.end()) {
    return known->second;
  }
  Kernel kernel;
  if (const auto facts = facts_.find(netns); facts != facts_.end()) {
    kernel.keepalive = keepalive_timer(facts->second);
    kernel.retransmission = retransmission_settings(facts->second);
  }
  return kernels_.emplace(netns, std::move(kernel)).first->second;
}

SessionVerdict SessionJudge::judge(const Session& session, const SshEnd* end,
                                   shell_timeout::LoginShell shell) {
  const SessionCase one{.session = session,
                        .end = end,
                        .kernel = kernel_of(session.netns),
                        .shell = shell};
  SessionVerdict verdict{.refresh = one.refresh(),
                         .dead_peer = one.dead_peer(),
                         .messages_end = {},
                         .fate = {}};
  if (end != nullptr) {
    verdict.messages_end = TimeOfLayer{
        .time = end->dead_peer, .layer = end->layer, .source = end->source};
  }
  verdict.fate = fate_of(one, path_, limits_, verdict.refresh);
  return verdict;
}

}  // namespace ssh_keepalive::diagnosis
