// What is wrong on a host, as the JSON of the reference pages.
#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_REPORT_JSON_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_REPORT_JSON_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "diagnosis/report.h"
#include "exporter/ends/stored_ends.h"

namespace ssh_keepalive {

// "ok", "warning", "critical"; "unknown": nothing could be evaluated.
std::string_view verdict_text(const diagnosis::Report& report);

nlohmann::ordered_json finding_json(const diagnosis::Finding& finding);

// The document of `check` and of /api/v1/report. Sessions are ordered by risk.
nlohmann::ordered_json report_json(const Facts& facts,
                                   const diagnosis::Report& report);

// Adds the last ends of sessions, the newest first: "ends", and "ends_since",
// when their recording began. Both null: nobody records them.
void add_ends(const std::optional<StoredEnds>& stored,
              nlohmann::ordered_json& document);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_REPORT_JSON_H_
