// Times and places as findings name them.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_TEXTS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_TEXTS_H_

#include <optional>
#include <string>

#include "collectors/base/file_line.h"
#include "diagnosis/mechanism.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

// "240 s", rounded to whole seconds from 10 s on, else to tenths; "never".
std::string seconds_text(Seconds time);

// "120 to 240 s", "60 s or never"; one time where both look the same.
std::string range_text(const TimeRange& range);

// Names of files may hold anything; this has nothing that steers a terminal.
std::string plain_text(std::string text);

// "/etc/ssh/sshd_config:7" as plain text, the file alone where there is no
// line.
std::string place_text(const FileLine& place);

// ", by client_alive (/etc/ssh/sshd_config:7)"; without a line "(default)" for
// what sshd or ssh sends, and for the kernel nothing: a value that no line sets
// need not be its default.
std::string decided_by(const TimeOfLayer& time);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_TEXTS_H_
