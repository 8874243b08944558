#include "collectors/sshd_config/socket_units.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

#include "collectors/base/drop_ins.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "collectors/base/systemd_syntax.h"

namespace ssh_keepalive::sshd_config {
namespace {

// The first two are OpenSSH's, as distributions call them.
constexpr std::array<std::string_view, 4> kUnits = {
    "ssh.socket", "sshd.socket", "dropbear.socket", "tinysshd.socket"};
constexpr std::size_t kOpenSshUnits = 2;

// The load path of system units: the first directory that has a file of a name
// wins. systemd.unit(5), path-lookup.c.
constexpr std::array<std::string_view, 13> kDirectories = {
    "/etc/systemd/system.control", "/run/systemd/system.control",
    "/run/systemd/transient",      "/run/systemd/generator.early",
    "/etc/systemd/system",         "/etc/systemd/system.attached",
    "/run/systemd/system",         "/run/systemd/system.attached",
    "/run/systemd/generator",      "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",     "/lib/systemd/system",
    "/run/systemd/generator.late",
};

constexpr std::array<std::string_view, 8> kListenKeys = {
    "ListenStream",       "ListenDatagram",   "ListenSequentialPacket",
    "ListenFIFO",         "ListenSpecial",    "ListenNetlink",
    "ListenMessageQueue", "ListenUSBFunction"};

bool is_enabled(const HostRoot& root, std::string_view unit) {
  const std::string link =
      "/etc/systemd/system/sockets.target.wants/" + std::string(unit);
  return root.open_path(link, O_PATH | O_NOFOLLOW).ok();
}

// "22", "192.0.2.1:22", "[::]:22"; other addresses are no TCP ports.
std::optional<std::uint16_t> port_of(std::string_view address) {
  if (address.starts_with("vsock") || address.starts_with('/') ||
      address.starts_with('@')) {
    return std::nullopt;
  }
  const std::size_t colon = address.rfind(':');
  const auto port = parse_integer<std::uint16_t>(
      colon == address.npos ? address : address.substr(colon + 1));
  return port == 0 ? std::nullopt : port;
}

DropIns drop_ins_of(const HostRoot& root, std::string_view unit) {
  std::vector<std::string> folders;
  folders.reserve(kDirectories.size());
  for (const std::string_view directory : kDirectories) {
    folders.push_back(std::string(directory) + "/" + std::string(unit) + ".d");
  }
  const std::vector<std::string_view> views(folders.begin(), folders.end());
  return find_drop_ins(root, views);
}

std::vector<std::uint16_t> ports_of(const HostRoot& root,
                                    std::string_view unit) {
  std::vector<std::uint16_t> ports;
  for (const std::string_view directory : kDirectories) {
    const std::string path = std::string(directory) + "/" + std::string(unit);
    if (!root.open_path(path, O_PATH | O_NOFOLLOW).ok()) {
      continue;
    }
    const Result<File> file = read_file(root, path);
    if (!file.ok()) {
      return {};  // masked, by a link to /dev/null
    }
    apply_socket_unit(file->bytes, ports);
    break;
  }
  const DropIns drop_ins = drop_ins_of(root, unit);
  for (const auto& [name, paths] : drop_ins.files) {
    if (const Result<File> file = read_file(root, paths.front()); file.ok()) {
      apply_socket_unit(file->bytes, ports);
    }
  }
  return ports;
}

}  // namespace

bool is_socket_activated(const HostRoot& root) {
  return std::ranges::any_of(
      std::span(kUnits).first(kOpenSshUnits),
      [&root](std::string_view unit) { return is_enabled(root, unit); });
}

std::vector<std::uint16_t> socket_unit_ports(const HostRoot& root) {
  std::vector<std::uint16_t> all;
  for (const std::string_view unit : kUnits) {
    if (is_enabled(root, unit)) {
      const std::vector<std::uint16_t> ports = ports_of(root, unit);
      all.insert(all.end(), ports.begin(), ports.end());
    }
  }
  return all;
}

void apply_socket_unit(std::string_view text,
                       std::vector<std::uint16_t>& ports) {
  // More addresses than any host has on purpose.
  constexpr std::size_t kMaxPorts = 1024;
  systemd::visit_assignments(
      text, "Socket", [&ports](const systemd::Assignment& assignment) {
        if (std::ranges::find(kListenKeys, assignment.key) ==
            kListenKeys.end()) {
          return;
        }
        if (assignment.value.empty()) {
          ports.clear();
        } else if (assignment.key == "ListenStream" &&
                   ports.size() < kMaxPorts) {
          if (const auto port = port_of(assignment.value)) {
            ports.push_back(*port);
          }
        }
      });
}

}  // namespace ssh_keepalive::sshd_config
