// A report in words: the same on a terminal and on the page.
#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_REPORT_WORDS_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_REPORT_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "diagnosis/layers.h"
#include "diagnosis/report.h"

namespace ssh_keepalive {

// "OK", "WARNING", "CRITICAL", "UNKNOWN".
std::string_view verdict_word(const diagnosis::Report& report);

// "21 checks, 3 warning", "1 check, nothing found".
std::string checks_text(const diagnosis::Report& report);

// The checks that say nothing, for want of facts.
std::vector<std::string_view> not_evaluated(const diagnosis::Report& report);

// "change /etc/ssh/sshd_config:7 to"; empty where no file is to be changed.
std::string place_words(const diagnosis::Remedy& remedy);

// "cloud-init owns that file: change it there"; empty where no tool does.
std::string manager_words(const diagnosis::Remedy& remedy);

// What a layer does, with its times: "refreshes after 120 s", "off".
std::string actions_of(const diagnosis::LayerTimes& layer);

// What happens to an idle session.
struct Event {
  diagnosis::TimeRange time;
  std::string what;  // "client_alive refreshes it"
};

// "An idle session of sshd ssh.service".
std::string title_of(const diagnosis::ConfiguredEnd& end);

// In the order in which things happen to a new session at that end.
std::vector<Event> timeline_of(const diagnosis::ConfiguredEnd& end,
                               const diagnosis::Report& report);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_REPORT_WORDS_H_
