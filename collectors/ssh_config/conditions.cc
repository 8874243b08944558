// Whether a Host or Match line applies: match_cfg_line() and the case of Host
// in OpenSSH's readconf.c.
#include <algorithm>

#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/evaluator.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr std::size_t kMaxCompared = 200'000'000;  // a fraction of a second

using Kind = Criterion::Kind;

// A Host line: a negated pattern that matches ends it, and wins.
bool host_line_matches(const std::vector<std::string>& patterns,
                       std::string_view host) {
  bool matched = false;
  for (std::string_view pattern : patterns) {
    const bool negated = pattern.starts_with('!');
    if (negated) {
      pattern.remove_prefix(1);
    }
    if (openssh::match_pattern(host, pattern)) {
      if (negated) {
        return false;
      }
      matched = true;
    }
  }
  return matched;
}

// Whether ssh comes across an empty pattern before it has seen enough.
bool meets_empty_pattern(const std::vector<std::string>& patterns,
                         std::string_view host, bool never) {
  for (std::string_view pattern : patterns) {
    if (pattern.empty()) {
      return true;
    }
    if (never || (pattern.starts_with('!') &&
                  openssh::match_pattern(host, pattern.substr(1)))) {
      return false;
    }
  }
  return false;
}

bool matches_list(std::string_view text, const std::string& list) {
  return openssh::match_pattern_list(text, list, false);
}

// "tagged" and "command": from 10.0 on, an empty argument means an empty text.
bool matches_or_both_empty(std::string_view text, const std::string& list,
                           bool empty_allowed) {
  return text.empty() && empty_allowed ? list.empty()
                                       : matches_list(text, list);
}

// What ssh may call itself, version.h's SSH_RELEASE: only Debian's package
// version says it all. The package 10.0p1 has 10.0p2 inside.
Texts own_names(const openssh::Version& version, const Cause& cause) {
  std::string_view text = version.text;
  text.remove_prefix(std::min(text.find(':') + 1, text.size()));
  const std::size_t dash = text.find('-');
  if (!version.debian || dash == std::string_view::npos) {
    return {.others = cause};
  }
  const std::string revision(text.substr(dash + 1));
  const std::string vendor =
      revision.find("ubuntu") == std::string::npos ? " Debian-" : " Ubuntu-";
  const std::string portable(text.substr(0, dash));
  const std::string actual = portable == "10.0p1" ? "10.0p2" : portable;
  return {.known = {{.text = "OpenSSH_" + actual + vendor + revision}}};
}

}  // namespace

std::optional<std::string> expand_hostname(std::string_view text,
                                           std::string_view host) {
  std::string expanded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      expanded += text[i];
      continue;
    }
    ++i;
    if (i == text.size() || (text[i] != '%' && text[i] != 'h')) {
      return std::nullopt;
    }
    if (text[i] == 'h') {
      expanded += host;
    } else {
      expanded += '%';
    }
  }
  return expanded;
}

// The name that ssh would connect to, as known so far.
Texts Evaluator::current_host() const {
  if (final_pass_) {
    return host_;
  }
  const std::string& given = request_.host;
  const Slot& hostname = slot(Keyword::kHostname);
  Texts texts;
  for (const Assignment& possible : hostname.possible) {
    std::optional<std::string> text =
        expand_hostname(possible.value->text, given);
    if (text) {
      texts.known.push_back(
          {.text = *std::move(text), .cause = possible.cause});
    }
  }
  std::optional<std::string> text;
  if (hostname.settled) {
    text = expand_hostname(hostname.settled->value->text, given);
  }
  texts.known.push_back({.text = text.value_or(given)});
  return texts;
}

Texts Evaluator::local_user(Origin at) const {
  Texts texts;
  if (request_.local_user) {
    texts.known.push_back({.text = *request_.local_user});
  } else {
    texts.others = Cause{.at = at, .reason = Reason::kLocalUser};
  }
  return texts;
}

Texts Evaluator::remote_user(Origin at) const {
  if (request_.user) {
    return {.known = {{.text = *request_.user}}};
  }
  const Slot& user = slot(Keyword::kUser);
  Texts texts = user.settled ? Texts{} : local_user(at);
  for (const Assignment& possible : user.possible) {
    texts.known.push_back(
        {.text = possible.value->text, .cause = possible.cause});
  }
  if (user.settled) {
    texts.known.push_back({.text = user.settled->value->text});
  }
  return texts;
}

