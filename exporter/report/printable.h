// Texts that users and programs choose: a terminal obeys some of them.
#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_PRINTABLE_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_PRINTABLE_H_

#include <string>
#include <string_view>

namespace ssh_keepalive {

// One word of printable ASCII, `?` for all else; "-" for an empty text.
std::string printable_word(std::string_view text);

// The same with its spaces; an empty text stays empty.
std::string printable_line(std::string_view text);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_PRINTABLE_H_
