#include "diagnosis/session_case.h"

#include <algorithm>
#include <tuple>

#include "diagnosis/timer_wheel.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Keepalive;
using sessions::TcpInfo;

Seconds seconds(std::chrono::microseconds time) { return Seconds(time); }

RoundTrip round_trip(const TcpInfo& info,
                     const RetransmissionSettings& settings) {
  RoundTrip path{.timeout = seconds(info.retransmission_timeout),
                 .smoothed = seconds(info.smoothed_round_trip)};
  if (path.timeout < settings.largest_timeout) {
    constexpr int kMostDoublings = 32;
    path.timeout /= static_cast<double>(
        std::uint64_t{1} << std::min<int>(info.backoff, kMostDoublings));
  } else {
    // Doubled up to the largest one, it no longer tells where it began.
    path.timeout =
        path.smoothed + std::max(4 * seconds(info.round_trip_variation),
                                 settings.smallest_timeout);
  }
  return path;
}

TimeOfLayer by_probes_alone(const TimeRange& time) {
  return {.time = time, .layer = Layer::kTcpKeepalive, .source = {}};
}

}  // namespace

Seconds silence_of_peer(const TcpInfo& info) {
  return Seconds(std::min(info.since_data_received, info.since_ack_received));
}

bool is_sooner(const TimeRange& a, const TimeRange& b) {
  return std::tuple(a.latest, a.earliest) < std::tuple(b.latest, b.earliest);
}

std::optional<bool> SessionCase::keepalive() const {
  if (session.keepalive == Keepalive::kHidden) {
    return end == nullptr ? std::nullopt : std::optional(end->tcp_keepalive);
  }
  return session.keepalive == Keepalive::kOn;
}

// Since the last packet received, when the pending keepalive timer fires. That
// is later than T where it runs on older settings, or for the interval after a
// probe that was answered. 0: it is not known.
Seconds SessionCase::next_tick() const {
  const sessions::Timer& timer = session.socket.timer;
  if (timer.kind != sessions::TimerKind::kKeepalive || timer.unanswered > 0) {
    return Seconds(0);
  }
  const Seconds silence =
      info() == nullptr ? Seconds(0) : silence_of_peer(*info());
  return silence + Seconds(timer.expires);
}

std::optional<TimeRange> SessionCase::probes() const {
  const auto on = keepalive();
  if (!on || (*on && !kernel.keepalive)) {
    return std::nullopt;
  }
  if (!*on || kernel.keepalive->refresh.is_never()) {
    return kNeverRange;
  }
  const Seconds tick = next_tick();
  return session.outdated_sysctl.value_or(false) &&
                 tick > kernel.keepalive->refresh.earliest
             ? TimeRange{tick, tick + most_late(tick)}
             : kernel.keepalive->refresh;
}

// Where nothing is sent.
std::optional<TimeRange> SessionCase::end_by_probes() const {
  const auto on = keepalive();
  if (!on || (*on && !kernel.keepalive)) {
    return std::nullopt;
  }
  return *on ? keepalive_end(*kernel.keepalive, next_tick()) : kNeverRange;
}

// From sending data that nobody acknowledges until the kernel gives up.
std::optional<TimeRange> SessionCase::retransmission() const {
  const auto& settings = kernel.retransmission;
  if (!settings) {
    return std::nullopt;
  }
  if (info() == nullptr) {
    return retransmission_time(*settings);
  }
  const RoundTrip trip = round_trip(*info(), *settings);
  const Seconds probe =
      std::min(2 * trip.smoothed + settings->smallest_timeout, trip.timeout);
  const std::pair key(to_jiffies(trip.timeout), to_jiffies(probe));
  const auto known = kernel.times.find(key);
  return known != kernel.times.end()
             ? known->second
             : kernel.times.emplace(key, retransmission_time(*settings, trip))
                   .first->second;
}

