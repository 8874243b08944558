#include "exporter/ends/stored_ends.h"

#include <utility>

#include "collectors/base/file.h"
#include "exporter/ends/end_json.h"

namespace ssh_keepalive {
namespace {

// Of the kinds that are told apart.
ErrorKind kind_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kLimit:
      return ErrorKind::kInvalid;
    case ErrorKind::kInterrupted:
      return ErrorKind::kFailed;
    default:
      return kind;
  }
}

}  // namespace

Result<StoredEnds> read_stored_ends(const HostRoot& root,
                                    const std::string& file) {
  const std::string name = root.is_live() ? file : root.path() + file;
  const Result<File> read = read_file(root, file, kMaxStateFileBytes);
  if (!read.ok()) {
    Error error = read.error();
    error.kind = kind_of(error.kind);
    error.subject = name;
    return error;
  }
  Result<StoredEnds> stored = parse_stored_ends(read->bytes);
  if (!stored.ok()) {
    Error error = std::move(stored).error();
    error.attempted = "read";
    error.subject = name;
    return error;
  }
  return stored;
}

}  // namespace ssh_keepalive
