// Times and places as findings name them.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_TEXTS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_TEXTS_H_

#include <optional>
#include <string>

#include "collectors/base/file_line.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

// "240 s", rounded to whole seconds from 10 s on, else to tenths; "never".
std::string seconds_text(Seconds time);

// "120 to 240 s", "60 s or never"; one time where both look the same.
std::string range_text(const TimeRange& range);

// "/etc/ssh/sshd_config:7", the file alone where there is no line.
std::string place_text(const FileLine& place);

// " (/etc/ssh/sshd_config:7)", or " (default)" where there is none.
std::string source_text(const std::optional<FileLine>& source);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_TEXTS_H_
