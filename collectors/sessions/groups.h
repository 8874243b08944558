// Sessions that are counted together in metrics.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_GROUPS_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_GROUPS_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/metrics.h"
#include "collectors/sessions/sessions.h"

namespace ssh_keepalive::sessions {

// Those of one role and one value of the label `netns`.
struct Group {
  Role role = Role::kUnknown;
  std::string netns;
  std::vector<std::size_t> places;  // in Facts::sessions

  template <typename Predicate>
  [[nodiscard]] double count(Predicate&& counts) const {
    return static_cast<double>(
        std::count_if(places.begin(), places.end(), counts));
  }

  [[nodiscard]] Labels labels() const {
    return {{"role", std::string(name_of(role))}, {"netns", netns}};
  }

  [[nodiscard]] Labels with(const char* name, std::string_view value) const {
    Labels all = labels();
    all.push_back({name, std::string(value)});
    return all;
  }
};

// Servers and clients of the host and of each namespace that was looked at are
// always there; other roles appear with their first session.
std::vector<Group> groups_of(const Facts& facts);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_GROUPS_H_
