#include "collectors/ssh_config/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "collectors/openssh_syntax/include.h"
#include "collectors/ssh_config/accounts.h"

namespace ssh_keepalive::ssh_config {
namespace {

// A bound on memory: some 30 MB. A line that this program has no use for is
// no statement.
constexpr std::size_t kMaxStatements = 100'000;

constexpr std::uint32_t kGroupWrites = 020;
constexpr std::uint32_t kOthersWrite = 002;

}  // namespace

Files::Files(HostRoot root, openssh::Version version)
    : root_(std::move(root)), version_(std::move(version)), services_(root_) {
  const Result<UniqueFd> top = root_.open_path("/", O_PATH | O_DIRECTORY);
  struct stat status {};
  if (top.ok() && ::fstat(top->get(), &status) == 0) {
    root_owner_ = status.st_uid;
  }
}

void Files::refresh() {
  if (!services_.is_current()) {
    services_ = openssh::Services(root_);
    entries_.clear();
    statements_ = 0;
  }
  std::erase_if(entries_, [this](const auto& entry) {
    if (!entry.second.seen) {
      statements_ -= entry.second.loaded.parsed->statements.size();
    }
    return !entry.second.seen;
  });
  for (auto& [path, entry] : entries_) {
    entry.seen = false;
  }
}

Result<Files::Loaded> Files::open(const std::string& path) {
  const auto known = entries_.find(path);
  if (known != entries_.end()) {
    if (!known->second.seen) {
      const Result<FileIdentity> identity = identify_file(root_, path);
      known->second.seen =
          identity.ok() && *identity == known->second.loaded.identity;
    }
    if (known->second.seen) {
      return known->second.loaded;
    }
    statements_ -= known->second.loaded.parsed->statements.size();
    entries_.erase(known);
  }
  Result<File> file = read_file(root_, path);
  if (!file.ok()) {
    if (file.error().kind == ErrorKind::kInvalid &&
        root_.open_path(path, O_PATH | O_DIRECTORY).ok()) {
      return Loaded{.parsed = std::make_shared<const ParsedFile>()};
    }
    return std::move(file).error();
  }
  const Loaded loaded{
      .parsed = std::make_shared<const ParsedFile>(
          parse(file->bytes, version_, services_, kMaxStatements + 1)),
      .identity = file->identity};
  if (statements_ + loaded.parsed->statements.size() > kMaxStatements) {
    return Error{.kind = ErrorKind::kLimit,
                 .attempted = "parse",
                 .subject = path,
                 .reason = "too many lines, with all Includes"};
  }
  statements_ += loaded.parsed->statements.size();
  entries_.emplace(path, Entry{.loaded = loaded, .seen = true});
  return loaded;
}

Result<std::vector<std::string>> Files::expand(
    const std::string& pattern) const {
  // The user's ssh may not look into such a directory either.
  return openssh::expand_include(root_, pattern,
                                 openssh::DeniedDirectory::kNoEntries);
}

std::optional<std::string> Files::home_of(std::string_view user) const {
  return ssh_config::home_of(root_, user);
}

bool Files::trusted(const FileIdentity& identity, std::uint32_t uid) const {
  const bool owned = identity.owner == 0 || identity.owner == uid ||
                     identity.owner == root_owner_;
  if (!owned || (identity.mode & kOthersWrite) != 0) {
    return false;
  }
  return (identity.mode & kGroupWrites) == 0 ||
         (version_.debian && is_private_group(root_, identity.group, uid));
}

}  // namespace ssh_keepalive::ssh_config
