#include "collectors/sessions/sshd_title.h"

#include <algorithm>
#include <array>

#include "collectors/base/number.h"

namespace ssh_keepalive::sessions {
namespace {

// What stands in brackets behind the user's name, or alone.
struct TagRow {
  std::string_view tag;
  SshdPart part;
};

constexpr std::array kTags = {
    TagRow{"[priv]", SshdPart::kMonitor},
    TagRow{"[accepted]", SshdPart::kMonitor},
    TagRow{"[rexeced]", SshdPart::kMonitor},
    TagRow{"[net]", SshdPart::kPreauth},
    TagRow{"[preauth]", SshdPart::kPreauth},
    TagRow{"[session-auth]", SshdPart::kPreauth},
    TagRow{"[session-auth early]", SshdPart::kPreauth},
    TagRow{"[pam]", SshdPart::kPam},
};

constexpr std::array<std::string_view, 3> kPrefixes = {
    "sshd: ", "sshd-session: ", "sshd-auth: "};

std::string presentable(std::string_view user) {
  return is_presentable(user) ? std::string(user) : std::string();
}

// A terminal of session_tty_list(): a path below /dev.
bool is_terminal(std::string_view name) {
  constexpr std::string_view kPts = "pts/";
  constexpr std::string_view kTty = "tty";
  if (name.starts_with(kPts)) {
    return parse_integer<std::uint32_t>(name.substr(kPts.size())).has_value();
  }
  return name.starts_with(kTty) && name.size() > kTty.size() &&
         std::ranges::all_of(name, [](char c) {
           return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') ||
                  ('0' <= c && c <= '9');
         });
}

bool is_terminal_list(std::string_view list) {
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (!is_terminal(list.substr(0, comma))) {
      return false;
    }
    if (comma == list.size()) {
      return true;
    }
    list.remove_prefix(comma + 1);
  }
}

// "USER", or "USER@" and what it is connected to. The name of a user may have
// an @ in it.
SshdTitle parse_user(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at != text.npos) {
    const std::string_view behind = text.substr(at + 1);
    const bool terminals = is_terminal_list(behind);
    if (terminals || behind == "notty" || behind == "internal-sftp") {
      return {.part = SshdPart::kUser,
              .user = presentable(text.substr(0, at)),
              .tty = std::string(terminals ? behind : ""),
              .had_channel = true};
    }
  }
  if (!is_presentable(text)) {
    return {};
  }
  return {.part = SshdPart::kUser, .user = std::string(text)};
}

}  // namespace

bool is_presentable(std::string_view user) {
  constexpr std::size_t kMaxBytes = 256;
  return !user.empty() && user.size() <= kMaxBytes &&
         std::ranges::all_of(user, [](char c) { return '!' <= c && c <= '~'; });
}

SshdTitle parse_sshd_title(std::string_view title) {
  constexpr std::string_view kUnknownUser = "unknown";
  const auto* const prefix = std::ranges::find_if(
      kPrefixes,
      [title](std::string_view text) { return title.starts_with(text); });
  if (prefix == kPrefixes.end()) {
    return {};
  }
  title.remove_prefix(prefix->size());
  if (title.find(" [listener] ") != title.npos) {
    return {.part = SshdPart::kListener};
  }
  for (const TagRow& row : kTags) {
    if (title == row.tag) {
      return {.part = row.part};
    }
    if (title.ends_with(row.tag) &&
        title[title.size() - row.tag.size() - 1] == ' ') {
      title.remove_suffix(row.tag.size() + 1);
      return {.part = row.part,
              .user = title == kUnknownUser ? "" : presentable(title)};
    }
  }
  return parse_user(title);
}

bool is_multiplexer_title(std::string_view title) {
  return title.starts_with("ssh: ") && title.ends_with(" [mux]");
}

}  // namespace ssh_keepalive::sessions
