#include "exporter/alertmanager/message.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace ssh_keepalive::alertmanager {
namespace {

using nlohmann::ordered_json;

// As in alerts/rules.
constexpr std::string_view kJob = "ssh_keepalive";
constexpr std::string_view kRunbooks =
    "https://github.com/ssh-keepalive-exporter/ssh_keepalive_exporter/blob/"
    "main/docs/runbooks/";
constexpr std::string_view kDashboard = "/d/ssh-keepalive-host/?var-instance=";

// RFC 3339, to the millisecond.
std::string time_text(TimePoint time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(time - whole).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(whole)),
                     milliseconds);
}

bool has(const LabelList& labels, std::string_view name) {
  return std::ranges::find(labels, name, &LabelList::value_type::first) !=
         labels.end();
}

std::string port_of(const std::vector<std::string>& listen_addresses) {
  const std::string& first = listen_addresses.front();
  return first.substr(first.rfind(':'));
}

ordered_json alert_json(const LabelledAlert& one, TimePoint now,
                        std::chrono::seconds lifetime) {
  const AlertRow& row = *one.alert.row;
  ordered_json labels;
  std::string instance;
  for (const auto& [name, value] : one.labels) {
    // Alertmanager, as Prometheus, takes an empty one for none.
    if (!value.empty()) {
      labels[name] = value;
    }
    if (name == "instance") {
      instance = value;
    }
  }
  labels["alertname"] = row.name;
  labels["check"] = row.check;
  labels["severity"] = name_of(row.severity);
  return {{"labels", labels},
          {"annotations",
           {{"summary", row.summary},
            {"description", one.alert.description},
            {"runbook_url", fmt::format("{}{}.md", kRunbooks, row.name)},
            {"dashboard_url", fmt::format("{}{}", kDashboard, instance)}}},
          {"startsAt", time_text(one.alert.starts_at)},
          {"endsAt", time_text(one.alert.ended_at.value_or(now + lifetime))}};
}

}  // namespace

LabelList target_labels(const LabelList& configured,
                        const std::string& host_name,
                        const std::vector<std::string>& listen_addresses) {
  LabelList labels = configured;
  if (!has(labels, "job")) {
    labels.emplace_back("job", kJob);
  }
  if (!has(labels, "instance")) {
    labels.emplace_back("instance", host_name + port_of(listen_addresses));
  }
  return labels;
}

std::string message_text(const Message& message, TimePoint now,
                         std::chrono::seconds lifetime) {
  ordered_json alerts = ordered_json::array();
  for (const LabelledAlert& one : message) {
    alerts.push_back(alert_json(one, now, lifetime));
  }
  constexpr int kCompact = -1;
  return alerts.dump(kCompact, ' ', false,
                     ordered_json::error_handler_t::replace);
}

}  // namespace ssh_keepalive::alertmanager
