#include <algorithm>
#include <array>
#include <utility>

#include "collectors/openssh_syntax/address_list.h"
#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/values.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/sshd_config/connection.h"

namespace ssh_keepalive::sshd_config {
namespace {

using openssh::Release;
using Verdict = std::variant<bool, std::string>;

constexpr Release kInvalidUserCriterion{9, 9};
constexpr Release kArgumentsInMatch{9, 9};

// Where the criteria are evaluated.
struct Host {
  const openssh::Version& version;
  const openssh::Services& services;
};

struct Criterion {
  std::string_view name;
  Verdict (*match)(const std::string& argument, const Host& host,
                   const Connection* connection);
  Release since{};
};

Verdict match_address(const std::optional<std::string>& address,
                      const std::string& list, const Host& host) {
  const auto matched = openssh::match_address_list(
      address ? std::optional<std::string_view>(*address) : std::nullopt, list,
      host.version.release);
  if (!matched) {
    return "the address list of Match is not valid";
  }
  return *matched && address;
}

Verdict match_local_port(const std::string& argument, const Host& host,
                         const Connection* connection) {
  const auto port = openssh::parse_port(argument, host.services);
  if (!port) {
    return "the port of Match is not valid";
  }
  // `sshd -T` gives up where it would have to know the port.
  if (connection != nullptr && connection->local_port.value_or(0) == 0) {
    return "Match localport needs lport= in -C";
  }
  return connection != nullptr && connection->local_port == port;
}

constexpr auto kCriteria = std::to_array<Criterion>({
    {"user",
     [](const std::string& argument, const Host& /*host*/,
        const Connection* c) -> Verdict {
       return c != nullptr && c->user &&
              openssh::match_pattern_list(*c->user, argument, false);
     }},
    {"group",
     [](const std::string& argument, const Host& /*host*/,
        const Connection* c) -> Verdict {
       // A negated match of any group decides (groupaccess.c).
       bool matched = false;
       for (const std::string& group :
            c != nullptr ? c->groups : std::vector<std::string>()) {
         switch (openssh::hold_against_list(group, argument, false)) {
           case openssh::ListMatch::kNegated:
             return false;
           case openssh::ListMatch::kYes:
             matched = true;
             break;
           case openssh::ListMatch::kNo:
             break;
         }
       }
       return matched;
     }},
    {"host",
     [](const std::string& argument, const Host& /*host*/,
        const Connection* c) -> Verdict {
       return c != nullptr && c->host &&
              openssh::match_pattern_list(openssh::to_lower(*c->host), argument,
                                          true);
     }},
    {"address",
     [](const std::string& argument, const Host& host, const Connection* c) {
       return match_address(c != nullptr ? c->address : std::nullopt, argument,
                            host);
     }},
    {"localaddress",
     [](const std::string& argument, const Host& host, const Connection* c) {
       return match_address(c != nullptr ? c->local_address : std::nullopt,
                            argument, host);
     }},
    {"localport", match_local_port},
    {"rdomain",
     [](const std::string& argument, const Host& /*host*/,
        const Connection* c) -> Verdict {
       return c != nullptr && c->routing_domain &&
              openssh::match_pattern_list(*c->routing_domain, argument, false);
     }},
    {"version",
     [](const std::string& argument, const Host& host,
        const Connection* /*connection*/) -> Verdict {
       return openssh::match_pattern_list(openssh::release_text(host.version),
                                          argument, false);
     },
     {10, 0}},
});

const Criterion* find_criterion(std::string_view name, Release release) {
  const auto* const found =
      std::ranges::find(kCriteria, name, &Criterion::name);
  return found != kCriteria.end() && release >= found->since ? found : nullptr;
}

// The words of a Match line: until 9.8 they are cut like keywords, so that
// `user=alice` is two words.
class MatchWords {
 public:
  MatchWords(const Line& line, Release release)
      : by_arguments_(release >= kArgumentsInMatch),
        arguments_(*line.arguments),
        delimited_(line.rest) {}

  std::optional<std::string> next() {
    if (!by_arguments_) {
      return delimited_.next();
    }
    return next_ < arguments_.size() ? std::optional(arguments_[next_++])
                                     : std::nullopt;
  }

