// From what the files set to what ssh uses: fill_default_options() and
// dump_client_config() in OpenSSH's readconf.c.
#include <algorithm>
#include <array>

#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/evaluator.h"

namespace ssh_keepalive::ssh_config {
namespace {

struct Row {
  Keyword keyword;
  std::string_view name;
  std::string_view unit;
  std::string_view default_text;
  std::int64_t default_number;
};

// In the order of ssh -G.
constexpr std::array kRows = {
    Row{Keyword::kBatchMode, "batchmode", "", "no", 0},
    Row{Keyword::kControlMaster, "controlmaster", "", "false", 0},
    Row{Keyword::kTcpKeepAlive, "tcpkeepalive", "", "yes", 1},
    Row{Keyword::kServerAliveCountMax, "serveralivecountmax", "", "3", 3},
    Row{Keyword::kServerAliveInterval, "serveraliveinterval", "seconds", "0",
        0},
    Row{Keyword::kChannelTimeout, "channeltimeout", "", "none", 0},
    Row{Keyword::kConnectTimeout, "connecttimeout", "seconds", "none", 0},
    Row{Keyword::kControlPersist, "controlpersist", "seconds", "no", 0},
    Row{Keyword::kProxyCommand, "proxycommand", "", "none", 0},
    Row{Keyword::kProxyJump, "proxyjump", "", "none", 0},
};

// A value that a keyword may have, and the line that gives it.
struct Candidate {
  std::string text;
  std::int64_t number = 0;
  bool proxy = false;  // a proxy, whatever it is called
  std::optional<Origin> at;
  Cause cause;
};

// All that a keyword may be: one of `possible` if its cause is true, in this
// order, else `otherwise`.
struct Candidates {
  std::vector<Candidate> possible;
  Candidate otherwise;
  bool is_default = true;
};

// ProxyJump and ProxyCommand share a slot: what sets the one leaves the other
// at "none". A ProxyJump has a hop, or says "none" with the number 1.
bool sets(Keyword keyword, const Value& value) {
  const bool jump = value.jump || value.number == 1;
  return keyword == Keyword::kProxyJump      ? jump
         : keyword == Keyword::kProxyCommand ? !jump
                                             : true;
}

Candidate to_candidate(const Row& row, const Assignment& assignment) {
  const Value& value = *assignment.value;
  const bool proxy = row.keyword == Keyword::kProxyCommand ||
                     row.keyword == Keyword::kProxyJump;
  const bool none = proxy && (is_no_proxy(value) || !sets(row.keyword, value));
  return {.text = none ? "none" : value.text,
          .number = value.number,
          .proxy = proxy && !none,
          .at = assignment.at,
          .cause = assignment.cause};
}

Candidates gather(const Row& row, const Slot& slot) {
  Candidates result{.otherwise = {.text = std::string(row.default_text),
                                  .number = row.default_number}};
  for (const Assignment& possible : slot.possible) {
    result.possible.push_back(to_candidate(row, possible));
  }
  if (slot.settled && sets(row.keyword, *slot.settled->value)) {
    result.otherwise = to_candidate(row, *slot.settled);
    result.is_default = false;
  }
  return result;
}

// Debian's ssh: "BatchMode yes" makes the default interval 300 seconds.
void imply_interval(const Slot& batch_mode, Candidates& interval) {
  constexpr std::int64_t kImplied = 300;
  const auto implied = [](const Assignment& batch) {
    return Candidate{.text = batch.value->number != 0 ? "300" : "0",
                     .number = batch.value->number != 0 ? kImplied : 0,
                     .at = batch.at,
                     .cause = batch.cause};
  };
  for (const Assignment& possible : batch_mode.possible) {
    interval.possible.push_back(implied(possible));
  }
  if (batch_mode.settled && batch_mode.settled->value->number != 0) {
    interval.otherwise = implied(*batch_mode.settled);
  }
}

std::string_view reason_text(Reason reason) {
  switch (reason) {
    case Reason::kExec:
      return "Match exec is never executed";
    case Reason::kLocalNetwork:
      return "depends on the addresses of the moment";
    case Reason::kLocalUser:
      return "depends on who runs ssh";
    case Reason::kDns:
      return "depends on the DNS, which is not asked";
    case Reason::kVersionText:
      return "depends on the exact version text of ssh";
  }
  return "";
}

// A pattern that matches no session of this ssh: up to 10.3 a session's
// channel is called "session", later "session:shell", "session:command" ...
bool matches_no_session(const std::vector<std::string>& items, bool subtypes) {
  return std::none_of(
      items.begin(), items.end(), [subtypes](const std::string& item) {
        const std::string_view pattern =
            std::string_view(item).substr(0, item.find('='));
        return pattern == "global" ||
               openssh::match_pattern(subtypes ? "session:shell" : "session",
                                      pattern);
      });
}

std::string value_note(Keyword keyword, const Candidates& value,
                       const Slot& slot, const Slot& proxy,
                       const openssh::Version& version) {
  const bool proxied = proxy.settled && !is_no_proxy(*proxy.settled->value);
  switch (keyword) {
    case Keyword::kTcpKeepAlive:
      return proxied && value.otherwise.number != 0
                 ? "no effect: behind ProxyJump or ProxyCommand the transport "
                   "is a pipe"
                 : "";
    case Keyword::kServerAliveInterval:
      return value.is_default && value.otherwise.number != 0
                 ? "implied by BatchMode in Debian's ssh"
                 : "";
    case Keyword::kServerAliveCountMax:
      return value.otherwise.number == 0
                 ? "ends a session after one silent interval, unasked"
                 : "";
    case Keyword::kControlMaster:
      return value.otherwise.number != 0
                 ? "a shared session lives by its master's settings"
                 : "";
    case Keyword::kChannelTimeout:
      return slot.settled && !slot.settled->value->items.empty() &&
                     matches_no_session(
                         slot.settled->value->items,
                         version.release >= openssh::Release{10, 4})
                 ? "no pattern matches a shell session"
                 : "";
    default:
      return "";
  }
}

}  // namespace

std::optional<SessionKind> Evaluator::session() const {
  const Slot& type = slot(Keyword::kSessionType);
  const Slot& command = slot(Keyword::kRemoteCommand);
  if (!type.possible.empty()) {
    return std::nullopt;
  }
  if (type.settled && type.settled->value->text == "none") {
    return SessionKind::kNone;
  }
  if (type.settled && type.settled->value->text == "subsystem") {
    return SessionKind::kSubsystem;
  }
  if (!request_.command.empty()) {
    return SessionKind::kCommand;
  }
  if (!command.possible.empty()) {
    return std::nullopt;
  }
  return command.settled && command.settled->value->number != 0
             ? SessionKind::kCommand
             : SessionKind::kShell;
}

Evaluation Evaluator::report() {
  refusals_.insert(refusals_.end(), late_refusals_.begin(),
                   late_refusals_.end());
  Evaluation evaluation{.shadowed = std::move(shadowed_),
                        .refusals = std::move(refusals_),
                        .notes = std::move(notes_),
                        .session = session(),
                        .newest = std::move(newest_)};
  const Slot& proxy = slot(Keyword::kProxyJump);
  for (const Row& row : kRows) {
    if (row.keyword == Keyword::kChannelTimeout && !at_least(9, 6)) {
      continue;
    }
    const bool is_proxy = row.keyword == Keyword::kProxyCommand ||
                          row.keyword == Keyword::kProxyJump;
    const Slot& source = is_proxy ? proxy : slot(row.keyword);
    Candidates value = gather(row, source);
    if (row.keyword == Keyword::kServerAliveInterval && value.is_default &&
        files_.version().debian) {
      imply_interval(slot(Keyword::kBatchMode), value);
    }
    while (!value.possible.empty() &&
           value.possible.back().text == value.otherwise.text) {
      value.possible.pop_back();
    }
    for (const Candidate& possible : value.possible) {
      evaluation.undecided.push_back(
          {.keyword = row.name,
           .if_true = possible.text,
           .if_false = value.otherwise.text,
           .source = location(possible.cause.at),
           .reason = reason_text(possible.cause.reason)});
    }
    Outcome outcome{.keyword = row.keyword,
                    .name = row.name,
                    .value = value.otherwise.text,
                    .number = value.otherwise.number,
                    .numeric = value.otherwise.text ==
                               std::to_string(value.otherwise.number),
                    .unit = row.unit,
                    .printed = !is_proxy || value.otherwise.proxy,
                    .decided = value.possible.empty(),
                    .is_default = value.is_default,
                    .note = value_note(row.keyword, value, source, proxy,
                                       files_.version())};
    if (row.keyword == Keyword::kChannelTimeout && source.settled) {
      outcome.items = source.settled->value->items;
    }
    if (value.otherwise.at) {
      outcome.source = location(*value.otherwise.at);
    }
    evaluation.outcomes.push_back(std::move(outcome));
  }
  return evaluation;
}

std::string place_of(const Location& location) {
  return location.line == 0
             ? location.file
             : location.file + ":" + std::to_string(location.line);
}

const Outcome* Evaluation::find(Keyword keyword) const {
  const auto found = std::find_if(
      outcomes.begin(), outcomes.end(),
      [keyword](const Outcome& outcome) { return outcome.keyword == keyword; });
  return found == outcomes.end() ? nullptr : &*found;
}

std::optional<std::int64_t> Evaluation::number(Keyword keyword) const {
  const Outcome* const outcome = find(keyword);
  return outcome != nullptr && outcome->decided ? std::optional(outcome->number)
                                                : std::nullopt;
}

Result<Evaluation> evaluate(const Request& request, Files& files) {
  return Evaluator(request, files).run();
}

}  // namespace ssh_keepalive::ssh_config
