#include "collectors/base/accounts.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive {
namespace {

constexpr std::size_t kMaxGroups = 65536;  // NGROUPS_MAX of the kernel
constexpr std::size_t kMaxDatabaseBytes = std::size_t{16} << 20;

// The first fields of a line of passwd(5) or group(5).
constexpr std::size_t kFields = 7;
using Fields = std::array<std::string_view, kFields>;

// Calls `use` with the fields of each line until it returns false.
template <typename Use>
void for_each_entry(const HostRoot& root, std::string_view path, Use use) {
  const Result<File> file = read_file(root, path, kMaxDatabaseBytes);
  if (!file.ok()) {
    return;
  }
  std::string_view rest = file->bytes;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    Fields fields;
    for (std::string_view& field : fields) {
      const std::size_t colon = std::min(line.find(':'), line.size());
      field = line.substr(0, colon);
      line.remove_prefix(std::min(colon + 1, line.size()));
    }
    if (!use(fields)) {
      return;
    }
  }
}

}  // namespace

std::optional<Account> account_of(const HostRoot& root, std::uint32_t uid) {
  std::optional<Account> account;
  for_each_entry(root, "/etc/passwd", [&account, uid](const Fields& fields) {
    if (parse_integer<std::uint32_t>(fields[2]) == uid) {
      account =
          Account{.name = std::string(fields[0]),
                  .home = std::string(fields[5]),
                  .uid = uid,
                  .gid = parse_integer<std::uint32_t>(fields[3]).value_or(uid),
                  .shell = std::string(fields[6])};
    }
    return !account;
  });
  return account;
}

std::optional<Account> account_named(const HostRoot& root,
                                     std::string_view name) {
  std::optional<Account> account;
  for_each_entry(root, "/etc/passwd", [&account, name](const Fields& fields) {
    const auto uid = parse_integer<std::uint32_t>(fields[2]);
    const auto gid = parse_integer<std::uint32_t>(fields[3]);
    if (fields[0] == name && uid && gid) {
      account = Account{.name = std::string(name),
                        .home = std::string(fields[5]),
                        .uid = *uid,
                        .gid = *gid,
                        .shell = std::string(fields[6])};
    }
    return !account;
  });
  return account;
}

UserIdentity identity_of(const HostRoot& root, const Account& account) {
  UserIdentity identity{.uid = account.uid, .gid = account.gid};
  const std::string member = "," + account.name + ",";
  for_each_entry(root, "/etc/group", [&](const Fields& fields) {
    const auto gid = parse_integer<std::uint32_t>(fields[2]);
    const std::string members = "," + std::string(fields[3]) + ",";
    if (gid && members.find(member) != std::string::npos) {
      identity.groups.push_back(*gid);
    }
    return identity.groups.size() < kMaxGroups;
  });
  return identity;
}

std::optional<std::string> home_of(const HostRoot& root,
                                   std::string_view user) {
  std::optional<std::string> home;
  for_each_entry(root, "/etc/passwd", [&home, user](const Fields& fields) {
    if (fields[0] == user) {
      home = std::string(fields[5]);
    }
    return !home;
  });
  return home;
}

bool is_private_group(const HostRoot& root, std::uint32_t gid,
                      std::uint32_t uid) {
  bool others = false;
  bool primary = false;
  bool exists = false;
  std::string name;
  for_each_entry(root, "/etc/passwd", [&](const Fields& fields) {
    const auto entry_uid = parse_integer<std::uint32_t>(fields[2]);
    const auto entry_gid = parse_integer<std::uint32_t>(fields[3]);
    if (entry_uid == uid && name.empty()) {
      name = std::string(fields[0]);
    }
    if (entry_gid == gid) {
      primary = true;
      others = others || entry_uid != uid;
    }
    return !others;
  });
  bool listed = false;
  for_each_entry(root, "/etc/group", [&](const Fields& fields) {
    if (parse_integer<std::uint32_t>(fields[2]) != gid) {
      return true;
    }
    exists = true;
    listed = !fields[3].empty();
    others = others || (listed && fields[3] != name);
    return false;
  });
  return exists && !others && !name.empty() && (primary || listed);
}

}  // namespace ssh_keepalive
