// All that a user can set, with the defaults of docs/configuration.md.
// Precedence: command-line flag, then configuration file, then default.
#ifndef SSH_KEEPALIVE_EXPORTER_SETTINGS_H_
#define SSH_KEEPALIVE_EXPORTER_SETTINGS_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "collectors/registry.h"
#include "collectors/settings.h"
#include "exporter/log.h"

namespace ssh_keepalive {

struct WebSettings {
  std::vector<std::string> listen_addresses{":10722"};
  std::string telemetry_path = "/metrics";
  int max_requests = 40;  // 1 to kMaxRequestsLimit, /metrics at once
  bool enable_lifecycle = false;
  bool disable_exporter_metrics = false;
  std::string private_token_file;  // empty: no identities for anybody
  std::string private_token;       // what it holds: see read_private_token
};

inline constexpr int kMaxRequestsLimit = 1000;

struct LogSettings {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kLogfmt;
};

// [collectors]: which run, in the order of kCollectors.
struct CollectorSelection {
  CollectorSelection() { enabled.fill(true); }

  std::array<bool, kCollectors.size()> enabled{};
  std::chrono::duration<double> timeout{10};
};

// [policy] path_idle_timeout: `auto` is none of the two.
struct PathPreset {
  std::string name;
};
using PathIdleTimeout =
    std::variant<std::monostate, std::chrono::seconds, PathPreset>;

struct PolicySettings {
  PathIdleTimeout path_idle_timeout;
  double safety_margin_ratio = 0.2;
  std::chrono::seconds minimum_idle = std::chrono::hours(1);
  std::chrono::seconds minimum_outage_tolerance{60};
  std::chrono::seconds maximum_dead_peer_time = std::chrono::hours(3);
  std::string compliance = "none";
};

// [path NAME]: what refreshes this middlebox.
enum class PathCounts { kPackets, kBytes };

struct PathSettings {
  std::string name;
  std::optional<std::chrono::seconds> idle_timeout;
  PathCounts counts = PathCounts::kPackets;
};

// [ends]: what is kept of sessions that have ended.
struct EndsSettings {
  // Absolute; empty: nothing is kept on disk.
  std::string state_file = "/var/lib/ssh_keepalive_exporter/ends.json";
  int keep = 256;  // 1 to 10000
};

// [alertmanager]: findings that the exporter sends itself.
struct AlertmanagerSettings {
  std::vector<std::string> urls;  // empty: none are sent
  std::vector<std::pair<std::string, std::string>> labels;
  std::chrono::seconds interval{60};
  std::chrono::seconds timeout{10};
  // No alert is held back for longer, whatever its rule says.
  std::chrono::seconds longest_hold = std::chrono::hours(1);
  std::string ca_file;  // empty: the certificates that the system trusts
  // Absolute; empty: a restart begins anew.
  std::string state_file = "/var/lib/ssh_keepalive_exporter/alerts.json";
};

struct Settings {
  WebSettings web;
  LogSettings log;
  CollectorSelection collectors;
  PolicySettings policy;
  std::vector<PathSettings> paths;
  CollectorSettings collector_settings;  // [sshd], [ssh], [sessions], [netns]
  EndsSettings ends;
  AlertmanagerSettings alertmanager;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_SETTINGS_H_
