// Idle timeouts of common middleboxes and cloud networks, as their vendors
// publish them, and what compliance profiles ask of sshd.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_PRESETS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_PRESETS_H_

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace ssh_keepalive::diagnosis {

struct PathPreset {
  std::string_view name;  // the value of path_idle_timeout and idle_timeout
  std::chrono::seconds idle_timeout;
  bool counts_bytes = false;  // a proxy: TCP keepalive does not refresh it
};

inline constexpr std::array kPathPresets = {
    PathPreset{"aws-nlb", std::chrono::seconds(350)},
    PathPreset{"aws-nat-gateway", std::chrono::seconds(350)},
    PathPreset{"aws-network-firewall", std::chrono::seconds(350)},
    PathPreset{"aws-sg-nitro-v6", std::chrono::seconds(350)},
    PathPreset{"azure-lb", std::chrono::seconds(240)},
    PathPreset{"azure-nat-gateway", std::chrono::seconds(240)},
    PathPreset{"gcp-vpc", std::chrono::seconds(600)},
    PathPreset{"gcp-cloud-nat", std::chrono::seconds(1200)},
    PathPreset{"ipvs", std::chrono::seconds(900)},
    PathPreset{"kube-proxy", std::chrono::seconds(86'400)},
    PathPreset{"rfc5382", std::chrono::seconds(7440)},
    PathPreset{"cisco-asa", std::chrono::seconds(3600)},
    PathPreset{"fortigate", std::chrono::seconds(3600)},
    PathPreset{"palo-alto", std::chrono::seconds(3600)},
    PathPreset{"juniper-srx", std::chrono::seconds(1800)},
    PathPreset{"pfsense", std::chrono::seconds(86'400)},
    PathPreset{"avm-router", std::chrono::seconds(900)},
    PathPreset{"nginx-stream", std::chrono::seconds(600), true},
    PathPreset{"envoy-tcp-proxy", std::chrono::seconds(3600), true},
    PathPreset{"home-nat", std::chrono::seconds(300)},
};

// What a profile demands: sessions ended, which is the opposite of intact.
struct ComplianceProfile {
  std::string_view name;
  std::chrono::seconds client_alive_interval;
  int client_alive_count_max;
  std::optional<std::chrono::seconds> shell_timeout;  // TMOUT
};

inline constexpr std::array kComplianceProfiles = {
    ComplianceProfile{"cis-debian-12", std::chrono::seconds(300), 3,
                      std::chrono::seconds(900)},
    ComplianceProfile{"cis-debian-13", std::chrono::seconds(300), 3,
                      std::chrono::seconds(900)},
    ComplianceProfile{"cis-ubuntu-22.04", std::chrono::seconds(300), 3,
                      std::chrono::seconds(900)},
    ComplianceProfile{"cis-ubuntu-24.04", std::chrono::seconds(300), 3,
                      std::chrono::seconds(900)},
    ComplianceProfile{"cis-rhel-9", std::chrono::seconds(300), 1,
                      std::chrono::seconds(900)},
    ComplianceProfile{"cis-rhel-10", std::chrono::seconds(300), 1,
                      std::chrono::seconds(900)},
    ComplianceProfile{"stig-rhel-9", std::chrono::seconds(600), 1,
                      std::chrono::seconds(600)},
    ComplianceProfile{"stig-ubuntu-22.04", std::chrono::seconds(600), 1,
                      std::chrono::seconds(900)},
    ComplianceProfile{"stig-ubuntu-24.04", std::chrono::seconds(600), 1,
                      std::chrono::seconds(600)},
    ComplianceProfile{"pci-dss-4", std::chrono::seconds(900), 1, std::nullopt},
};

// The row of that name in one of the tables above; null where there is none.
template <typename Table>
constexpr const typename Table::value_type* find_row(const Table& table,
                                                     std::string_view name) {
  for (const auto& row : table) {
    if (row.name == name) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_PRESETS_H_
