// Include: the case of it in OpenSSH's readconf.c.
#include <algorithm>

#include "collectors/openssh_syntax/include.h"
#include "collectors/ssh_config/evaluator.h"

namespace ssh_keepalive::ssh_config {

// The pattern that an Include means; nothing where ssh passes over it or
// where it is refused. From 9.9 on ssh expands tokens and environment
// variables in it: of those, the ones that a request decides are.
std::optional<std::string> Evaluator::include_path(const std::string& written,
                                                   Origin at,
                                                   const Reading& reading) {
  std::string path = written;
  if (at_least(9, 9) && (written.find('%') != std::string::npos ||
                         written.find("${") != std::string::npos)) {
    const std::optional<std::string> expanded = expand_tokens(written, at);
    if (!expanded) {
      const Location line = location(at);
      note(line.file + ":" + std::to_string(line.line) +
           ": Include with tokens that are not followed here");
      return std::nullopt;
    }
    path = *expanded;
  }
  if (path.starts_with('~') && !reading.user_paths) {
    refuse(at, "Include: a system file may not use ~");
    return std::nullopt;
  }
  if (path.starts_with('/')) {
    return path;
  }
  if (!path.starts_with('~')) {
    return (reading.user_paths ? request_.home + "/.ssh/" : "/etc/ssh/") + path;
  }
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string user = path.substr(1, slash - 1);
  const std::optional<std::string> home =
      user.empty() ? std::optional(request_.home) : files_.home_of(user);
  return home ? std::optional(*home + path.substr(slash)) : std::nullopt;
}

// %-tokens of an Include path; nothing where one is not certain.
std::optional<std::string> Evaluator::expand_tokens(std::string_view text,
                                                    Origin at) const {
  if (text.find("${") != std::string_view::npos) {
    return std::nullopt;
  }
  const auto certain = [](const Texts& texts) -> std::optional<std::string> {
    return texts.known.size() == 1 && !texts.others
               ? std::optional(texts.known.front().text)
               : std::nullopt;
  };
  std::string expanded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      expanded += text[i];
      continue;
    }
    std::optional<std::string> value;
    switch (++i < text.size() ? text[i] : '\0') {
      case '%':
        value = "%";
        break;
      case 'd':
        value = request_.home;
        break;
      case 'h':
        value = certain(current_host());
        break;
      case 'i':
        value = std::to_string(request_.uid);
        break;
      case 'n':
        value = request_.host;
        break;
      case 'r':
        value = certain(remote_user(at));
        break;
      case 'u':
        value = request_.local_user;
        break;
      default:
        break;
    }
    if (!value) {
      return std::nullopt;
    }
    expanded += *value;
  }
  return expanded;
}

void Evaluator::apply_include(const Statement& statement,
                              const Reading& reading) {
  const Origin at = origin(reading, statement);
  for (const std::string& written : statement.arguments) {
    if (written.empty()) {
      refuse(at, "empty argument");
      return;
    }
    const std::optional<std::string> pattern =
        include_path(written, at, reading);
    if (!pattern) {
      continue;
    }
    Result<std::vector<std::string>> paths = files_.expand(*pattern, search_);
    if (!paths.ok()) {
      const Location line = location(at);
      error_ = std::move(paths).error();
      error_->reason += " (included from " + line.file + ":" +
                        std::to_string(line.line) + ")";
      return;
    }
    for (const std::string& path : *paths) {
      if (stopped()) {
        return;
      }
      include_file(path, at, reading);
    }
  }
}

void Evaluator::include_file(const std::string& path, Origin at,
                             const Reading& reading) {
  if (reading.depth + 1 > openssh::kMaxIncludeDepth) {
    refuse(at, "Include: nested deeper than 16 files");
    fatal_ = true;
    return;
  }
  if (++files_read_ > openssh::kMaxIncludedFiles) {
    error_ = Error{.kind = ErrorKind::kLimit,
                   .attempted = "include",
                   .subject = path,
                   .reason = "more than 1024 files, with all Includes"};
    return;
  }
  Result<Files::Loaded> loaded = files_.open(path);
  if (!loaded.ok()) {
    // A dangling link is no error to ssh from 8.7 on.
    if (loaded.error().kind != ErrorKind::kAbsent) {
      error_ = std::move(loaded).error();
    } else if (!at_least(8, 7)) {
      refuse_late(at, "Include: a file that does not exist");
      ++dangling_includes_;
    }
    return;
  }
  const Reading inner{.file = file_index(path),
                      .user_paths = reading.user_paths,
                      .never = reading.never || reading.active.no(),
                      .depth = reading.depth + 1,
                      .outer = reading.active,
                      .active = reading.active};
  if (!files_.trusted(loaded->identity, request_.uid)) {
    refuse({.file = inner.file}, "bad owner or permissions");
    fatal_ = true;
    return;
  }
  note_change(path, loaded->identity);
  kept_.push_back(loaded->parsed);
  read_statements(*loaded->parsed, inner);
}

}  // namespace ssh_keepalive::ssh_config
