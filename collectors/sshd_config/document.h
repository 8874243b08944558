// The files of an sshd_config with what they include, cut into lines but not
// yet evaluated: nothing in here depends on a connection.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DOCUMENT_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DOCUMENT_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

struct Line {
  int number = 0;
  std::optional<KnownKeyword> keyword;  // nothing: sshd refuses it
  std::string rest;                     // what stands behind the keyword
  // The rest in words. Nothing: a quote is not closed.
  std::optional<std::vector<std::string>> arguments;
  // Why sshd refuses the line whatever its keyword is.
  std::optional<std::string> refusal;
};

struct File {
  std::string path;
  std::vector<Line> lines;  // without empty lines and comments
};

// Every file is read once, however often it is included, and also where sshd
// would not come to it: evaluate() finds out what acts.
struct Document {
  openssh::Version version;
  std::shared_ptr<const File> main;
  // What each pattern of an Include means, in sshd's order, by
  // include_pattern().
  std::map<std::string, Result<std::vector<std::string>>, std::less<>> patterns;
  // What each of these files contains, by its path.
  std::map<std::string, Result<std::shared_ptr<const File>>, std::less<>>
      included;
  // All that was read, and its state then; directories that an Include with
  // a wildcard looked into are not in it.
  std::vector<std::pair<std::string, FileIdentity>> files;
};

// The absolute pattern that an argument of Include stands for; relative ones
// are below /etc/ssh.
std::string include_pattern(std::string_view argument);

// Cuts the content of one file into lines, without reading what it includes.
std::vector<Line> parse_lines(std::string_view content,
                              const openssh::Version& version);

// Reads `path` and all it includes. What sshd would refuse is in the lines.
// Errors, for `path` itself only: kAbsent, kDenied, kInvalid, kLimit, kFailed.
Result<Document> read_document(const HostRoot& root, const std::string& path,
                               const openssh::Version& version);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DOCUMENT_H_
