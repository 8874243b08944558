#include "exporter/policy.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "collectors/netns/name.h"
#include "diagnosis/presets.h"

namespace ssh_keepalive {
namespace {

using diagnosis::Path;
using diagnosis::PathSource;
using diagnosis::Seconds;

constexpr std::string_view kCautious = "home-nat";

// The first middlebox that forgets decides.
void add(std::chrono::seconds timeout, bool counts_bytes, Path& path) {
  Seconds& shortest =
      counts_bytes ? path.bytes_idle_timeout : path.idle_timeout;
  shortest = std::min(shortest, Seconds(timeout));
}

void add_preset(std::string_view name, Path& path) {
  if (const auto* const preset =
          diagnosis::find_row(diagnosis::kPathPresets, name)) {
    add(preset->idle_timeout, preset->counts_bytes, path);
  }
}

// What the clouds' providers publish of their networks. Null: no such cloud.
const char* preset_of(const Facts& facts) {
  if (!facts.host || !facts.host->platform.cloud) {
    return nullptr;
  }
  switch (*facts.host->platform.cloud) {
    case platform::Cloud::kAws:
      return "aws-nat-gateway";
    case platform::Cloud::kAzure:
      return "azure-lb";
    case platform::Cloud::kGcp:
      break;
  }
  return "gcp-vpc";
}

diagnosis::ObservedPath observed_path(const PathIdles& observed) {
  const auto host = observed.find(std::string(netns::kHost));
  return host == observed.end()
             ? diagnosis::ObservedPath{}
             : diagnosis::ObservedPath{
                   .longest_survived = host->second.longest_survived,
                   .shortest_lost = host->second.shortest_lost};
}

}  // namespace

PathIdles stored_paths(const Settings& settings, const HostRoot& root) {
  if (settings.ends.state_file.empty()) {
    return {};
  }
  Result<StoredEnds> stored = read_stored_ends(root, settings.ends.state_file);
  return stored.ok() ? std::move(stored->paths) : PathIdles();
}

diagnosis::Policy policy_of(const Settings& settings, const Facts& facts,
                            const PathIdles& observed) {
  const PolicySettings& wanted = settings.policy;
  diagnosis::Policy policy{
      .path = {},
      .observed = observed_path(observed),
      .path_source = PathSource::kConfigured,
      .safety_margin_ratio = wanted.safety_margin_ratio,
      .minimum_idle = wanted.minimum_idle,
      .minimum_outage_tolerance = wanted.minimum_outage_tolerance,
      .maximum_dead_peer_time = wanted.maximum_dead_peer_time,
      .compliance = diagnosis::find_row(diagnosis::kComplianceProfiles,
                                        wanted.compliance)};
  bool is_configured = true;
  if (const auto* const timeout =
          std::get_if<std::chrono::seconds>(&wanted.path_idle_timeout)) {
    add(*timeout, false, policy.path);
  } else if (const auto* const preset =
                 std::get_if<PathPreset>(&wanted.path_idle_timeout)) {
    add_preset(preset->name, policy.path);
  } else {
    is_configured = false;
  }
  for (const PathSettings& path : settings.paths) {
    if (path.idle_timeout) {
      add(*path.idle_timeout, path.counts == PathCounts::kBytes, policy.path);
      is_configured = true;
    }
  }
  if (!is_configured) {
    const char* const detected = preset_of(facts);
    policy.path_source =
        detected != nullptr ? PathSource::kDetected : PathSource::kAssumed;
    add_preset(detected != nullptr ? detected : kCautious, policy.path);
  }
  return policy;
}

}  // namespace ssh_keepalive
