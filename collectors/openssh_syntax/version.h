// Which OpenSSH a configuration is read for: its language changes.
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_VERSION_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_VERSION_H_

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/base/file.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::openssh {

struct Release {
  int major = 0;
  int minor = 0;

  auto operator<=>(const Release&) const = default;
};

struct Version {
  Release release{9, 2};
  bool debian = true;  // built with Debian's patches
  std::string text = "9.2p1 (assumed)";

  bool operator==(const Version&) const = default;
};

// "9.2", "9.2p1" or a package's version like "1:9.2p1-2+deb12u3", which is
// Debian's build. Nothing for any other text.
std::optional<Version> parse_version(std::string_view text);

// Whether ProxyJump is read as from 10.3 on: what is printed ends before the
// comment, and "ProxyJump none" leaves ProxyCommand alone. Debian's fix of
// CVE-2026-35386 brought it to 8.4 (deb11u7), 9.2 (deb12u10) and 10.0
// (deb13u3).
bool has_proxy_jump_of_10_3(const Version& version);

// Whether ChannelTimeout calls the channel of an ssh's session by what the
// session is, as sshd does, and no longer "session": from 10.4 on, and Debian's
// 10.0 since deb13u3, whose changes of IPQoS brought it.
bool has_client_channel_types(const Version& version);

// Whether Match knows the one word "user=alice", and takes no `invalid-user`
// for met where there is no connection: from 9.9p2 on; 9.9p1 alone did
// otherwise.
bool has_match_of_9_9p2(const Version& version);

// The packages of Debian whose sshd and ssh have confirmed how we read their
// configurations: see docs/openssh_versions.md.
struct Confirmation {
  Release release;
  std::string_view package;  // the version that was compared with
};

inline constexpr std::array kConfirmations = {
    Confirmation{{8, 4}, "1:8.4p1-5+deb11u7"},
    Confirmation{{9, 2}, "1:9.2p1-2+deb12u10"},
    Confirmation{{10, 0}, "1:10.0p1-7+deb13u4"}};

// Whether the reading of that release with Debian's patches is confirmed. Its
// other updates read alike, but for has_proxy_jump_of_10_3().
bool is_confirmed(const Version& version);

// What that sshd calls itself to its peer and in `Match version`:
// "OpenSSH_10.0p2 Debian-7" (version.h and Debian's patch of it).
std::string release_text(const Version& version);

// The version of an installed package ("openssh-server", "openssh-client") out
// of dpkg's database, /var/lib/dpkg/status; no program is ever started.
// Errors: kAbsent where there is no such database or package.
Result<Version> installed_version(const HostRoot& root,
                                  std::string_view package);

// The installed version of one package, looked up anew only where dpkg's
// database has changed: that file is large.
class VersionMemory {
 public:
  // As installed_version().
  Result<Version> installed(const HostRoot& root, std::string_view package);

 private:
  std::optional<FileIdentity> database_;
  std::optional<Result<Version>> version_;
};

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_VERSION_H_
