#include "collectors/openssh_syntax/include.h"

#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "collectors/base/directory.h"

namespace ssh_keepalive::openssh {
namespace {

constexpr const char* kTooMuchToSearch =
    "all Includes together mean too much to search";

// A path costs some system calls, an entry of a directory none of its own.
constexpr std::size_t kStepsForPath = 10;

bool is_wild(std::string_view component) {
  return component.find_first_of("*?[\\") != component.npos;
}

std::string join(const std::string& directory, std::string_view name) {
  return directory + "/" + std::string(name);
}

bool is_unknown(const Error& error, DeniedDirectory denied) {
  return error.kind == ErrorKind::kDenied &&
         denied == DeniedDirectory::kUnknown;
}

// The pattern itself is not shown: it may be anything.
Error too_much(std::string reason) {
  return {.kind = ErrorKind::kLimit,
          .attempted = "expand an Include",
          .subject = "",
          .reason = std::move(reason)};
}

// Whether there was so much left.
bool take_steps(IncludeSearch& search, std::size_t steps) {
  const bool enough = search.steps_left >= steps;
  search.steps_left -= std::min(search.steps_left, steps);
  return enough;
}

// The entries of each directory that match one component of the pattern.
// fnmatch(3) is what glob(3) compares with; a leading period must be explicit.
Result<std::vector<std::string>> expand_component(
    const HostRoot& root, const std::vector<std::string>& directories,
    const std::string& component, DeniedDirectory denied,
    IncludeSearch& search) {
  std::vector<std::string> paths;
  for (const std::string& directory : directories) {
    const Result<std::vector<std::string>> names =
        list_directory(root, directory.empty() ? "/" : directory);
    if (!take_steps(search, kStepsForPath + (names.ok() ? names->size() : 0))) {
      return too_much(kTooMuchToSearch);
    }
    if (!names.ok() && (names.error().kind == ErrorKind::kLimit ||
                        is_unknown(names.error(), denied))) {
      return names.error();
    }
    if (!names.ok()) {
      continue;
    }
    for (const std::string& name : *names) {
      if (::fnmatch(component.c_str(), name.c_str(), FNM_PERIOD) == 0) {
        paths.push_back(join(directory, name));
      }
    }
    if (paths.size() > kMaxIncludedFiles) {
      return Error{.kind = ErrorKind::kLimit,
                   .attempted = "expand an Include in",
                   .subject = directory,
                   .reason = "it means more than " +
                             std::to_string(kMaxIncludedFiles) + " files"};
    }
  }
  return paths;
}

}  // namespace

Result<std::vector<std::string>> expand_include(const HostRoot& root,
                                                std::string_view pattern,
                                                DeniedDirectory denied,
                                                IncludeSearch& search) {
  constexpr std::size_t kMaxPatternBytes = 4096;  // PATH_MAX
  if (search.steps_left == 0) {
    return too_much(kTooMuchToSearch);
  }
  if (pattern.size() > kMaxPatternBytes) {
    return too_much("a pattern is longer than a path");
  }
  std::vector<std::string> paths = {""};
  while (!pattern.empty() && !paths.empty()) {
    pattern.remove_prefix(
        std::min(pattern.find_first_not_of('/'), pattern.size()));
    const std::size_t length = std::min(pattern.find('/'), pattern.size());
    const std::string component(pattern.substr(0, length));
    pattern.remove_prefix(length);
    if (component.empty()) {
      break;
    }
    if (is_wild(component)) {
      Result<std::vector<std::string>> expanded =
          expand_component(root, paths, component, denied, search);
      if (!expanded.ok()) {
        return expanded;
      }
      paths = *std::move(expanded);
    } else {
      for (std::string& path : paths) {
        path = join(path, component);
      }
    }
  }
  if (!take_steps(search, kStepsForPath * (paths.size() + 1))) {
    return too_much(kTooMuchToSearch);
  }
  std::optional<Error> unknown;
  std::erase_if(paths, [&root, &unknown, denied](const std::string& path) {
    const Result<UniqueFd> file = root.open_path(path, O_PATH | O_NOFOLLOW);
    if (!file.ok() && is_unknown(file.error(), denied)) {
      unknown = file.error();
    }
    return !file.ok();
  });
  if (unknown) {
    return *std::move(unknown);
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace ssh_keepalive::openssh
