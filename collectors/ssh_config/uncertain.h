// Values and conditions that may depend on what this program does not find
// out. An evaluation follows all outcomes at once: every condition is yes, no
// or maybe, and every value is a list of possible ones.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_UNCERTAIN_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_UNCERTAIN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/ssh_config/statement.h"

namespace ssh_keepalive::ssh_config {

// A line: an index into the evaluation's list of file names, and a number.
struct Origin {
  std::uint32_t file = 0;
  std::uint32_t line = 0;

  bool operator==(const Origin&) const = default;
};

enum class Reason : std::uint8_t {
  kExec,          // Match exec: never executed
  kLocalNetwork,  // Match localnetwork: the addresses of the moment
  kLocalUser,     // who runs ssh is not known
  kDns,           // CanonicalizeHostname asks the DNS
  kVersionText,   // Match version: the exact banner is not known
};

// The first unknown thing that a value or condition depends on.
struct Cause {
  Origin at;
  Reason reason = Reason::kExec;
};

struct Decision {
  enum class Truth : std::uint8_t { kNo, kMaybe, kYes };
  Truth truth = Truth::kYes;
  Cause cause;  // of a maybe

  [[nodiscard]] bool yes() const { return truth == Truth::kYes; }
  [[nodiscard]] bool no() const { return truth == Truth::kNo; }
  [[nodiscard]] bool maybe() const { return truth == Truth::kMaybe; }
};

inline Decision decide(bool value) {
  return {.truth = value ? Decision::Truth::kYes : Decision::Truth::kNo};
}

inline Decision maybe_because(Cause cause) {
  return {.truth = Decision::Truth::kMaybe, .cause = cause};
}

inline Decision negate(Decision decision) {
  return decision.maybe() ? decision : decide(decision.no());
}

// Both: of two maybes the first gives the cause.
inline Decision both(const Decision& a, const Decision& b) {
  if (a.no() || b.yes()) {
    return a;
  }
  return b.no() || a.yes() ? b : a;
}

// A text that may be one of several.
struct Texts {
  struct Text {
    std::string text;
    std::optional<Cause> cause;  // why this is not the only one
  };
  std::vector<Text> known;
  std::optional<Cause> others;  // it may also be anything else

  // Whether `holds` is true of the text.
  template <typename Predicate>
  [[nodiscard]] Decision check(Predicate holds) const;
};

template <typename Predicate>
Decision Texts::check(Predicate holds) const {
  bool any = false;
  bool all = !others;
  std::optional<Cause> cause = others;
  for (const Text& candidate : known) {
    const bool holds_here = holds(std::string_view(candidate.text));
    any = any || holds_here;
    all = all && holds_here;
    cause = cause ? cause : candidate.cause;
  }
  if (all) {
    return decide(true);
  }
  return any || others ? maybe_because(cause.value_or(Cause{})) : decide(false);
}

// %h and %% in HostName; nothing where another token makes ssh give up.
std::optional<std::string> expand_hostname(std::string_view text,
                                           std::string_view host);

// One line that sets a keyword.
struct Assignment {
  const Value* value = nullptr;  // lives in a parsed file
  Origin at;
  Cause cause;  // why it may not act
};

// A keyword that is set once: by the first line that applies.
struct Slot {
  std::vector<Assignment> possible;   // they may act, in this order
  std::optional<Assignment> settled;  // it acts if none of them does
};

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_UNCERTAIN_H_
