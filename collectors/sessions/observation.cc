#include "collectors/sessions/observation.h"

#include <algorithm>

namespace ssh_keepalive::sessions {
namespace {

// Times of tcp_info are differences of jiffies, of 10 ms at most, which a tick
// that comes late holds back.
constexpr milliseconds kJiffies{20};

constexpr std::chrono::minutes kShortestPeriod{10};

// So many silences in a row that are alike are no chance.
constexpr int kRegular = 3;

milliseconds round_down(std::chrono::nanoseconds time) {
  return std::chrono::floor<milliseconds>(time);
}

milliseconds round_up(std::chrono::nanoseconds time) {
  return std::chrono::ceil<milliseconds>(time);
}

// The longest of both is at least as long as either's lower bound, and at most
// as long as the greater of the upper ones.
std::optional<ObservedRefresh> longer_of(
    const std::optional<ObservedRefresh>& a,
    const std::optional<ObservedRefresh>& b) {
  if (!a || !b) {
    return a ? a : b;
  }
  return ObservedRefresh{.at_least = std::max(a->at_least, b->at_least),
                         .at_most = std::max(a->at_most, b->at_most)};
}

}  // namespace

void Observation::add(const TcpInfo& info, const LookTime& time) {
  if (!looked_ || was_suspended(last_look_.began, time.ended)) {
    begin_silence(info, time, nanoseconds(0));
    looked_ = true;
    beginning_seen_ = false;
  } else if (info.segments_sent != segments_sent_ ||
             info.segments_received != segments_received_) {
    if (beginning_seen_ && info.segments_received != segments_received_) {
      end_silence(info, time);
    }
    begin_silence(info, time, last_look_.began.awake);
    beginning_seen_ = true;
  }
  last_look_ = time;
}

// The first look with new counters.
void Observation::begin_silence(const TcpInfo& info, const LookTime& time,
                                nanoseconds last_packet_after) {
  segments_sent_ = info.segments_sent;
  segments_received_ = info.segments_received;
  const milliseconds since_packet =
      std::min({info.since_data_sent, info.since_data_received,
                info.since_ack_received});
  last_packet_after_ =
      std::max(last_packet_after, time.began.awake - since_packet - kJiffies);
  silent_from_ = time.ended.awake;
}

void Observation::end_silence(const TcpInfo& info, const LookTime& time) {
  // The first packet after the silence came before each event that the last
  // look cannot have known yet.
  nanoseconds next_packet_before = time.ended.awake;
  for (const milliseconds since :
       {info.since_data_sent, info.since_data_received,
        info.since_ack_received}) {
    if (time.began.awake - since - kJiffies > last_look_.ended.awake) {
      next_packet_before =
          std::min(next_packet_before, time.ended.awake - since + kJiffies);
    }
  }
  const ObservedRefresh silence = {
      .at_least = std::max(round_down(last_look_.began.awake - silent_from_),
                           milliseconds(0)),
      .at_most = round_up(next_packet_before - last_packet_after_)};
  const std::optional<ObservedRefresh> before = longest();
  const std::optional<ObservedRefresh> longest_now = longer_of(before, silence);
  if (before && before->at_most < silence.at_least) {
    alike_ = 1;
  } else {
    alike_ = silence.at_most < longest_now->at_least
                 ? 0
                 : std::min(alike_ + 1, kRegular);
  }
  const milliseconds period =
      std::max<milliseconds>(kShortestPeriod, 2 * longest_now->at_most);
  if (time.ended.awake - recent_from_ > period) {
    earlier_ = recent_;
    recent_.reset();
    recent_from_ = time.ended.awake;
  }
  recent_ = longer_of(recent_, silence);
}

std::optional<ObservedRefresh> Observation::longest() const {
  return longer_of(recent_, earlier_);
}

std::optional<ObservedRefresh> Observation::refresh() const {
  std::optional<ObservedRefresh> known = longest();
  if (known) {
    known->regular = alike_ >= kRegular && known->at_least > milliseconds(0);
  }
  if (known && last_look_.began.awake - silent_from_ > known->at_most) {
    return std::nullopt;
  }
  return known;
}

}  // namespace ssh_keepalive::sessions
