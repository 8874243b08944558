#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_SESSIONS_JSON_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_SESSIONS_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "diagnosis/judged_session.h"

namespace ssh_keepalive {

// Of one session: "id" and "fate".
std::string session_id(const sessions::Session& session);
nlohmann::ordered_json fate_json(const diagnosis::Fate& fate);

// The member "sessions" of the document below.
nlohmann::ordered_json sessions_list(
    const std::vector<diagnosis::JudgedSession>& all);

// The document of the reference pages, in the order given; every session has
// every key.
nlohmann::ordered_json sessions_json(
    const std::vector<diagnosis::JudgedSession>& all);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_SESSIONS_JSON_H_
