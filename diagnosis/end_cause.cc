#include "diagnosis/end_cause.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "diagnosis/end_fin.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Remains;
using sessions::TcpInfo;

// Deadlines are met by timers that fire later, and noticed later still.
constexpr Seconds kEarly{0.25};
constexpr Seconds kLate{2};

Seconds seconds(sessions::milliseconds time) { return Seconds(time); }

// Whether the program was right to give up on its peer then: its messages had
// stayed without an answer for as long as its settings say. It has closed the
// socket after the last look, and before its end was noticed.
bool has_given_up(const EndFacts& facts) {
  const auto& messages = facts.verdict.messages_end;
  const TcpInfo* const info = last_info(facts);
  if (!messages || messages->time.is_never() || info == nullptr) {
    return false;
  }
  const Seconds silence = seconds(info->since_data_received);
  const Seconds at_look = silence - facts.since_look;
  return silence >= messages->time.earliest - kEarly &&
         at_look <= messages->time.latest + kLate;
}

std::string silence_text(const EndFacts& facts) {
  return "no data had come from the peer for " +
         seconds_text(seconds(last_info(facts)->since_data_received));
}

CauseOfEnd gave_up(const EndFacts& facts, CauseOfEnd end) {
  const TimeOfLayer& messages = *facts.verdict.messages_end;
  end.cause = EndCause::kSshKeepalive;
  end.closed_by = ClosedBy::kHere;
  end.evidence.push_back(silence_text(facts));
  end.evidence.push_back("the program here gives up after " +
                         range_text(messages.time) + decided_by(messages));
  return end;
}

bool is_limit_for_idlers(Layer layer) {
  static constexpr std::array kLimits = {
      Layer::kChannelTimeout, Layer::kUnusedConnectionTimeout,
      Layer::kStopIdleSession, Layer::kShellTimeout, Layer::kControlPersist};
  return std::ranges::find(kLimits, layer) != kLimits.end();
}

// Whether it ended when the last look had foretold. The latest time of a limit
// is that since the last data, and so exact where nothing but data of the user
// flows; a forecast as wide as the limit itself proves nothing.
bool was_due(const Fate& fate, Seconds passed) {
  constexpr Seconds kWholeSecond{1};
  constexpr Seconds kWidest{30};
  if (fate.kind != FateKind::kIdleKill || !fate.time ||
      fate.time->latest == kNever) {
    return false;
  }
  const bool is_narrow = fate.time->latest - fate.time->earliest <= kWidest;
  const Seconds earliest =
      is_narrow ? fate.time->earliest : fate.time->latest - kWholeSecond;
  return passed >= earliest - kEarly && passed <= fate.time->latest + kLate;
}

struct Forecast {
  const Fate& fate;
  Seconds passed;
};

// The limit that was due; nothing: none was.
std::optional<Forecast> limit_due(const EndFacts& facts) {
  for (const Forecast& one :
       {Forecast{facts.verdict.fate, facts.since_look},
        Forecast{facts.earlier_fate, facts.since_earlier_look}}) {
    if (one.fate.by && is_limit_for_idlers(*one.fate.by) &&
        was_due(one.fate, one.passed)) {
      return one;
    }
  }
  return std::nullopt;
}

CauseOfEnd ended_by_limit(const Forecast& forecast, CauseOfEnd end) {
  const Fate& fate = forecast.fate;
  const bool is_channel = *fate.by == Layer::kChannelTimeout ||
                          *fate.by == Layer::kUnusedConnectionTimeout;
  end.cause = is_channel ? EndCause::kChannelTimeout : EndCause::kIdleKill;
  end.evidence.push_back(
      seconds_text(forecast.passed) + " before, an end by " +
      std::string(name_of(*fate.by)) +
      (fate.source ? " (" + place_text(*fate.source) + ")" : "") +
      " was due in " + range_text(*fate.time));
  return end;
}

CauseOfEnd closed_in_order(const EndFacts& facts) {
  CauseOfEnd end{.cause = EndCause::kClosed, .evidence = {}};
  if (facts.remains == Remains::kTimeWait) {
    end.closed_by = ClosedBy::kHere;
    end.evidence.emplace_back(
        "this end has sent the first FIN: it waits in "
        "TIME_WAIT");
  } else if (has_peers_fin_come(facts) == false) {
    end.closed_by = ClosedBy::kHere;
    end.evidence.emplace_back("this end has sent a FIN, and the peer none");
  } else if (facts.remains == Remains::kNothing) {
    end.closed_by = ClosedBy::kPeer;
    end.evidence.emplace_back(
        "the peer has sent the first FIN: nothing waits "
        "in TIME_WAIT here");
  } else {
    end.evidence.emplace_back("the peer has acknowledged this end's FIN");
  }
  if (end.closed_by != ClosedBy::kPeer && has_given_up(facts)) {
    return gave_up(facts, std::move(end));
  }
  const std::optional<Forecast> limit = limit_due(facts);
  return limit ? ended_by_limit(*limit, std::move(end)) : end;
}

// The process has closed it, and the peer has not acknowledged that.
CauseOfEnd closed_without_answer(const EndFacts& facts) {
  CauseOfEnd end{.cause = EndCause::kClosed,
                 .closed_by = ClosedBy::kHere,
                 .evidence = {"the process here has closed it, and the peer "
                              "does not acknowledge its FIN"}};
  return has_given_up(facts) ? gave_up(facts, std::move(end)) : end;
}

// The kernel ended it: it counted so many probes.
bool is_end_by_probes(const EndFacts& facts, const TcpInfo& info) {
  const auto& timer = facts.keepalive;
  return timer && timer->probes > 0 && info.probes >= timer->probes &&
         facts.final->unacknowledged_bytes == 0;
}

