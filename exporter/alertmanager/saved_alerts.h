// The file in which alerts outlive a restart.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_SAVED_ALERTS_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_SAVED_ALERTS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "collectors/base/result.h"
#include "exporter/alertmanager/alert_book.h"

namespace ssh_keepalive::alertmanager {

inline constexpr std::size_t kMaxSavedBytes = std::size_t{64} << 10;

struct SavedAlerts {
  TimePoint saved_at;
  Entries entries;
};

// Times to the millisecond. Texts are not kept: the next look has them.
std::string saved_text(const SavedAlerts& saved);

// The same back. Alerts of other versions, which kAlerts does not have, are
// left out; anything else that it does not expect is kInvalid.
Result<SavedAlerts> parse_saved(std::string_view text);

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_SAVED_ALERTS_H_
