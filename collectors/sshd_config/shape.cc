#include "collectors/sshd_config/shape.h"

#include <algorithm>
#include <vector>

namespace ssh_keepalive::sshd_config {
namespace {

using openssh::Release;
using Refused = std::optional<std::string>;

constexpr Release kListsNeedOne{9, 7};
constexpr Release kSubsystemsMayRepeat{9, 5};

constexpr const char* kMissing = "an argument is missing";
constexpr const char* kExtra = "there are too many arguments";
constexpr const char* kSecondEquals = "there is a second `=`";

bool starts_with_equals(Shape shape, const std::vector<std::string>& words) {
  switch (shape) {
    case Shape::kValue:
    case Shape::kNames:
    case Shape::kSome:
    case Shape::kPair:
    case Shape::kCommand:
      return !words.empty() && words.front().starts_with('=');
    default:
      return false;
  }
}

bool has_empty(const std::vector<std::string>& words) {
  return std::ranges::any_of(
      words, [](const std::string& word) { return word.empty(); });
}

// Before 8.7 an empty word ended a list, and nothing might follow it.
Refused refuse_more(const Line& line) {
  return line.behind == openssh::Behind::kEmptyWordAndMore ? Refused(kExtra)
                                                           : std::nullopt;
}

// Before 8.7 a second word that was looked for might not be empty. Only
// RekeyLimit looked for it behind an open quote.
bool misses_second(const Line& line) {
  return line.behind >= openssh::Behind::kEmptyWord ||
         (line.behind == openssh::Behind::kOpenQuote &&
          line.keyword->name == "rekeylimit");
}

// AuthenticationMethods, PermitOpen, PermitListen.
Refused refuse_some(const Line& line, Release release) {
  const std::vector<std::string>& words = *line.arguments;
  if (words.empty() || words.front().empty()) {
    return kMissing;
  }
  if (release < kListsNeedOne && line.keyword->name.starts_with("permit")) {
    // These two had to be the only word.
    const bool alone = words.front() == "any" || words.front() == "none";
    return alone ? words.size() > 1 ? Refused(kExtra) : std::nullopt
                 : refuse_more(line);
  }
  return has_empty(words) ? Refused(kMissing) : std::nullopt;
}

Refused refuse_subsystem(const Line& line, Release release, bool active,
                         std::set<std::string>& subsystems) {
  const std::vector<std::string>& words = *line.arguments;
  if (words.empty() || words.front().empty()) {
    return kMissing;
  }
  if (!active) {
    return std::nullopt;
  }
  if (!subsystems.insert(words.front()).second) {
    return release < kSubsystemsMayRepeat
               ? Refused("the subsystem is defined twice")
               : std::nullopt;
  }
  return words.size() < 2 || words.at(1).empty() ? Refused(kMissing)
                                                 : refuse_more(line);
}

}  // namespace

Refused refuse_shape(const Line& line, Release release, bool active,
                     std::set<std::string>& subsystems) {
  constexpr std::size_t kTwo = 2;
  const std::vector<std::string>& words = *line.arguments;
  const Shape shape = line.keyword->shape;
  if (starts_with_equals(shape, words)) {
    return kSecondEquals;
  }
  switch (shape) {
    case Shape::kValue:
    case Shape::kText:
      if (words.empty() || words.front().empty()) {
        return kMissing;
      }
      return words.size() > 1 ? Refused(kExtra) : std::nullopt;
    case Shape::kPair:
      if (words.empty() || words.front().empty() ||
          (words.size() == 1 && misses_second(line))) {
        return kMissing;
      }
      return words.size() > kTwo ? Refused(kExtra) : std::nullopt;
    case Shape::kWords:
    case Shape::kNames:
      // PubkeyAuthOptions alone has stayed content without any.
      if ((words.empty() && release >= kListsNeedOne &&
           line.keyword->name != "pubkeyauthoptions") ||
          has_empty(words)) {
        return kMissing;
      }
      return line.keyword->name == "authorizedkeysfile" ? std::nullopt
                                                        : refuse_more(line);
    case Shape::kSome:
      return refuse_some(line, release);
    case Shape::kSubsystem:
      return refuse_subsystem(line, release, active, subsystems);
    case Shape::kRest:
    case Shape::kCommand:
      return line.rest.empty() ? Refused(kMissing) : std::nullopt;
    case Shape::kAnything:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace ssh_keepalive::sshd_config
