#include "collectors/ssh_config/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "collectors/base/accounts.h"
#include "collectors/openssh_syntax/include.h"

namespace ssh_keepalive::ssh_config {
namespace {

// Bounds on memory, some 30 MB, and on time. A line that this program has no
// use for is no statement.
constexpr std::size_t kMaxStatements = 100'000;  // of one file
constexpr std::size_t kMaxTotalWords = 300'000;
constexpr std::size_t kWordsForStatement = 3;  // that take as much memory
constexpr std::uint64_t kMaxTotalBytes = std::uint64_t{16} << 20;

constexpr std::uint32_t kGroupWrites = 020;
constexpr std::uint32_t kOthersWrite = 002;

std::size_t count_words(const ParsedFile& file) {
  std::size_t words = 0;
  for (const Statement& statement : file.statements) {
    words += kWordsForStatement + statement.arguments.size() +
             statement.criteria.size() +
             (statement.value ? statement.value->items.size() : 0);
  }
  return words;
}

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
    words_ = 0;
    bytes_ = 0;
  }
  std::erase_if(entries_, [this](const auto& entry) {
    if (!entry.second.seen) {
      uncount(entry.second);
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
    uncount(known->second);
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
  const std::size_t words = count_words(*loaded.parsed);
  const std::uint64_t bytes = file->bytes.size();
  if (words_ + words > kMaxTotalWords || bytes_ + bytes > kMaxTotalBytes) {
    return Error{.kind = ErrorKind::kLimit,
                 .attempted = "parse",
                 .subject = path,
                 .reason = "too much text, with all Includes"};
  }
  words_ += words;
  bytes_ += bytes;
  entries_.emplace(
      path,
      Entry{.loaded = loaded, .words = words, .bytes = bytes, .seen = true});
  return loaded;
}

void Files::uncount(const Entry& entry) {
  words_ -= entry.words;
  bytes_ -= entry.bytes;
}

Result<std::vector<std::string>> Files::expand(
    const std::string& pattern, openssh::IncludeSearch& search) const {
  // The user's ssh may not look into such a directory either.
  return openssh::expand_include(root_, pattern,
                                 openssh::DeniedDirectory::kNoEntries, search);
}

std::optional<std::string> Files::home_of(std::string_view user) const {
  return ssh_keepalive::home_of(root_, user);
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
