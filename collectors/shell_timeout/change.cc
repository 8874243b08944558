#include "collectors/shell_timeout/change.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "collectors/base/number.h"

namespace ssh_keepalive::shell_timeout {
namespace {

constexpr std::string_view kTmout = "TMOUT";
constexpr std::string_view kAutologout = "autologout";

using Words = std::span<const Word>;

// A plain number; empty text is 0, as the shells take it.
std::optional<std::chrono::seconds> seconds_of(std::string_view text,
                                               std::chrono::seconds unit) {
  if (text.empty()) {
    return std::chrono::seconds(0);
  }
  const auto number = parse_integer<std::int32_t>(text);
  return number ? std::optional(std::max(*number, 0) * unit) : std::nullopt;
}

// "TMOUT=…", where the name and the sign are not quoted unless they may be.
std::optional<Change> assignment(const Word& word, bool may_be_quoted) {
  const std::string_view text = word.text;
  if (!text.starts_with(kTmout)) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(kTmout.size());
  const bool adds = rest.starts_with("+=");
  rest.remove_prefix(adds ? 1 : 0);
  if (!rest.starts_with('=') ||
      (!may_be_quoted && word.unquoted_length <= text.size() - rest.size())) {
    return std::nullopt;
  }
  if (adds || !word.literal) {
    return Change();
  }
  return Change{.value = seconds_of(rest.substr(1), std::chrono::seconds(1))};
}

bool is_assignment(const Word& word) {
  const std::size_t equals = word.text.find('=');
  return equals != std::string::npos && equals > 0 &&
         word.unquoted_length > equals &&
         word.text.find_first_of("$`-./") >= equals;
}

bool is_one_of(std::string_view text, std::span<const std::string_view> names) {
  return std::ranges::find(names, text) != names.end();
}

// export, readonly, declare and their like.
std::optional<Change> declared(std::string_view builtin, Words arguments) {
  bool protects = builtin == "readonly";
  std::optional<Change> change;
  for (const Word& word : arguments) {
    if (word.text.starts_with('-')) {
      protects = protects || (builtin != "export" &&
                              word.text.find('r') != std::string::npos);
    } else if (word.text == kTmout) {
      change = Change{.assigns = false};
    } else if (const auto assigned = assignment(word, true)) {
      change = assigned;
    }
  }
  if (change) {
    change->protects = protects;
  }
  return change && (change->assigns || change->protects) ? change
                                                         : std::nullopt;
}

// Commands that may assign in ways that are not followed: "read TMOUT",
// "eval …", ": ${TMOUT:=900}".
std::optional<Change> unclear(Words words) {
  constexpr std::array<std::string_view, 4> kAssigning = {"eval", "read",
                                                          "printf", "let"};
  const bool may_assign = is_one_of(words.front().text, kAssigning);
  const bool found = std::ranges::any_of(words, [&](const Word& word) {
    const std::string_view text = word.text;
    return text.find("{TMOUT:=") != text.npos ||
           text.find("{TMOUT=") != text.npos ||
           (may_assign && text.find(kTmout) != text.npos);
  });
  return found ? std::optional(Change()) : std::nullopt;
}

// The value behind a name in "set name=value" or "set name = value"; nothing
// where that word sets another name.
std::optional<Change> set_value(Words words) {
  const Change off{.value = std::chrono::seconds(0)};
  std::string_view text = words.front().text;
  if (!text.starts_with(kAutologout)) {
    return std::nullopt;
  }
  text.remove_prefix(kAutologout.size());
  bool literal = words.front().literal;
  if (text.empty()) {
    if (words.size() == 1 || !words[1].text.starts_with('=')) {
      return off;
    }
    if (words[1].text.size() > 1) {
      return Change();  // tcsh refuses "set name =value", and ends the script
    }
    if (words.size() == 2) {
      return Change();  // a list in parentheses may stand there
    }
    text = words[2].text;
    literal = words[2].literal;
  } else if (text.starts_with('=')) {
    text.remove_prefix(1);
  } else {
    return std::nullopt;
  }
  if (text.starts_with('(') && text.find_first_of("$`") == text.npos) {
    // The first number logs out, the second one locks.
    text = trim(text.substr(1));
    text = text.substr(0, text.find_first_of(" \t\n)"));
    literal = true;
  }
  return literal ? Change{.value = seconds_of(text, std::chrono::minutes(1))}
                 : Change();
}

}  // namespace

std::optional<Change> tmout_change(const Command& command) {
  constexpr std::array<std::string_view, 2> kPrefixes = {"builtin", "command"};
  constexpr std::array<std::string_view, 6> kDeclaring = {
      "export", "readonly", "declare", "typeset", "local", "integer"};
  Words words = command.words;
  while (words.size() > 1 && is_one_of(words.front().text, kPrefixes)) {
    words = words.subspan(1);
  }
  const std::string_view first = words.front().text;
  if (is_one_of(first, kDeclaring)) {
    return declared(first, words.subspan(1));
  }
  if (first == "unset") {
    const bool named = std::ranges::any_of(
        words, [](const Word& word) { return word.text == kTmout; });
    return named ? std::optional(Change{.value = std::chrono::seconds(0)})
                 : std::nullopt;
  }
  // An assignment before a command acts for that command only.
  if (std::ranges::all_of(words, is_assignment)) {
    std::optional<Change> change;
    for (const Word& word : words) {
      const auto assigned = assignment(word, false);
      change = assigned ? assigned : change;
    }
    if (change) {
      return change;
    }
  }
  return unclear(words);
}

std::optional<Change> autologout_change(const Command& command) {
  Words words = command.words;
  const std::string_view first = words.front().text;
  if (first == "unset") {
    const bool named = std::ranges::any_of(
        words, [](const Word& word) { return word.text == kAutologout; });
    return named ? std::optional(Change{.value = std::chrono::seconds(0)})
                 : std::nullopt;
  }
  if (first == "@" || first == "eval") {
    const bool named = std::ranges::any_of(words, [](const Word& word) {
      return word.text.find(kAutologout) != std::string::npos;
    });
    return named ? std::optional(Change()) : std::nullopt;
  }
  if (first != "set") {
    return std::nullopt;
  }
  bool protects = false;
  std::optional<Change> change;
  for (words = words.subspan(1); !words.empty(); words = words.subspan(1)) {
    protects = protects || words.front().text == "-r";
    const auto set = set_value(words);
    change = set ? set : change;
  }
  if (change) {
    change->protects = protects;
  }
  return change;
}

}  // namespace ssh_keepalive::shell_timeout
