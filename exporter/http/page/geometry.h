// The picture of the layers in numbers: what is where, before it is drawn.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_GEOMETRY_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_GEOMETRY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/layers.h"
#include "diagnosis/report.h"

namespace ssh_keepalive::http {

// Logarithmic; places are from 0, at the left, to 1.
class Axis {
 public:
  // 0 < from < to.
  Axis(diagnosis::Seconds from, diagnosis::Seconds to) : from_(from), to_(to) {}

  // What lies outside is at the nearer end.
  [[nodiscard]] double place(diagnosis::Seconds time) const;

  [[nodiscard]] diagnosis::Seconds from() const { return from_; }
  [[nodiscard]] diagnosis::Seconds to() const { return to_; }

 private:
  diagnosis::Seconds from_;
  diagnosis::Seconds to_;
};

struct Tick {
  double place = 0;
  std::string label;  // "5 min"
};

enum class MarkKind : std::uint8_t { kRefresh, kDeadPeer, kIdleKill, kForgets };

// Something that happens, at a time or within an interval.
struct Mark {
  MarkKind kind = MarkKind::kRefresh;
  double from = 0;
  double to = 0;
  bool is_open = false;  // its end is never, or beyond the axis
};

// A layer: the session lives from the left end to `end`.
struct Bar {
  diagnosis::LayerTimes times;
  std::vector<Mark> marks;
  // Where the layer itself ends an idle session, at the latest; nothing: never.
  std::optional<double> end;
  bool is_off = false;
  // It refreshes, but perhaps after the path has forgotten the session.
  bool is_late = false;
};

struct PathLine {
  double place = 0;
  std::string label;  // "path forgets: 300 s (assumed)"
};

struct Picture {
  std::vector<Tick> ticks;
  std::vector<Bar> bars;
  std::vector<PathLine> paths;  // empty: it never forgets
  std::size_t left_out = 0;     // layers beyond kMaxBars
};

inline constexpr std::size_t kMaxBars = 24;

// All of the times and a few round ones fit on it.
Axis axis_of(const std::vector<diagnosis::LayerTimes>& layers,
             const diagnosis::Policy& policy);

// Round times, with room for their labels on a narrow screen.
std::vector<Tick> ticks_of(const Axis& axis);

Picture picture_of(const std::vector<diagnosis::LayerTimes>& layers,
                   const diagnosis::Policy& policy);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_GEOMETRY_H_
