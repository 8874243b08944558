#include "collectors/sshd_config/trial_connections.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "collectors/openssh_syntax/address_list.h"
#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/values.h"
#include "collectors/openssh_syntax/words.h"

namespace ssh_keepalive::sshd_config {
namespace {

// The members of a comma-separated list.
std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> members;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    members.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return members;
}

// The same, `!` cut off.
std::vector<std::string> members_of(std::string_view list) {
  std::vector<std::string> members = split(list);
  for (std::string& member : members) {
    member.erase(0, member.starts_with('!') ? 1 : 0);
  }
  return members;
}

std::vector<std::string> negated_members_of(std::string_view list) {
  std::vector<std::string> members = split(list);
  std::erase_if(members, [](const std::string& member) {
    return !member.starts_with('!');
  });
  for (std::string& member : members) {
    member.erase(0, 1);
  }
  return members;
}

// A text that the pattern means, `*` standing for `any`.
std::string instance_of(std::string_view pattern, std::string_view any) {
  std::string text;
  for (const char c : pattern) {
    if (c == '*') {
      text += any;
    } else {
      text += c == '?' ? '1' : c;
    }
  }
  return text;
}

using Lists = std::vector<std::string>;

std::vector<std::string> names_to_try(const Lists& lists) {
  std::vector<std::string> names;
  for (const std::string& list : lists) {
    for (const std::string& member : members_of(list)) {
      for (const std::string_view any : {"", "x", "1.x-1"}) {
        names.push_back(instance_of(member, any));
      }
    }
  }
  names.emplace_back("somebody");
  return names;
}

std::vector<std::string> addresses_to_try(const Lists& lists) {
  std::vector<std::string> addresses;
  for (const std::string& list : lists) {
    for (const std::string& member : members_of(list)) {
      if (const auto ends = openssh::ends_of_network(member)) {
        addresses.push_back(ends->first);
        addresses.push_back(ends->second);
      }
      for (const std::string_view any : {"1", "1.1", "1.1.1", "::1"}) {
        addresses.push_back(instance_of(member, any));
      }
    }
  }
  addresses.emplace_back("192.0.2.1");
  addresses.emplace_back("2001:db8::1");
  return addresses;
}

// The first of `values` that all `lists` match; nothing where none does.
template <typename Matches>
std::optional<std::string> first_match(const std::vector<std::string>& values,
                                       const Lists& lists, Matches matches) {
  for (const std::string& value : values) {
    if (std::ranges::all_of(lists, [&](const std::string& list) {
          return matches(value, list);
        })) {
      return value;
    }
  }
  return std::nullopt;
}

bool matches_name(const std::string& name, const std::string& list) {
  return !name.empty() && openssh::match_pattern_list(name, list, false);
}

bool matches_host(const std::string& name, const std::string& list) {
  return !name.empty() &&
         openssh::match_pattern_list(openssh::to_lower(name), list, true);
}

bool matches_address(const std::string& address, const std::string& list) {
  return openssh::match_address_list(std::string_view(address), list,
                                     openssh::Version().release)
      .value_or(false);
}

// Sets one field of the connection so that all lists match; without lists to
// something that is not named anywhere.
struct Field {
  std::string_view criterion;
  std::optional<std::string> Connection::*value;
  std::vector<std::string> (*to_try)(const Lists& lists);
  bool (*matches)(const std::string& value, const std::string& list);
};

constexpr auto kFields = std::to_array<Field>({
    {"user", &Connection::user, names_to_try, matches_name},
    {"host", &Connection::host, names_to_try, matches_host},
    {"address", &Connection::address, addresses_to_try, matches_address},
    {"localaddress", &Connection::local_address, addresses_to_try,
     matches_address},
    {"rdomain", &Connection::routing_domain, names_to_try, matches_name},
});

class Wanted {
 public:
  explicit Wanted(const openssh::Services& services) : services_(services) {}

  void add(const MatchCriterion& criterion) { criteria_.push_back(criterion); }

  [[nodiscard]] std::optional<Connection> connection(
      const std::vector<int>& ports) const {
    Connection connection;
    for (const Field& field : kFields) {
      const Lists lists = lists_of(field.criterion);
      std::optional<std::string> value =
          first_match(field.to_try(lists), lists, field.matches);
      if (!value) {
        return std::nullopt;
      }
      connection.*field.value = std::move(value);
    }
    // Each list is met by a group of its own.
    for (const std::string& list : lists_of("group")) {
      auto group = first_match(names_to_try({list}), {list}, matches_name);
      if (!group) {
        return std::nullopt;
      }
      connection.groups.push_back(*std::move(group));
    }
    const Lists local_ports = lists_of("localport");
    const auto port = std::ranges::find_if(ports, [&](int number) {
      return std::ranges::all_of(local_ports, [&](const std::string& text) {
        return openssh::parse_port(text, services_) == number;
      });
    });
    if (port == ports.end()) {
      return std::nullopt;
    }
    connection.local_port = *port;
    return connection;
  }

 private:
  [[nodiscard]] Lists lists_of(std::string_view name) const {
    Lists lists;
    for (const MatchCriterion& criterion : criteria_) {
      if (criterion.name == name) {
        lists.push_back(criterion.argument);
      }
    }
    return lists;
  }

  const openssh::Services& services_;
  std::vector<MatchCriterion> criteria_;
};

}  // namespace

std::optional<Connection> connection_for(
    const std::vector<const MatchBlock*>& blocks, const Document& document,
    const std::vector<int>& ports) {
  Wanted wanted(document.services);
  for (const MatchBlock* const block : blocks) {
    for (const Line* const line : block->conditions) {
      for (const MatchCriterion& criterion :
           criteria_of(*line, document.version)) {
        wanted.add(criterion);
      }
    }
  }
  return wanted.connection(ports);
}

std::vector<Connection> exceptions_of(const std::vector<MatchBlock>& blocks,
                                      const Document& document,
                                      const std::vector<int>& ports) {
  constexpr std::size_t kMost = 32;
  std::vector<Connection> connections;
  for (const MatchBlock& block : blocks) {
    for (const Line* const line : block.conditions) {
      for (const MatchCriterion& criterion :
           criteria_of(*line, document.version)) {
        for (std::string& member : negated_members_of(criterion.argument)) {
          Wanted wanted(document.services);
          wanted.add({criterion.name, std::move(member)});
          auto connection = wanted.connection(ports);
          if (connection && connections.size() < kMost) {
            connections.push_back(*std::move(connection));
          }
        }
      }
    }
  }
  return connections;
}

}  // namespace ssh_keepalive::sshd_config
