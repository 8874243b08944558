#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_DURATION_TEXT_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_DURATION_TEXT_H_

#include <string>

namespace ssh_keepalive {

// For people: "never", "200 ms", "12.6 s", "75 s", "2 min 6 s", "2 h 11 min 15
// s", "5 d". Negative durations keep their sign.
std::string duration_text(double seconds);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_DURATION_TEXT_H_
