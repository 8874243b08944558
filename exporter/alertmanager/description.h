// Findings → the text of a notification.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_DESCRIPTION_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_DESCRIPTION_H_

#include <string>
#include <vector>

#include "diagnosis/finding.h"

namespace ssh_keepalive::alertmanager {

// How many findings one alert spells out.
inline constexpr std::size_t kMaxDescribed = 5;

// For each: what is, what should be, and the line or command that makes it so.
// Without identities. At most kMaxDescribed, and how many more there are.
std::string description_of(const std::vector<diagnosis::Finding>& findings);

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_DESCRIPTION_H_
