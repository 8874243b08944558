#include "exporter/configuration_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exporter/configuration_own_values.h"
#include "exporter/configuration_values.h"

namespace ssh_keepalive {
namespace {

using Value = std::string_view;

struct KeyRow {
  std::string_view section;
  std::string_view key;
  Result<void> (*apply)(Settings& settings, Value value);
};

// The value where it parsed, into its place; else the error.
template <typename T, typename Place>
Result<void> store(Result<T> parsed, Place& place) {
  if (!parsed.ok()) {
    return std::move(parsed).error();
  }
  place = *std::move(parsed);
  return {};
}

template <typename T>
Result<T> required(std::optional<T> parsed, std::string_view expected) {
  if (!parsed) {
    return Error{.kind = ErrorKind::kInvalid,
                 .reason = "expected " + std::string(expected)};
  }
  return *std::move(parsed);
}

constexpr auto kRows = std::to_array<KeyRow>({
    {"web", "listen_address",
     [](Settings& s, Value v) {
       return store(parse_each(v, parse_listen_address),
                    s.web.listen_addresses);
     }},
    {"web", "telemetry_path",
     [](Settings& s, Value v) {
       return store(parse_telemetry_path(v), s.web.telemetry_path);
     }},
    {"web", "max_requests",
     [](Settings& s, Value v) {
       return store(parse_bounded(v, 1, kMaxRequestsLimit), s.web.max_requests);
     }},
    {"web", "enable_lifecycle",
     [](Settings& s, Value v) {
       return store(parse_switch(v), s.web.enable_lifecycle);
     }},
    {"web", "private_token_file",
     [](Settings& s, Value v) {
       return store(parse_absolute_path(v), s.web.private_token_file);
     }},
    {"log", "level",
     [](Settings& s, Value v) {
       return store(required(parse_log_level(v), "debug, info, warn or error"),
                    s.log.level);
     }},
    {"log", "format",
     [](Settings& s, Value v) {
       return store(required(parse_log_format(v), "logfmt or json"),
                    s.log.format);
     }},
    {"collectors", "timeout",
     [](Settings& s, Value v) {
       return store(parse_duration(v), s.collectors.timeout);
     }},
    {"policy", "path_idle_timeout",
     [](Settings& s, Value v) {
       return store(parse_path_idle_timeout(v), s.policy.path_idle_timeout);
     }},
    {"policy", "safety_margin",
     [](Settings& s, Value v) {
       return store(parse_ratio(v), s.policy.safety_margin_ratio);
     }},
    {"policy", "minimum_idle",
     [](Settings& s, Value v) {
       return store(parse_duration(v), s.policy.minimum_idle);
     }},
    {"policy", "minimum_outage_tolerance",
     [](Settings& s, Value v) {
       return store(parse_duration(v), s.policy.minimum_outage_tolerance);
     }},
    {"policy", "maximum_dead_peer_time",
     [](Settings& s, Value v) {
       return store(parse_duration(v), s.policy.maximum_dead_peer_time);
     }},
    {"policy", "compliance",
     [](Settings& s, Value v) {
       return store(parse_compliance(v), s.policy.compliance);
     }},
    {"sshd", "config",
     [](Settings& s, Value v) {
       return store(parse_each(v, parse_absolute_path),
                    s.collector_settings.sshd_config_files);
     }},
    {"ssh", "config",
     [](Settings& s, Value v) {
       return store(parse_absolute_path(v),
                    s.collector_settings.ssh_config_file);
     }},
    {"ssh", "users",
     [](Settings& s, Value v) {
       return store(parse_list(v), s.collector_settings.ssh_users);
     }},
    {"ssh", "hosts",
     [](Settings& s, Value v) {
       return store(parse_list(v), s.collector_settings.ssh_hosts);
     }},
    {"sessions", "ports",
     [](Settings& s, Value v) {
       return store(parse_ports(v), s.collector_settings.session_ports);
     }},
    {"netns", "scan",
     [](Settings& s, Value v) {
       return store(parse_netns_scan(v), s.collector_settings.netns.scan);
     }},
    {"netns", "series_limit",
     [](Settings& s, Value v) {
       return store(parse_bounded(v, 0, 1000),
                    s.collector_settings.netns.series_limit);
     }},
    {"alertmanager", "url",
     [](Settings& s, Value v) {
       return store(parse_urls(v), s.alertmanager.urls);
     }},
    {"alertmanager", "labels",
     [](Settings& s, Value v) {
       return store(parse_labels(v), s.alertmanager.labels);
     }},
    {"alertmanager", "interval",
     [](Settings& s, Value v) {
       return store(parse_short_duration(v), s.alertmanager.interval);
     }},
    {"alertmanager", "timeout",
     [](Settings& s, Value v) {
       return store(parse_short_duration(v), s.alertmanager.timeout);
     }},
    {"alertmanager", "longest_hold",
     [](Settings& s, Value v) {
       return store(parse_short_duration(v), s.alertmanager.longest_hold);
     }},
    {"alertmanager", "ca_file",
     [](Settings& s, Value v) {
       return store(parse_file_or_none(v), s.alertmanager.ca_file);
     }},
    {"alertmanager", "state_file",
     [](Settings& s, Value v) {
       return store(parse_file_or_none(v), s.alertmanager.state_file);
     }},
    {"ends", "state_file",
     [](Settings& s,
        Value v) { return store(parse_file_or_none(v), s.ends.state_file); }},
    {"ends", "keep",
     [](Settings& s,
        Value v) { return store(parse_bounded(v, 1, 10'000), s.ends.keep); }},
});

// [path NAME]
constexpr std::string_view kPathSection = "path ";

struct PathKeyRow {
  std::string_view key;
  Result<void> (*apply)(PathSettings& path, Value value);
};

constexpr auto kPathRows = std::to_array<PathKeyRow>({
    {"idle_timeout",
     [](PathSettings& path, Value v) {
       return store(parse_duration(v), path.idle_timeout);
     }},
    {"counts",
     [](PathSettings& path, Value v) -> Result<void> {
       if (v != "packets" && v != "bytes") {
         return Error{.kind = ErrorKind::kInvalid,
                      .reason = "expected packets or bytes"};
       }
       path.counts = v == "bytes" ? PathCounts::kBytes : PathCounts::kPackets;
       return {};
     }},
});

bool is_path_section(std::string_view section) {
  return section.starts_with(kPathSection) &&
         section.size() > kPathSection.size();
}

Error unknown_key(std::string_view section, std::string_view key) {
  return {.kind = ErrorKind::kInvalid,
          .reason = "unknown key " + std::string(key) + " in section [" +
                    std::string(section) + "]"};
}

Result<void> named(std::string_view key, Result<void> applied) {
  if (!applied.ok()) {
    Error error = std::move(applied).error();
    error.reason = std::string(key) + ": " + error.reason;
    return error;
  }
  return applied;
}

Result<void> apply_path_key(std::string_view section, std::string_view key,
                            Value value, Settings& settings) {
  const std::string_view name = section.substr(kPathSection.size());
  for (const PathKeyRow& row : kPathRows) {
    if (row.key != key) {
      continue;
    }
    auto path = std::ranges::find(settings.paths, name, &PathSettings::name);
    if (path == settings.paths.end()) {
      settings.paths.push_back({.name = std::string(name)});
      path = std::prev(settings.paths.end());
    }
    return named(key, row.apply(*path, value));
  }
  return unknown_key(section, key);
}

Result<void> apply_collector_switch(std::string_view key, Value value,
                                    Settings& settings) {
  for (std::size_t i = 0; i < kCollectors.size(); ++i) {
    if (kCollectors.at(i).name == key) {
      return named(
          key, store(parse_switch(value), settings.collectors.enabled.at(i)));
    }
  }
  return unknown_key("collectors", key);
}

}  // namespace

bool is_known_section(std::string_view section) {
  return is_path_section(section) ||
         std::ranges::find(kRows, section, &KeyRow::section) != kRows.end();
}

Result<void> apply_key(std::string_view section, std::string_view key,
                       std::string_view value, Settings& settings) {
  if (is_path_section(section)) {
    return apply_path_key(section, key, value, settings);
  }
  for (const KeyRow& row : kRows) {
    if (row.section == section && row.key == key) {
      return named(key, row.apply(settings, value));
    }
  }
  if (section == "collectors") {
    return apply_collector_switch(key, value, settings);
  }
  if (section.empty()) {
    return Error{.kind = ErrorKind::kInvalid,
                 .reason = "the key " + std::string(key) +
                           " stands before the first section"};
  }
  return unknown_key(section, key);
}

std::vector<std::string> known_keys() {
  std::vector<std::string> keys;
  keys.reserve(kRows.size() + kPathRows.size() + kCollectors.size());
  for (const KeyRow& row : kRows) {
    keys.push_back(std::string(row.section) + "." + std::string(row.key));
  }
  for (const PathKeyRow& row : kPathRows) {
    keys.push_back("path." + std::string(row.key));
  }
  for (const Collector& collector : kCollectors) {
    keys.push_back("collectors." + std::string(collector.name));
  }
  return keys;
}

}  // namespace ssh_keepalive
