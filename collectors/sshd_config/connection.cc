#include "collectors/sshd_config/connection.h"

#include <algorithm>
#include <array>

#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "collectors/openssh_syntax/address_list.h"
#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/values.h"
#include "collectors/openssh_syntax/words.h"

namespace ssh_keepalive::sshd_config {
namespace {

using openssh::Release;
using Verdict = std::variant<bool, std::string>;

constexpr Release kInvalidUserCriterion{9, 9};
constexpr Release kArgumentsInMatch{10, 0};

struct Criterion {
  std::string_view name;
  Verdict (*match)(const std::string& argument, const Connection* connection);
  Release since{};
};

Verdict match_address(const std::optional<std::string>& address,
                      const std::string& list) {
  const auto matched = openssh::match_address_list(
      address ? std::optional<std::string_view>(*address) : std::nullopt, list);
  if (!matched) {
    return "the address list of Match is not valid";
  }
  return *matched && address;
}

Verdict match_local_port(const std::string& argument,
                         const Connection* connection) {
  const auto port = openssh::parse_port(argument);
  if (!port) {
    return "the port of Match is not valid";
  }
  return connection != nullptr && connection->local_port == port;
}

constexpr auto kCriteria = std::to_array<Criterion>({
    {"user",
     [](const std::string& argument, const Connection* c) -> Verdict {
       return c != nullptr && c->user &&
              openssh::match_pattern_list(*c->user, argument, false);
     }},
    {"group",
     [](const std::string& argument, const Connection* c) -> Verdict {
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
     [](const std::string& argument, const Connection* c) -> Verdict {
       return c != nullptr && c->host &&
              openssh::match_pattern_list(openssh::to_lower(*c->host), argument,
                                          true);
     }},
    {"address",
     [](const std::string& argument, const Connection* c) {
       return match_address(c != nullptr ? c->address : std::nullopt, argument);
     }},
    {"localaddress",
     [](const std::string& argument, const Connection* c) {
       return match_address(c != nullptr ? c->local_address : std::nullopt,
                            argument);
     }},
    {"localport", match_local_port},
    {"rdomain",
     [](const std::string& argument, const Connection* c) -> Verdict {
       return c != nullptr && c->routing_domain &&
              openssh::match_pattern_list(*c->routing_domain, argument, false);
     }},
    {"version",
     [](const std::string& argument, const Connection* c) -> Verdict {
       return c != nullptr &&
              openssh::match_pattern_list(c->server_version, argument, false);
     },
     {10, 0}},
});

const Criterion* find_criterion(std::string_view name, Release release) {
  const auto* const found =
      std::ranges::find(kCriteria, name, &Criterion::name);
  return found != kCriteria.end() && release >= found->since ? found : nullptr;
}

// The words of a Match line. Before 10.0 they are cut like keywords, so that
// `user=alice` is two words; from then on such a word is cut at its first `=`.
std::optional<std::vector<std::string>> words_of(const Line& line,
                                                 Release release) {
  std::vector<std::string> words;
  if (release < kArgumentsInMatch) {
    openssh::DelimitedWords delimited(line.rest);
    while (!delimited.exhausted()) {
      auto word = delimited.next();
      if (!word || word->empty() || word->front() == '#') {
        break;
      }
      words.push_back(*std::move(word));
    }
    return words;
  }
  if (!line.arguments) {
    return std::nullopt;
  }
  for (const std::string& word : *line.arguments) {
    const std::size_t equals = word.find('=');
    const bool is_value =
        words.size() % 2 == 1 ||
        find_criterion(openssh::to_lower(word.substr(0, equals)), release) ==
            nullptr;
    if (equals == word.npos || is_value) {
      words.push_back(word);
    } else {
      words.push_back(word.substr(0, equals));
      words.push_back(word.substr(equals + 1));
    }
  }
  return words;
}

// Fields of a line of passwd(5) and group(5).
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    fields.emplace_back(line.substr(0, colon));
    if (colon == line.size()) {
      return fields;
    }
    line.remove_prefix(colon + 1);
  }
}

template <typename Visit>
void for_each_line(const HostRoot& root, const char* path, Visit visit) {
  constexpr std::size_t kMaxDatabaseBytes = std::size_t{16} << 20;
  const Result<ssh_keepalive::File> file =
      read_file(root, path, kMaxDatabaseBytes);
  std::string_view text = file.ok() ? file->bytes : std::string_view();
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    visit(fields_of(text.substr(0, length)));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
}

}  // namespace