  void discard_rest() {
    delimited_ = openssh::DelimitedWords("");
    next_ = arguments_.size();
  }

  // Whether sshd finds arguments left behind the criteria.
  [[nodiscard]] bool has_extra() const {
    return by_arguments_ ? next_ < arguments_.size()
                         : !delimited_.exhausted() && !arguments_.empty();
  }
  [[nodiscard]] bool empty_word_ends() const { return !by_arguments_; }

 private:
  bool by_arguments_;
  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
  openssh::DelimitedWords delimited_;
};

// `all` stands alone.
Verdict match_all(MatchWords& words, bool is_first) {
  const std::optional<std::string> next = words.next();
  if (!is_first || (next && !next->empty() && next->front() != '#')) {
    return "`all` of Match stands beside other criteria";
  }
  if (next && next->starts_with('#')) {
    words.discard_rest();
  }
  return true;
}

// 9.9p1 takes `invalid-user` for met where there is no connection.
bool match_invalid_user(const openssh::Version& version,
                        const Connection* connection) {
  return connection != nullptr ? connection->invalid_user
                               : !openssh::has_match_of_9_9p2(version);
}

Verdict match_criterion(std::string word, MatchWords& words, const Host& host,
                        const Connection* connection) {
  const Release release = host.version.release;
  std::optional<std::string> argument;
  const std::size_t equals = word.find('=');
  if (openssh::has_match_of_9_9p2(host.version) && equals != word.npos &&
      find_criterion(openssh::to_lower(word.substr(0, equals)), release) !=
          nullptr) {
    argument = word.substr(equals + 1);
    word.resize(equals);
  } else {
    argument = words.next();
  }
  if (!argument || argument->empty() || argument->front() == '#') {
    return "a criterion of Match has no argument";
  }
  const Criterion* const criterion =
      find_criterion(openssh::to_lower(word), release);
  if (criterion == nullptr) {
    return "Match has an unknown criterion";
  }
  return criterion->match(openssh::list_as_read(*std::move(argument), release),
                          host, connection);
}

}  // namespace

Verdict match_line(const Line& line, const openssh::Version& version,
                   const openssh::Services& services,
                   const Connection* connection) {
  MatchWords words(line, version.release);
  bool matched = true;
  bool any = false;
  for (auto word = words.next(); word; word = words.next()) {
    if (word->empty() && words.empty_word_ends()) {
      break;
    }
    if (word->starts_with('#')) {
      words.discard_rest();
      break;
    }
    const std::string name = openssh::to_lower(*word);
    const bool is_first = !std::exchange(any, true);
    Verdict verdict = true;
    if (name == "all") {
      verdict = match_all(words, is_first);
    } else if (name == "invalid-user" &&
               version.release >= kInvalidUserCriterion) {
      verdict = match_invalid_user(version, connection);
    } else {
      verdict = match_criterion(*std::move(word), words, {version, services},
                                connection);
    }
    if (std::holds_alternative<std::string>(verdict)) {
      return verdict;
    }
    matched = std::get<bool>(verdict) && matched;
    if (name == "all") {
      break;
    }
  }
  if (!any) {
    return "Match has no criteria";
  }
  if (words.has_extra()) {
    return "there are too many arguments";
  }
  return matched;
}

std::vector<MatchCriterion> criteria_of(const Line& line,
                                        const openssh::Version& version) {
  std::vector<MatchCriterion> criteria;
  MatchWords words(line, version.release);
  for (auto word = words.next(); word; word = words.next()) {
    if (word->empty() || word->starts_with('#')) {
      break;
    }
    std::string name = openssh::to_lower(*word);
    if (name == "all") {
      break;
    }
    std::string argument;
    if (const std::size_t equals = name.find('=');
        equals != name.npos && openssh::has_match_of_9_9p2(version)) {
      argument = word->substr(equals + 1);
      name.resize(equals);
    } else if (name != "invalid-user") {
      argument = words.next().value_or("");
    }
    criteria.push_back(
        {std::move(name),
         openssh::list_as_read(std::move(argument), version.release)});
  }
  return criteria;
}

}  // namespace ssh_keepalive::sshd_config
