#include "exporter/cli/check.h"
#include "exporter/report/json_values.h"
#include "exporter/report/report_json.h"
#include "exporter/report/sessions_json.h"

namespace ssh_keepalive {

using nlohmann::ordered_json;

std::string check_json(const Facts& facts, const diagnosis::Report& report) {
  return text_of(report_json(facts, report), false);
}

std::string comparison_json(const Comparison& comparison) {
  ordered_json changed = ordered_json::array();
  for (const std::size_t i : changed_sessions(comparison)) {
    changed.push_back(
        {{"id", session_id(comparison.facts.sessions->sessions[i])},
         {"before", fate_json(comparison.before.sessions[i].fate)},
         {"after", fate_json(comparison.after.sessions[i].fate)}});
  }
  const ordered_json document = {
      {"version", 1},
      {"what_if", comparison.line},
      {"verdict_before", verdict_text(comparison.before)},
      {"verdict", verdict_text(comparison.after)},
      {"findings_gone",
       list_of(only_in(comparison.before, comparison.after), finding_json)},
      {"findings_new",
       list_of(only_in(comparison.after, comparison.before), finding_json)},
      {"sessions_changed", changed}};
  return text_of(document, false);
}

}  // namespace ssh_keepalive
