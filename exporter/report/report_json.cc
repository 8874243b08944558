#include "exporter/report/report_json.h"

#include <vector>

#include "diagnosis/layers.h"
#include "exporter/ends/end_json.h"
#include "exporter/report/json_values.h"
#include "exporter/report/report_words.h"
#include "exporter/report/session_risk.h"
#include "exporter/report/sessions_json.h"

namespace ssh_keepalive {
namespace {

using diagnosis::LayerTimes;
using diagnosis::Report;
using nlohmann::ordered_json;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json layer_json(const LayerTimes& layer) {
  ordered_json json = {{"layer", name_of(layer.layer)},
                       {"subject", layer.subject}};
  const auto add = [&json](const char* name,
                           const std::optional<diagnosis::TimeRange>& time) {
    json[name] = time ? range_json(time) : ordered_json(nullptr);
  };
  add("refresh", layer.refresh);
  add("dead_peer", layer.dead_peer);
  add("idle_kill", layer.idle_kill);
  add("forgets", layer.forgets);
  json["source"] = source_json(layer.source);
  return json;
}

ordered_json remedy_json(const std::optional<diagnosis::Remedy>& remedy) {
  if (!remedy) {
    return nullptr;
  }
  return {{"file", text_or_null(remedy->at.file)},
          {"line", remedy->at.line > 0 ? ordered_json(remedy->at.line)
                                       : ordered_json(nullptr)},
          {"action", name_of(remedy->action)},
          {"text", text_or_null(remedy->text)},
          {"command", text_or_null(remedy->command)},
          {"managed_by", text_or_null(remedy->managed_by)}};
}

ordered_json seconds_json(diagnosis::Seconds time) {
  return time == diagnosis::kNever ? ordered_json(nullptr)
                                   : ordered_json(time.count());
}

ordered_json policy_json(const diagnosis::Policy& policy) {
  return {{"path_idle_timeout_seconds", seconds_json(policy.path.idle_timeout)},
          {"proxy_idle_timeout_seconds",
           seconds_json(policy.path.bytes_idle_timeout)},
          {"path_source", name_of(policy.path_source)},
          {"safety_margin_ratio", policy.safety_margin_ratio},
          {"minimum_idle_seconds", policy.minimum_idle.count()},
          {"minimum_outage_tolerance_seconds",
           policy.minimum_outage_tolerance.count()},
          {"maximum_dead_peer_seconds", policy.maximum_dead_peer_time.count()},
          {"compliance", policy.compliance == nullptr
                             ? ordered_json(nullptr)
                             : ordered_json(policy.compliance->name)}};
}

}  // namespace

std::string_view verdict_text(const Report& report) {
  const auto gravest = verdict_of(report);
  if (!gravest) {
    return "unknown";
  }
  return *gravest == diagnosis::Severity::kInfo ? "ok" : name_of(*gravest);
}

ordered_json finding_json(const diagnosis::Finding& finding) {
  return {
      {"check", finding.check},       {"severity", name_of(finding.severity)},
      {"subject", finding.subject},   {"observed", finding.observed},
      {"expected", finding.expected}, {"remedy", remedy_json(finding.remedy)},
      {"runbook", finding.check}};
}

ordered_json report_json(const Facts& facts, const Report& report) {
  return {{"version", 1},
          {"verdict", verdict_text(report)},
          {"layers", list_of(layers_of(facts, report), layer_json)},
          {"findings", list_of(report.findings, finding_json)},
          {"not_evaluated", not_evaluated(report)},
          {"sessions", sessions_list(by_risk(judged_sessions(facts, report)))},
          {"policy", policy_json(report.policy)}};
}

void add_ends(const std::optional<StoredEnds>& stored, ordered_json& document) {
  document["ends_since"] = nullptr;
  document["ends"] = nullptr;
  if (!stored) {
    return;
  }
  if (stored->since) {
    document["ends_since"] = time_since_1970(*stored->since);
  }
  const std::vector<diagnosis::SessionEnd> latest_first(stored->ends.rbegin(),
                                                        stored->ends.rend());
  document["ends"] = list_of(latest_first, end_json);
}

}  // namespace ssh_keepalive