// With 0 probes the first tick resets a healthy connection.
bool is_end_without_probes(const EndFacts& facts) {
  return facts.keepalive && facts.keepalive->probes == 0 &&
         facts.verdict.fate.by == Layer::kTcpKeepalive &&
         was_due(facts.verdict.fate, facts.since_look);
}

CauseOfEnd ended_by_probes(const TcpInfo& info) {
  return {.cause = EndCause::kTcpKeepalive,
          .evidence = {
              std::to_string(info.probes) +
                  " keepalive probes stayed without an answer",
              "nothing had come from the peer for " +
                  seconds_text(seconds(std::min(info.since_data_received,
                                                info.since_ack_received)))}};
}

// As of the last look; without tcp_info that of a short path.
RoundTrip trip_of(const EndFacts& facts) {
  if (!facts.session.socket.info) {
    return {};
  }
  constexpr unsigned kMostDoublings = 32;
  const TcpInfo& before = *facts.session.socket.info;
  const double doublings = static_cast<double>(
      std::uint64_t{1} << std::min<unsigned>(before.backoff, kMostDoublings));
  return {.timeout = Seconds(before.retransmission_timeout) / doublings,
          .smoothed = Seconds(before.smoothed_round_trip)};
}

// The kernel ended it: it sent data again as often as tcp_retries2 comes to.
bool is_end_by_retransmission(const EndFacts& facts, const TcpInfo& info) {
  if (!facts.retransmission || info.retransmits == 0) {
    return false;
  }
  return info.retransmits + 1 >=
         retransmissions_until_end(*facts.retransmission,
                                   trip_of(facts).timeout);
}

CauseOfEnd ended_by_retransmission(const EndFacts& facts, const TcpInfo& info) {
  return {
      .cause = EndCause::kRetransmissionLimit,
      .evidence = {"data was sent again " + std::to_string(info.retransmits) +
                       " times without an answer, which is the limit of "
                       "tcp_retries2",
                   std::to_string(facts.final->unacknowledged_bytes) +
                       " bytes were never acknowledged",
                   "nothing had come from the peer for " +
                       seconds_text(seconds(info.since_ack_received))}};
}

CauseOfEnd reset(const TcpInfo& info) {
  CauseOfEnd end{.cause = EndCause::kReset,
                 .evidence = {"no FIN was acknowledged, and no limit of the "
                              "kernel was reached: a RST came"}};
  if (info.probes > 0) {
    end.evidence.push_back("it came after " + std::to_string(info.probes) +
                           " unanswered keepalive probes");
  }
  if (info.retransmits > 0) {
    end.evidence.push_back("it came after data was sent again " +
                           std::to_string(info.retransmits) + " times");
  }
  end.evidence.push_back(
      "nothing had come from the peer for " +
      seconds_text(seconds(
          std::min(info.since_data_received, info.since_ack_received))));
  return end;
}

}  // namespace

CauseOfEnd cause_of(const EndFacts& facts) {
  const TcpInfo* const info = last_info(facts);
  const std::optional<Fin> fin = own_fin(facts);
  if (info == nullptr) {
    if (facts.remains == Remains::kTimeWait) {
      return closed_in_order(facts);
    }
    return {.cause = EndCause::kUnknown,
            .evidence = {"its socket was gone at the next look"}};
  }
  if (fin ? fin->acknowledged : facts.remains == Remains::kTimeWait) {
    return closed_in_order(facts);
  }
  if (facts.remains == Remains::kClosing || (fin && fin->outstanding)) {
    return closed_without_answer(facts);
  }
  if (is_end_by_probes(facts, *info) || is_end_without_probes(facts)) {
    return ended_by_probes(*info);
  }
  if (is_end_by_retransmission(facts, *info)) {
    return ended_by_retransmission(facts, *info);
  }
  if (has_peers_fin_come(facts).value_or(false)) {
    return {.cause = EndCause::kClosed,
            .closed_by = ClosedBy::kPeer,
            .evidence = {"the peer has sent a FIN, and a RST to what came "
                         "after it"}};
  }
  if (facts.final->unread_bytes > 0) {
    return {.cause = EndCause::kClosed,
            .closed_by = ClosedBy::kHere,
            .evidence = {"the process here has closed it with data unread, "
                         "which sends a RST"}};
  }
  if (!fin) {
    return {.cause = EndCause::kUnknown,
            .evidence = {"this kernel does not tell whether a FIN was sent"}};
  }
  return reset(*info);
}

std::optional<Seconds> silence_before_death(const EndFacts& facts,
                                            EndCause cause) {
  const TcpInfo* const info = last_info(facts);
  if (info == nullptr) {
    return std::nullopt;
  }
  const Seconds since_received =
      seconds(std::min(info->since_data_received, info->since_ack_received));
  Seconds in_vain{0};
  switch (cause) {
    case EndCause::kReset:
      break;
    case EndCause::kTcpKeepalive:
      in_vain = facts.keepalive->end_after_first_tick.latest;
      break;
    case EndCause::kRetransmissionLimit:
      in_vain =
          retransmission_time(*facts.retransmission, trip_of(facts)).latest;
      break;
    case EndCause::kSshKeepalive:
      in_vain = facts.verdict.messages_end->time.latest;
      if (const auto& refresh = facts.verdict.refresh) {
        in_vain -= std::min(refresh->time.earliest, in_vain);
      }
      break;
    default:
      return std::nullopt;
  }
  return std::max(since_received - in_vain, Seconds(0));
}

}  // namespace ssh_keepalive::diagnosis
