#include "exporter/http/page/geometry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "diagnosis/texts.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::kNever;
using diagnosis::Layer;
using diagnosis::LayerTimes;
using diagnosis::Policy;
using diagnosis::Seconds;
using diagnosis::TimeRange;

// The axis shows at least this, and at most that.
constexpr Seconds kStart{30};
constexpr Seconds kEnd{3 * 3600};
constexpr Seconds kEarliestStart{1};
constexpr Seconds kLatestEnd{30 * 86'400};
constexpr double kAir = 1.4;  // beyond the outermost times

struct RoundTime {
  std::string_view label;
  Seconds time;
};

// The most telling ones first: where room is scarce, the others go.
constexpr std::array kRoundTimes = {
    RoundTime{"1 min", Seconds(60)},      RoundTime{"5 min", Seconds(300)},
    RoundTime{"1 h", Seconds(3600)},      RoundTime{"2 h", Seconds(7200)},
    RoundTime{"1 d", Seconds(86'400)},    RoundTime{"15 min", Seconds(900)},
    RoundTime{"10 s", Seconds(10)},       RoundTime{"5 d", Seconds(432'000)},
    RoundTime{"6 h", Seconds(21'600)},    RoundTime{"2 min", Seconds(120)},
    RoundTime{"30 s", Seconds(30)},       RoundTime{"30 d", Seconds(2'592'000)},
    RoundTime{"30 min", Seconds(1800)},   RoundTime{"1 s", Seconds(1)},
    RoundTime{"12 h", Seconds(43'200)},   RoundTime{"3 s", Seconds(3)},
    RoundTime{"15 d", Seconds(1'296'000)}};

// Of the axis, on a screen 360 pixels wide.
constexpr double kLetter = 0.021;
constexpr double kGap = 0.02;
constexpr double kBorder = 0.04;  // the room beyond its ends

double half_width(std::string_view label) {
  return static_cast<double>(label.size()) * kLetter / 2;
}

std::vector<TimeRange> times_of(const LayerTimes& layer) {
  std::vector<TimeRange> times;
  for (const std::optional<TimeRange>& time :
       {layer.refresh, layer.dead_peer, layer.idle_kill, layer.forgets}) {
    if (time) {
      times.push_back(*time);
    }
  }
  return times;
}

std::vector<Seconds> path_timeouts(const Policy& policy) {
  std::vector<Seconds> timeouts;
  for (const Seconds timeout :
       {policy.path.idle_timeout, policy.path.bytes_idle_timeout}) {
    if (timeout != kNever) {
      timeouts.push_back(timeout);
    }
  }
  return timeouts;
}

void add_mark(MarkKind kind, const std::optional<TimeRange>& time,
              const Axis& axis, Bar& bar) {
  if (time && !time->is_never()) {
    bar.marks.push_back({.kind = kind,
                         .from = axis.place(time->earliest),
                         .to = axis.place(time->latest),
                         .is_open = time->latest > axis.to()});
  }
}

std::optional<double> end_of(const LayerTimes& layer, const Axis& axis) {
  for (const std::optional<TimeRange>& time :
       {layer.idle_kill, layer.forgets}) {
    if (time && time->latest <= axis.to()) {
      return axis.place(time->latest);
    }
  }
  return std::nullopt;
}

// A proxy that counts bytes is not refreshed by the kernel at all.
bool is_late(const LayerTimes& layer, const Policy& policy) {
  const bool is_message = layer.layer != Layer::kTcpKeepalive;
  const Seconds timeout = is_message ? std::min(policy.path.idle_timeout,
                                                policy.path.bytes_idle_timeout)
                                     : policy.path.idle_timeout;
  return layer.refresh && !layer.refresh->is_never() &&
         layer.refresh->latest > timeout;
}

Bar bar_of(const LayerTimes& layer, const Axis& axis, const Policy& policy) {
  Bar bar{.times = layer,
          .marks = {},
          .end = end_of(layer, axis),
          .is_off = is_off(layer),
          .is_late = is_late(layer, policy)};
  add_mark(MarkKind::kRefresh, layer.refresh, axis, bar);
  add_mark(MarkKind::kDeadPeer, layer.dead_peer, axis, bar);
  add_mark(MarkKind::kIdleKill, layer.idle_kill, axis, bar);
  add_mark(MarkKind::kForgets, layer.forgets, axis, bar);
  return bar;
}

}  // namespace

double Axis::place(Seconds time) const {
  const Seconds inside = std::clamp(time, from_, to_);
  return std::log(inside / from_) / std::log(to_ / from_);
}

Axis axis_of(const std::vector<LayerTimes>& layers, const Policy& policy) {
  Seconds from = kStart;
  Seconds to = kEnd;
  const auto include = [&](Seconds time) {
    if (time != kNever) {
      from = std::min(from, time / kAir);
      to = std::max(to, time * kAir);
    }
  };
  for (const LayerTimes& layer : layers) {
    for (const TimeRange& time : times_of(layer)) {
      include(time.earliest);
      include(time.latest);
    }
  }
  for (const Seconds timeout : path_timeouts(policy)) {
    include(timeout);
  }
  return {std::max(from, kEarliestStart), std::min(to, kLatestEnd)};
}

std::vector<Tick> ticks_of(const Axis& axis) {
  std::vector<Tick> ticks;
  for (const RoundTime& round : kRoundTimes) {
    const double place = axis.place(round.time);
    const bool has_room =
        round.time >= axis.from() && round.time <= axis.to() &&
        std::min(place, 1 - place) >= half_width(round.label) - kBorder &&
        std::ranges::none_of(ticks, [&](const Tick& other) {
          return std::abs(other.place - place) <
                 half_width(other.label) + half_width(round.label) + kGap;
        });
    if (has_room) {
      ticks.push_back({.place = place, .label = std::string(round.label)});
    }
  }
  std::ranges::sort(ticks, {}, &Tick::place);
  return ticks;
}

Picture picture_of(const std::vector<LayerTimes>& layers,
                   const Policy& policy) {
  const Axis axis = axis_of(layers, policy);
  Picture picture{
      .ticks = ticks_of(axis), .bars = {}, .paths = {}, .left_out = 0};
  for (const LayerTimes& layer : layers) {
    if (layer.layer == Layer::kPath) {
      continue;  // the line across all
    }
    if (picture.bars.size() < kMaxBars) {
      picture.bars.push_back(bar_of(layer, axis, policy));
    } else {
      ++picture.left_out;
    }
  }
  const auto add_line = [&](Seconds timeout, std::string_view who) {
    if (timeout != kNever) {
      picture.paths.push_back(
          {.place = axis.place(timeout),
           .label = fmt::format("{} forgets: {} ({})", who,
                                diagnosis::seconds_text(timeout),
                                name_of(policy.path_source))});
    }
  };
  add_line(policy.path.idle_timeout, "path");
  add_line(policy.path.bytes_idle_timeout, "proxy");
  return picture;
}

}  // namespace ssh_keepalive::http
