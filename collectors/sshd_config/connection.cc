#include "collectors/sshd_config/connection.h"

#include <algorithm>
#include <array>

#include "collectors/base/file.h"
#include "collectors/openssh_syntax/values.h"

namespace ssh_keepalive::sshd_config {
namespace {

constexpr openssh::Release kInvalidUserCriterion{9, 9};

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

Result<Connection> parse_connection(std::string_view spec,
                                    const openssh::Version& version,
                                    const openssh::Services& services) {
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
  // As sshd, which stops at the first empty field.
  while (!spec.empty() && !spec.starts_with(',')) {
    const std::size_t length = std::min(spec.find(','), spec.size());
    const std::string_view part = spec.substr(0, length);
    spec.remove_prefix(std::min(length + 1, spec.size()));
    if (part == "invalid-user" && version.release >= kInvalidUserCriterion) {
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
               openssh::parse_port(value, services)) {
      connection.local_port = openssh::parse_port(value, services);
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

}  // namespace ssh_keepalive::sshd_config
