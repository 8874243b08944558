// What is wrong on a host, and what to do about it.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_FINDING_H_
#define SSH_KEEPALIVE_DIAGNOSIS_FINDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file_line.h"

namespace ssh_keepalive::diagnosis {

enum class Severity : std::uint8_t {
  kInfo,      // worth knowing: it makes no verdict worse
  kWarning,   // sessions will freeze or drop, or somebody wanted it otherwise
  kCritical,  // they do already, or sshd would not start
};

// The name of the reference pages: "warning".
std::string_view name_of(Severity severity);

// What to do to a file, or else to the host.
enum class Action : std::uint8_t { kAdd, kChange, kRemove, kReload, kRun };

std::string_view name_of(Action action);

struct Remedy {
  Action action = Action::kAdd;
  // kChange, kRemove: that line. kAdd: before that line, or with line 0 at the
  // beginning of the file, which may have to be made. Else no file.
  FileLine at;
  std::string text;     // the line as it should be; kRemove: empty
  std::string command;  // what makes it act; empty: nothing has to be done
  // A name of kManagers where such a tool owns the file: change it there.
  std::string managed_by;

  bool operator==(const Remedy&) const = default;
};

// Texts are for people, each a part of a sentence without its full stop. None
// holds content of a file but recognised keywords and their values.
struct Finding {
  std::string_view check;  // see checks.h
  Severity severity = Severity::kInfo;
  std::string subject;   // "sshd ssh.service", "net.ipv4.tcp_keepalive_time"
  std::string observed;  // what is
  std::string expected;  // what would be right
  std::optional<Remedy> remedy;

  bool operator==(const Finding&) const = default;
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_FINDING_H_