// By this end's settings. Of what is unknown something may refresh sooner, so
// that only the latest time is known.
std::optional<TimeOfLayer> SessionCase::own_refresh() const {
  const auto by_probes = probes();
  const TimeRange probed = by_probes.value_or(kNeverRange);
  const TimeRange messages = end == nullptr ? kNeverRange : end->refresh;
  TimeOfLayer first = by_probes_alone(probed);
  if (end != nullptr && (is_sooner(messages, probed) || !by_probes)) {
    first = {.time = messages, .layer = end->layer, .source = end->source};
  }
  if (by_probes && end != nullptr) {
    return first;
  }
  if (first.time.latest == kNever) {
    return std::nullopt;
  }
  first.time.earliest = Seconds(0);
  return first;
}

std::optional<TimeOfLayer> SessionCase::refresh() const {
  std::optional<TimeOfLayer> own = own_refresh();
  const auto& observed = session.observed_refresh;
  if (observed && observed->regular) {
    const TimeRange seen{Seconds(observed->at_least),
                         Seconds(observed->at_most)};
    if (!own || seen.latest < own->time.latest) {
      return TimeOfLayer{.time = seen, .layer = Layer::kObserved, .source = {}};
    }
  }
  return own;
}

// Which ends it first: probes, by which it ends then where nothing is sent, or
// what follows this end's first message, which silences them. All are since the
// same moment.
std::optional<TimeOfLayer> SessionCase::first_end(
    const TimeRange& by_probes, const TimeRange& first_message,
    const TimeRange& by_messages) const {
  if (by_probes.latest <= first_message.earliest &&
      !is_sooner(by_messages, by_probes)) {
    return by_probes_alone(by_probes);
  }
  TimeOfLayer first{
      .time = by_messages, .layer = end->layer, .source = end->source};
  if (first_message.is_never()) {
    return first;  // by ServerAliveCountMax 0, without a message
  }
  const auto sending = retransmission();
  if (!sending) {
    return std::nullopt;
  }
  const TimeRange by_kernel = first_message + *sending;
  if (is_sooner(by_kernel, by_messages)) {
    first.layer = Layer::kRetransmissionLimit;
    first.source.reset();
  }
  first.time = first_of(by_kernel, by_messages);
  if (by_probes.earliest < first_message.latest) {
    // The probes may be over just before the message.
    first.time.earliest = std::min(first.time.earliest, by_probes.earliest);
  }
  return first;
}

std::optional<TimeOfLayer> SessionCase::dead_peer() const {
  const auto by_probes = end_by_probes();
  if (end == nullptr || !by_probes) {
    return std::nullopt;
  }
  return first_end(*by_probes, end->first_message, end->dead_peer);
}

std::optional<TimeOfLayer> SessionCase::probing_end() const {
  const TimeRange left =
      keepalive_end_left(*kernel.keepalive, session.socket.timer.unanswered,
                         Seconds(session.socket.timer.expires));
  if (end == nullptr || info() == nullptr) {
    return by_probes_alone(left);
  }
  const TimeRange silence = exactly(silence_of_peer(*info()));
  return first_end(left, left_of(end->first_message, silence),
                   left_of(end->dead_peer, silence));
}

TimeOfLayer SessionCase::retransmitting_end() const {
  TimeOfLayer first{
      .time = retransmission_time_left(
          *kernel.retransmission, round_trip(*info(), *kernel.retransmission),
          static_cast<int>(session.socket.timer.unanswered),
          Seconds(session.socket.timer.expires)),
      .layer = Layer::kRetransmissionLimit,
      .source = {}};
  if (end != nullptr) {
    const TimeRange by_messages =
        left_of(end->dead_peer, exactly(Seconds(info()->since_data_received)));
    if (is_sooner(by_messages, first.time)) {
      first.layer = end->layer;
      first.source = end->source;
    }
    first.time = first_of(first.time, by_messages);
  }
  return first;
}

std::optional<TimeOfLayer> SessionCase::dying() const {
  if (is_probing(session) && kernel.keepalive) {
    return probing_end();
  }
  if (is_retransmitting(session) && kernel.retransmission &&
      info() != nullptr) {
    return retransmitting_end();
  }
  return std::nullopt;
}

}  // namespace ssh_keepalive::diagnosis
