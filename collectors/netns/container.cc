#include "collectors/netns/container.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace ssh_keepalive::netns {
namespace {

// As the tools of containers shorten their ids.
constexpr std::size_t kShortId = 12;

constexpr std::string_view kHexadecimal = "0123456789abcdef";

bool is_id(std::string_view text) {
  return text.size() > kShortId &&
         text.find_first_not_of(kHexadecimal) == text.npos;
}

// systemd.unit(5): "\x2d" is a dash.
std::string unescaped(std::string_view name) {
  constexpr std::string_view kDash = "\\x2d";
  std::string text(name);
  for (std::size_t at = text.find(kDash); at != text.npos;
       at = text.find(kDash, at + 1)) {
    text.replace(at, kDash.size(), "-");
  }
  return text;
}

// What stands between the two, if anything does.
std::string_view between(std::string_view text, std::string_view prefix,
                         std::string_view suffix) {
  if (text.size() <= prefix.size() + suffix.size() ||
      !text.starts_with(prefix) || !text.ends_with(suffix)) {
    return {};
  }
  text.remove_prefix(prefix.size());
  text.remove_suffix(suffix.size());
  return text;
}

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) {
      parts.push_back(path.substr(0, slash));
    }
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

std::string container_in(const std::vector<std::string_view>& parts) {
  constexpr std::array<std::string_view, 2> kFolders = {"lxc", "lxc.payload"};
  for (std::size_t i = parts.size(); i > 0; --i) {
    const std::string_view part = parts[i - 1];
    if (std::string name = container_of_unit(part); !name.empty()) {
      return name;
    }
    const std::string_view folder = i > 1 ? parts[i - 2] : "";
    if (std::ranges::find(kFolders, folder) != kFolders.end()) {
      return sanitized(part);
    }
    if (is_id(part) && i > 1) {
      const bool is_docker = parts.front() == "docker" || folder == "docker";
      return (is_docker ? "docker-" : "cri-") +
             std::string(part.substr(0, kShortId));
    }
  }
  return "";
}

}  // namespace

std::string container_of_unit(std::string_view unit) {
  for (const auto& [prefix, suffix] :
       {std::pair<std::string_view, std::string_view>{"machine-", ".scope"},
        {"systemd-nspawn@", ".service"},
        {"lxc.payload.", ""}}) {
    const std::string_view name = between(unit, prefix, suffix);
    if (!name.empty()) {
      return sanitized(unescaped(name));
    }
  }
  constexpr std::string_view kScope = ".scope";
  if (unit.ends_with(kScope)) {
    unit.remove_suffix(kScope.size());
  }
  const std::size_t dash = unit.rfind('-');
  if (dash == unit.npos || dash == 0 || !is_id(unit.substr(dash + 1))) {
    return "";
  }
  return sanitized(unit.substr(0, dash + 1 + kShortId));
}

std::string container_of(std::string_view cgroups) {
  while (!cgroups.empty()) {
    const std::size_t length = std::min(cgroups.find('\n'), cgroups.size());
    std::string_view line = cgroups.substr(0, length);
    cgroups.remove_prefix(std::min(length + 1, cgroups.size()));
    // "0::PATH" is the unified hierarchy, "N:name=systemd:PATH" the older one.
    if (line.starts_with("0::") || line.find(":name=systemd:") != line.npos) {
      line.remove_prefix(line.find(":/") == line.npos ? line.size()
                                                      : line.find(":/") + 1);
      if (std::string name = container_in(components(line)); !name.empty()) {
        return name;
      }
    }
  }
  return "";
}

std::string sanitized(std::string_view name) {
  constexpr std::size_t kLongest = 63;
  std::string text(name.substr(0, kLongest));
  std::ranges::replace_if(
      text,
      [](char c) {
        return !(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ||
                 c == '_' || c == '@' || c == '-');
      },
      '_');
  return text;
}

}  // namespace ssh_keepalive::netns
