#include "exporter/ends/end_json.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "exporter/ends/end_limits.h"

namespace ssh_keepalive {
namespace {

using diagnosis::SessionEnd;
using nlohmann::ordered_json;

double to_milliseconds(double seconds) {
  constexpr double kMilli = 1e3;
  return std::round(seconds * kMilli) / kMilli;
}

// Nothing and what cannot be: null.
ordered_json length_json(
    const std::optional<std::chrono::duration<double>>& length) {
  if (!length ||
      !(length->count() >= 0 && length->count() <= ends::kLongestSeconds)) {
    return nullptr;
  }
  return to_milliseconds(length->count());
}

ordered_json text_json(std::string_view text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json paths_json(const PathIdles& paths) {
  ordered_json json = ordered_json::object();
  for (const auto& [netns, path] : paths) {
    json[netns] = {
        {"longest_survived_seconds", length_json(path.longest_survived)},
        {"shortest_lost_seconds", length_json(path.shortest_lost)}};
  }
  return json;
}

}  // namespace

double time_since_1970(std::chrono::system_clock::time_point time) {
  const double seconds =
      std::chrono::duration<double>(time.time_since_epoch()).count();
  return std::clamp(to_milliseconds(seconds), 0.0, ends::kLatestSeconds);
}

ordered_json end_json(const SessionEnd& end) {
  ordered_json json = {{"ended_at", time_since_1970(end.ended_at)},
                       {"role", name_of(end.role)},
                       {"netns", end.netns},
                       {"local", end.local},
                       {"peer", end.peer},
                       {"user", text_json(end.user)},
                       {"tty", text_json(end.tty)},
                       {"pid", nullptr},
                       {"lasted_seconds", nullptr},
                       {"cause", name_of(end.cause)},
                       {"closed_by", text_json(name_of(end.closed_by))},
                       {"evidence", end.evidence},
                       {"advice", text_json(end.advice)}};
  if (end.pid > 0) {
    json["pid"] = end.pid;
  }
  if (end.lasted) {
    json["lasted_seconds"] = std::clamp<std::int64_t>(
        end.lasted->count(), 0,
        static_cast<std::int64_t>(ends::kLongestSeconds));
  }
  return json;
}

std::string stored_ends_text(const StoredEnds& stored) {
  ordered_json document = {{"version", ends::kVersion},
                           {"since", nullptr},
                           {"ends", ordered_json::array()},
                           {"paths", paths_json(stored.paths)}};
  if (stored.since) {
    document["since"] = time_since_1970(*stored.since);
  }
  for (const SessionEnd& end : stored.ends) {
    document["ends"].push_back(end_json(end));
  }
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) +
         '\n';
}

}  // namespace ssh_keepalive