Result<Connection> parse_connection(std::string_view spec) {
  struct TextField {
    std::string_view name;
    std::optional<std::string> Connection::*value;
  };
  static constexpr std::array kTextFields = {
      TextField{"user", &Connection::user},
      TextField{"host", &Connection::host},
      TextField{"addr", &Connection::address},
      TextField{"laddr", &Connection::local_address},
      TextField{"rdomain", &Connection::routing_domain}};
  Connection connection;
  while (!spec.empty()) {
    const std::size_t length = std::min(spec.find(','), spec.size());
    const std::string_view part = spec.substr(0, length);
    spec.remove_prefix(std::min(length + 1, spec.size()));
    if (part == "invalid-user") {
      connection.invalid_user = true;
      continue;
    }
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    const std::string_view value =
        part.substr(std::min(equals + 1, part.size()));
    const auto* const field =
        std::ranges::find(kTextFields, name, &TextField::name);
    if (equals < part.size() && field != kTextFields.end()) {
      connection.*field->value = std::string(value);
    } else if (equals < part.size() && name == "lport" &&
               openssh::parse_port(value)) {
      connection.local_port = openssh::parse_port(value);
    } else {
      return Error{
          .kind = ErrorKind::kInvalid,
          .reason = "expected user=,host=,addr=,laddr=,lport=,rdomain="};
    }
  }
  return connection;
}

std::vector<std::string> groups_of(const HostRoot& root,
                                   const std::string& user) {
  constexpr std::size_t kPasswdFields = 7;
  constexpr std::size_t kGroupFields = 4;
  constexpr std::size_t kId = 2;  // in group(5)
  constexpr std::size_t kPrimaryGroup = 3;
  constexpr std::size_t kMembers = 3;
  std::optional<std::string> primary;
  for_each_line(root, "/etc/passwd", [&](const auto& fields) {
    if (fields.size() == kPasswdFields && fields.front() == user && !primary) {
      primary = fields.at(kPrimaryGroup);
    }
  });
  std::vector<std::string> groups;
  if (!primary) {
    return groups;
  }
  for_each_line(root, "/etc/group", [&](const auto& fields) {
    if (fields.size() == kGroupFields &&
        (fields.at(kId) == *primary ||
         ("," + fields.at(kMembers) + ",").find("," + user + ",") !=
             std::string::npos)) {
      groups.push_back(fields.front());
    }
  });
  return groups;
}

Verdict match_line(const Line& line, const openssh::Version& version,
                   const Connection* connection) {
  const auto words = words_of(line, version.release);
  if (!words || words->empty()) {
    return "Match has no criteria";
  }
  bool matched = true;
  for (std::size_t i = 0; i < words->size(); ++i) {
    const std::string name = openssh::to_lower(words->at(i));
    if (name == "all") {
      if (words->size() > 1) {
        return "`all` of Match stands beside other criteria";
      }
      return true;
    }
    if (name == "invalid-user" && version.release >= kInvalidUserCriterion) {
      matched = matched && connection != nullptr && connection->invalid_user;
      continue;
    }
    const Criterion* const criterion = find_criterion(name, version.release);
    if (criterion == nullptr) {
      return "Match has an unknown criterion";
    }
    if (++i == words->size() || words->at(i).empty()) {
      return "a criterion of Match has no argument";
    }
    Verdict verdict = criterion->match(words->at(i), connection);
    if (std::holds_alternative<std::string>(verdict)) {
      return verdict;
    }
    matched = std::get<bool>(verdict) && matched;
  }
  return matched;
}

}  // namespace ssh_keepalive::sshd_config
