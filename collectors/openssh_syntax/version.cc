#include "collectors/openssh_syntax/version.h"

#include <algorithm>
#include <span>

#include "collectors/base/dpkg.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::openssh {
namespace {

// The update of a Debian release that a package's version names at its end,
// as "+deb12u10" does.
struct DebianUpdate {
  int debian = 0;
  int update = 0;
};

// A whole number of at most three digits at the start of `text`.
std::optional<int> take_number(std::string_view& text) {
  constexpr std::size_t kMaxDigits = 3;
  const std::size_t digits =
      std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kMaxDigits) {
    return std::nullopt;
  }
  const auto number = parse_integer<int>(text.substr(0, digits));
  text.remove_prefix(digits);
  return number;
}

std::optional<DebianUpdate> update_of(std::string_view text) {
  constexpr std::string_view kMark = "+deb";
  const std::size_t at = text.rfind(kMark);
  if (at == text.npos) {
    return std::nullopt;
  }
  text.remove_prefix(at + kMark.size());
  const auto debian = take_number(text);
  if (!debian || !text.starts_with('u')) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const auto update = take_number(text);
  return update ? std::optional<DebianUpdate>({*debian, *update})
                : std::nullopt;
}

// Debian's first update of a release that has a change.
struct Backport {
  Release release;
  DebianUpdate since;
};

bool is_since(const Version& version, Release upstream,
              std::span<const Backport> backports) {
  const auto update = update_of(version.text);
  return version.release >= upstream ||
         std::ranges::any_of(backports, [&](const Backport& one) {
           return update && version.release == one.release &&
                  update->debian == one.since.debian &&
                  update->update >= one.since.update;
         });
}

}  // namespace

bool has_proxy_jump_of_10_3(const Version& version) {
  static constexpr std::array kBackports = {Backport{{8, 4}, {11, 7}},
                                            Backport{{9, 2}, {12, 10}},
                                            Backport{{10, 0}, {13, 3}}};
  return is_since(version, {10, 3}, kBackports);
}

bool has_client_channel_types(const Version& version) {
  static constexpr std::array kBackports = {Backport{{10, 0}, {13, 3}}};
  return is_since(version, {10, 4}, kBackports);
}

bool has_match_of_9_9p2(const Version& version) {
  constexpr Release kChanged{9, 9};
  return version.release > kChanged ||
         (version.release == kChanged &&
          !release_text(version).starts_with("OpenSSH_9.9p1"));
}

bool is_confirmed(const Version& version) {
  return version.debian &&
         std::ranges::find(kConfirmations, version.release,
                           &Confirmation::release) != kConfirmations.end();
}

std::optional<Version> parse_version(std::string_view text) {
  Version version{.debian = false, .text = std::string(text)};
  if (const std::size_t colon = text.find(':'); colon != text.npos) {
    text.remove_prefix(colon + 1);
    version.debian = true;
  }
  const auto major = take_number(text);
  if (!major || !text.starts_with('.')) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const auto minor = take_number(text);
  if (!minor || (!text.empty() && text.front() != 'p')) {
    return std::nullopt;
  }
  version.debian = version.debian || text.find('-') != text.npos;
  version.release = {*major, *minor};
  return version;
}

std::string release_text(const Version& version) {
  const Release& release = version.release;
  // What was released as 10.0p1 says 10.0p2.
  constexpr Release kMisnamed{10, 0};
  std::string_view rest = version.text;
  rest.remove_prefix(std::min(rest.find(':') + 1, rest.size()));
  rest.remove_prefix(std::min(rest.find_first_of("p- "), rest.size()));
  std::string_view portable = "p1";
  if (release == kMisnamed) {
    portable = "p2";
  } else if (rest.starts_with('p')) {
    portable = rest.substr(0, rest.find_first_of("- "));
  }
  std::string text = "OpenSSH_" + std::to_string(release.major) + "." +
                     std::to_string(release.minor) + std::string(portable);
  if (const std::size_t dash = rest.find('-');
      dash != rest.npos && version.debian) {
    text += " Debian-";
    text += rest.substr(dash + 1, rest.find(' ') - dash - 1);
  }
  return text;
}

Result<Version> installed_version(const HostRoot& root,
                                  std::string_view package) {
  const Result<std::string> text = package_version(root, package);
  if (!text.ok()) {
    return text.error();
  }
  const std::optional<Version> version = parse_version(*text);
  if (!version) {
    return Error{.kind = ErrorKind::kAbsent,
                 .attempted = "find the version of",
                 .subject = std::string(package),
                 .reason = "its version is none of OpenSSH's"};
  }
  return *version;
}

Result<Version> VersionMemory::installed(const HostRoot& root,
                                         std::string_view package) {
  const Result<FileIdentity> database = identify_file(root, kDpkgStatus);
  if (!database.ok()) {
    version_.reset();
    return database.error();
  }
  if (!version_ || database_ != *database) {
    version_ = installed_version(root, package);
    database_ = *database;
  }
  return *version_;
}

}  // namespace ssh_keepalive::openssh
