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
#include "collectors/openssh_syntax/services.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/sshd_config/command_line.h"
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
  bool indented = false;
  std::optional<KnownKeyword> keyword;  // nothing: sshd refuses it
  std::string_view client_keyword;      // then: a keyword of ssh's, or empty
  std::string rest;                     // what stands behind the keyword
  // The rest in words. Nothing: a quote is not closed.
  std::optional<std::vector<std::string>> arguments;
  // Before 8.7 only.
  openssh::Behind behind = openssh::Behind::kNothing;
  // Why sshd refuses the line whatever its keyword is.
  std::optional<std::string> refusal;
};

// What stands for the path of sshd's own command line; its lines have the
// number 0.
inline constexpr std::string_view kCommandLine = "the daemon's command line";

struct File {
  std::string path;
  std::vector<Line> lines;  // without empty lines and comments
};

// Every file is read once, however often it is included, and also where sshd
// would not come to it: evaluate() finds out what acts.
struct Document {
  openssh::Version version;
  openssh::Services services;  // of the host: names of ports
  // What a running sshd was started with; it acts before the files do.
  File command_line{.path = std::string(kCommandLine)};
  std::vector<int> ports;  // -p
  std::shared_ptr<const File> main;
  // What each pattern of an Include means, in sshd's order, by
  // include_pattern().
  std::map<std::string, Result<std::vector<std::string>>, std::less<>> patterns;
  // What each of these files contains, by its path.
  std::map<std::string, Result<std::shared_ptr<const File>>, std::less<>>
      included;
  // All that was read, and its state then; what a pattern means is in
  // `patterns`.
  std::vector<std::pair<std::string, FileIdentity>> files;
};

// The absolute pattern that an argument of Include stands for; relative ones
// are below /etc/ssh.
std::string include_pattern(std::string_view argument);

// Cuts the content of one file into lines, without reading what it includes.
// The first line that sshd refuses in any case is the last one.
std::vector<Line> parse_lines(std::string_view content,
                              const openssh::Version& version);

// Reads `path` and all it includes. What sshd would refuse is in the lines.
// Errors, for `path` itself only: kAbsent, kDenied, kInvalid, kLimit, kFailed.
Result<Document> read_document(const HostRoot& root, const std::string& path,
                               const openssh::Version& version,
                               const CommandLine& command_line = {});

// Whether reading again would give the same: no file has another identity, no
// pattern means other files. Much cheaper than reading.
bool is_unchanged(const HostRoot& root, const Document& document);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DOCUMENT_H_
