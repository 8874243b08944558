// Ended sessions → counters.
#include <array>
#include <set>
#include <string>
#include <utility>

#include "collectors/base/metrics.h"
#include "exporter/exposition/counters.h"
#include "exporter/exposition/families.h"

namespace ssh_keepalive {
namespace {

using diagnosis::EndCause;
using sessions::Role;

void append_paths(const PathIdles& paths, Families& families) {
  prometheus::MetricFamily family = gauge_family(
      "path_observed_idle_seconds",
      "What sessions have shown of the path's memory: the longest silence that "
      "one survived, and the shortest of 10 s or more that was followed by a "
      "reset or a peer that does not answer.");
  for (const auto& [netns, path] : paths) {
    const auto add =
        [&, &label = netns](
            std::string_view bound,
            const std::optional<std::chrono::duration<double>>& time) {
          if (time) {
            add_gauge(family, {{"netns", label}, {"bound", std::string(bound)}},
                      time->count());
          }
        };
    add("longest_survived", path.longest_survived);
    add("shortest_lost", path.shortest_lost);
  }
  if (!family.metric.empty()) {
    families.push_back(std::move(family));
  }
}

// Servers and clients, and others once one of theirs has ended.
std::set<Role> roles_of(const EndCounts& counts) {
  std::set<Role> roles = {Role::kServer, Role::kClient};
  for (const auto& [what, count] : counts.ends) {
    roles.insert(what.first);
  }
  return roles;
}

}  // namespace

void append_end_metrics(const EndCounts& counts, const PathIdles& paths,
                        Families& families) {
  prometheus::MetricFamily ends = counter_family(
      "session_ends_total",
      "SSH connections that a look had seen logged in and that have ended "
      "since, by cause: see ends.md. The last of them: the command why.");
  for (const Role role : roles_of(counts)) {
    for (const EndCause cause : diagnosis::kEndCauses) {
      const auto found = counts.ends.find({role, cause});
      add_counter(ends,
                  {{"role", std::string(name_of(role))},
                   {"cause", std::string(name_of(cause))}},
                  found == counts.ends.end() ? 0 : found->second);
    }
  }
  families.push_back(std::move(ends));
  prometheus::MetricFamily others = counter_family(
      "session_ends_uncounted_total",
      "Connections on SSH's ports that have ended and are no sessions: "
      "unauthenticated: before their login; unseen: before any look had seen "
      "them.");
  add_counter(others, {{"reason", "unauthenticated"}}, counts.unauthenticated);
  add_counter(others, {{"reason", "unseen"}}, counts.unseen);
  families.push_back(std::move(others));
  prometheus::MetricFamily lost = counter_family(
      "session_events_lost_total",
      "Times that the kernel had no room for the news of closed sockets; the "
      "next look makes up for them, less exactly.");
  add_counter(lost, {}, counts.events_lost);
  families.push_back(std::move(lost));
  append_paths(paths, families);
}

}  // namespace ssh_keepalive
