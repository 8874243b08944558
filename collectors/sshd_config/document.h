// The files of an sshd_config with what they include, cut into lines but not
// yet evaluated: nothing in here depends on a connection.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DOCUMENT_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DOCUMENT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/sshd_config/keywords.h"

namespace ssh_keepalive::sshd_config {

// Where a value stands. `file` is the path below the host's root.
struct Source {
  std::string file;
  int line = 0;  // from 1 on

  bool operator==(const Source&) const = default;
};

// Why sshd would not start: the reason names no content of the file but
// recognised keywords.
struct Refusal {
  Source source;
  std::string reason;

  bool operator==(const Refusal&) const = default;
};

struct File;

struct Line {
  int number = 0;
  std::optional<KnownKeyword> keyword;  // nothing: sshd refuses it
  std::string rest;                     // what stands behind the keyword
  // The rest in words. Nothing: a quote is not closed.
  std::optional<std::vector<std::string>> arguments;
  // Of Include: the files it means, in their order.
  std::vector<std::shared_ptr<const File>> included;
  std::optional<std::string> refusal;  // found while reading
};

struct File {
  std::string path;
  std::vector<Line> lines;  // without empty lines and comments
};

struct Document {
  openssh::Version version;
  std::shared_ptr<const File> main;
  // All that was read, and their state then; directories that an Include with
  // a wildcard looked into are not in it.
  std::vector<std::pair<std::string, FileIdentity>> files;
};

// Cuts the content of one file into lines, without reading what it includes.
std::vector<Line> parse_lines(std::string_view content,
                              const openssh::Version& version);

// Reads `path` and all it includes; relative Includes are below /etc/ssh.
// What sshd would refuse is in the lines. Errors: kAbsent for `path` itself;
// kDenied and kLimit for any of the files (then nothing can be said).
Result<Document> read_document(const HostRoot& root, const std::string& path,
                               const openssh::Version& version);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DOCUMENT_H_