Decision Evaluator::check(const Criterion& criterion, Origin at) {
  const std::string& argument = criterion.argument;
  const auto in_list = [&argument](std::string_view text) {
    return matches_list(text, argument);
  };
  // Host names are compared in lower case.
  const auto is_host = [&argument](std::string_view text) {
    return openssh::match_pattern_list(openssh::to_lower(text), argument, true);
  };
  const auto hold = [this, &argument](const Texts& texts, auto predicate) {
    charge(texts, argument.size());
    return stopped() ? decide(false) : texts.check(predicate);
  };
  switch (criterion.kind) {
    case Kind::kAll:
      return decide(true);
    case Kind::kCanonical:
    case Kind::kFinal:
      return decide(final_pass_);
    case Kind::kHost:
      return hold(current_host(), is_host);
    case Kind::kOriginalHost:
      return hold({.known = {{.text = request_.host}}}, is_host);
    case Kind::kUser:
      return hold(remote_user(at), in_list);
    case Kind::kLocalUser:
      return hold(local_user(at), in_list);
    case Kind::kExec:
      return maybe_because({.at = at, .reason = Reason::kExec});
    case Kind::kLocalNetwork:
      return maybe_because({.at = at, .reason = Reason::kLocalNetwork});
    case Kind::kVersion: {
      const Cause cause{.at = at, .reason = Reason::kVersionText};
      return own_names(files_.version(), cause).check(in_list);
    }
    case Kind::kTagged: {
      Texts tags;
      for (const Assignment& possible : slot(Keyword::kTag).possible) {
        tags.known.push_back(
            {.text = possible.value->text, .cause = possible.cause});
      }
      const std::optional<Assignment>& settled = slot(Keyword::kTag).settled;
      tags.known.push_back({.text = settled ? settled->value->text : ""});
      return hold(tags, [&argument, this](std::string_view tag) {
        return matches_or_both_empty(tag, argument, at_least(10, 0));
      });
    }
    case Kind::kCommand:  // a plain shell has none
      return hold({.known = {{.text = request_.command}}},
                  [&argument](std::string_view command) {
                    return matches_or_both_empty(command, argument, true);
                  });
    case Kind::kSessionType: {
      Texts types;
      const Slot& configured = slot(Keyword::kSessionType);
      const std::string by_default =
          request_.command.empty() ? "shell" : "exec";
      const auto name = [&by_default](const Assignment& assignment) {
        const std::string& text = assignment.value->text;
        return text == "default" ? by_default : text;
      };
      for (const Assignment& possible : configured.possible) {
        types.known.push_back(
            {.text = name(possible), .cause = possible.cause});
      }
      types.known.push_back({.text = configured.settled
                                         ? name(*configured.settled)
                                         : by_default});
      return types.check(in_list);
    }
  }
  return decide(false);
}

void Evaluator::charge(const Texts& candidates, std::size_t pattern_bytes) {
  for (const Texts::Text& candidate : candidates.known) {
    compared_ += (candidate.text.size() + 1) * pattern_bytes;
  }
  if (compared_ > kMaxCompared && !error_) {
    error_ = Error{.kind = ErrorKind::kLimit,
                   .attempted = "evaluate",
                   .subject = "the configuration",
                   .reason = "too many and too long patterns"};
  }
}

Decision Evaluator::matches(const Statement& statement,
                            const Reading& reading) {
  const Origin at = origin(reading, statement);
  Decision result = decide(true);
  for (const Criterion& criterion : statement.criteria) {
    // Asked for wherever the line stands; "!final" does not ask from 10.1 on.
    if (criterion.kind == Kind::kFinal &&
        (!criterion.negated || !at_least(10, 1))) {
      final_pass_wanted_ = true;
    }
    if (stopped()) {
      return decide(false);
    }
    const Decision one = check(criterion, at);
    result = both(result, criterion.negated ? negate(one) : one);
  }
  return result;
}

void Evaluator::apply_host(const Statement& statement, Reading& reading) {
  std::size_t pattern_bytes = 0;
  for (const std::string& pattern : statement.arguments) {
    pattern_bytes += pattern.size();
  }
  charge(host_, pattern_bytes);
  if (stopped()) {
    return;
  }
  if (meets_empty_pattern(statement.arguments, host_.known.front().text,
                          reading.never)) {
    refuse(origin(reading, statement), "empty argument");
    return;
  }
  if (reading.never) {
    reading.active = decide(false);
    return;
  }
  reading.active =
      both(reading.outer, host_.check([&statement](std::string_view host) {
        return host_line_matches(statement.arguments, host);
      }));
}

}  // namespace ssh_keepalive::ssh_config
