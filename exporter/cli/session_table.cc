#include "exporter/cli/session_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "exporter/report/session_cells.h"
#include "exporter/report/session_risk.h"

namespace ssh_keepalive {
namespace {

using diagnosis::JudgedSession;

constexpr std::size_t kGap = 2;  // between columns

constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kPlain = "\033[0m";

std::string_view colour_of(Risk risk, const TableLayout& layout) {
  if (!layout.colour) {
    return {};
  }
  switch (risk) {
    case Risk::kPeerSilent:
    case Risk::kPeerLeft:
      return kRed;
    case Risk::kLostByPath:
      return layout.path_is_assumed ? std::string_view() : kYellow;
    case Risk::kPeerStuck:
    case Risk::kUnrefreshed:
    case Risk::kOutdated:
      return kYellow;
    case Risk::kEndsIdle:
    case Risk::kUnclear:
    case Risk::kNone:
      break;
  }
  return {};
}

// By column; 0: not shown.
using Widths = std::array<std::size_t, kColumns>;

std::size_t total(const Widths& widths) {
  std::size_t sum = 0;
  for (const std::size_t width : widths) {
    sum += width > 0 ? width + kGap : 0;
  }
  return sum > kGap ? sum - kGap : 0;
}

// How a table is made narrower, step by step, until it fits.
struct Step {
  Column column;
  std::size_t width;  // 0: gone
};

constexpr std::array kSteps = {
    Step{kLocal, 0},  Step{kState, 0},    Step{kKeepalive, 0}, Step{kUser, 12},
    Step{kPeer, 28},  Step{kDeadPeer, 0}, Step{kTty, 0},       Step{kSilent, 0},
    Step{kTimer, 16}, Step{kRefresh, 0},  Step{kPeer, 21},     Step{kUser, 8},
    Step{kPid, 0},    Step{kTimer, 0},    Step{kFate, 24},     Step{kUser, 0},
    Step{kNetns, 8},
};

bool says_nothing(const std::vector<Row>& rows, Column column) {
  return std::all_of(rows.begin() + 1, rows.end(),
                     [&](const Row& row) { return row.at(column) == "-"; });
}

Widths fit(const std::vector<Row>& rows,
           const std::optional<std::size_t>& width) {
  Widths widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      widths.at(i) = std::max(widths.at(i), row.at(i).size());
    }
  }
  const auto is_hosts = [](const Row& row) {
    return row.at(kNetns) == netns::kHost;
  };
  if (std::all_of(rows.begin() + 1, rows.end(), is_hosts)) {
    widths.at(kNetns) = 0;
  }
  if (!width) {
    return widths;
  }
  for (const Column column : {kTty, kPid, kUser, kDeadPeer, kRefresh}) {
    if (total(widths) > *width && says_nothing(rows, column)) {
      widths.at(column) = 0;
    }
  }
  for (const Step& step : kSteps) {
    if (total(widths) <= *width) {
      break;
    }
    widths.at(step.column) = std::min(widths.at(step.column), step.width);
  }
  return widths;
}

std::string line_of(const Row& row, const Widths& widths,
                    const std::optional<std::size_t>& width) {
  std::string line;
  std::size_t gap = 0;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (widths.at(i) > 0) {
      line.append(gap, ' ');
      const std::string cell = cut_to(row.at(i), widths.at(i));
      line += cell;
      gap = widths.at(i) - cell.size() + kGap;
    }
  }
  if (width && line.size() > *width) {
    line.resize(*width);
  }
  return line;
}

}  // namespace

std::vector<std::string> table_lines(const std::vector<JudgedSession>& all,
                                     const TableLayout& layout) {
  std::vector<Row> rows = {column_titles()};
  std::vector<std::string_view> colours = {{}};
  for (const JudgedSession& session : all) {
    rows.push_back(cells_of(session));
    colours.push_back(colour_of(risk_of(session), layout));
  }
  const Widths widths = fit(rows, layout.width);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string line = line_of(rows[i], widths, layout.width);
    lines.push_back(colours[i].empty()
                        ? line
                        : fmt::format("{}{}{}", colours[i], line, kPlain));
  }
  return lines;
}

}  // namespace ssh_keepalive
