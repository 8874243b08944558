#include "exporter/http/page/drawing.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "exporter/http/page/html.h"
#include "exporter/report/identities.h"
#include "exporter/report/report_words.h"
#include "exporter/report/session_cells.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::Layer;
using diagnosis::LayerTimes;

// In pixels.
constexpr int kLineHeight = 17;  // of a path's label
constexpr int kRowHeight = 56;
constexpr int kNameBase = 18;  // below the top of its row
constexpr int kWordsBase = 34;
constexpr int kBarPlace = 46;
constexpr int kTickSpace = 22;
constexpr std::size_t kSubjectLetters = 26;

std::string percent(double place) {
  return fmt::format("{:.2f}%", place * 100);
}

std::string_view name_of(MarkKind kind) {
  switch (kind) {
    case MarkKind::kRefresh:
      return "refresh";
    case MarkKind::kDeadPeer:
      return "dead_peer";
    case MarkKind::kIdleKill:
      return "idle_kill";
    case MarkKind::kForgets:
      break;
  }
  return "forgets";
}

// Labels stay within the picture.
std::string_view anchor_of(double place, double margin) {
  if (place < margin) {
    return "start";
  }
  return place > 1 - margin ? "end" : "middle";
}

// The shapes differ, for those who do not see the colours.
constexpr std::string_view kShapes = R"(<defs>
<circle id="refresh" r="6"/>
<rect id="dead_peer" x="-5" y="-5" width="10" height="10"/>
<path id="idle_kill" d="M0-7.5 7.5 0 0 7.5-7.5 0z"/>
<path id="forgets" d="M0-7 7 6-7 6z"/>
<path id="no-end" d="M-2-6 8 0-2 6z"/>
</defs>
)";

std::string use(std::string_view shape, double place, int y) {
  return fmt::format("<use href=\"#{0}\" class=\"{0}\" x=\"{1}\" y=\"{2}\"/>\n",
                     shape, percent(place), y);
}

std::string mark_svg(const Mark& mark, int y) {
  const std::string_view name = name_of(mark.kind);
  std::string svg;
  if (mark.to > mark.from) {
    constexpr int kBandHeight = 8;
    svg += fmt::format(
        "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n",
        name, percent(mark.from), y - kBandHeight / 2,
        percent(mark.to - mark.from), kBandHeight);
    if (!mark.is_open) {
      svg += use(name, mark.to, y);
    }
  }
  return svg + use(name, mark.from, y);
}

// In a few letters, for a narrow screen.
std::string brief_words(const Bar& bar) {
  if (bar.is_off) {
    return "off";
  }
  std::vector<std::string> words;
  const auto add = [&words](std::string_view what,
                            const std::optional<diagnosis::TimeRange>& time) {
    if (time) {
      words.push_back(fmt::format("{} {}", what, short_range(*time)));
    }
  };
  const LayerTimes& times = bar.times;
  add("refresh", times.refresh);
  add("dead peer", times.dead_peer);
  add(times.layer == Layer::kLoginGrace ? "without a login" : "unused",
      times.idle_kill);
  add("silent", times.forgets);
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string bar_svg(const Bar& bar, int top, bool with_identities) {
  const int y = top + kBarPlace;
  const LayerTimes& times = bar.times;
  std::string svg = fmt::format(
      "<g><title>{} of {}: {}</title>\n"
      "<text y=\"{}\"><tspan class=\"name\">{}</tspan> {}</text>\n"
      "<text class=\"small\" y=\"{}\">{}</text>\n",
      diagnosis::name_of(times.layer), shown(times.subject, with_identities),
      escape_html(actions_of(times)), top + kNameBase,
      diagnosis::name_of(times.layer),
      escape_html(
          cut_to(with_identities ? times.subject : public_text(times.subject),
                 kSubjectLetters)),
      top + kWordsBase, escape_html(brief_words(bar)));
  if (bar.is_late) {
    svg += fmt::format(
        "<text class=\"late\" x=\"100%\" y=\"{}\" text-anchor=\"end\">too late"
        "</text>\n",
        top + kNameBase);
  }
  svg += fmt::format(
      "<line class=\"span{}\" x1=\"0\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\n",
      bar.is_off ? " off" : "", percent(bar.end.value_or(1)), y, y);
  if (!bar.end) {
    svg += use("no-end", 1, y);
  }
  for (const Mark& mark : bar.marks) {
    svg += mark_svg(mark, y);
  }
  return svg + "</g>\n";
}

std::string ticks_svg(const std::vector<Tick>& ticks, int top, int bottom) {
  std::string svg;
  for (const Tick& tick : ticks) {
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\"/>\n"
        "<text class=\"small\" x=\"{0}\" y=\"{3}\" text-anchor=\"middle\">{4}"
        "</text>\n",
        percent(tick.place), top, bottom, bottom + kLineHeight, tick.label);
  }
  return svg;
}

std::string paths_svg(const std::vector<PathLine>& paths, int bottom) {
  constexpr double kLabelMargin = 0.33;
  std::string svg;
  int line = 1;
  for (const PathLine& path : paths) {
    svg += fmt::format(
        "<rect class=\"forgotten\" x=\"{0}\" y=\"{1}\" width=\"{2}\" "
        "height=\"{3}\"/>\n"
        "<line class=\"path-line\" x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" "
        "y2=\"{4}\"/>\n"
        "<text class=\"path-name\" x=\"{0}\" y=\"{5}\" text-anchor=\"{6}\">{7}"
        "</text>\n",
        percent(path.place), line * kLineHeight, percent(1 - path.place),
        bottom - line * kLineHeight, bottom, line * kLineHeight - 5,
        anchor_of(path.place, kLabelMargin), escape_html(path.label));
    ++line;
  }
  return svg;
}

std::string legend() {
  const auto item = [](std::string_view shape, std::string_view text) {
    return fmt::format(
        "<li><svg aria-hidden=\"true\" viewBox=\"-12 -8 24 16\"><use "
        "href=\"#{0}\" class=\"{0}\"/></svg> {1}</li>\n",
        shape, text);
  };
  return "<ul class=\"legend\">\n" +
         item("refresh", "refreshes the path, at the latest") +
         item("dead_peer", "ends it, if its peer is gone") +
         item("idle_kill", "ends it, if nobody uses it") +
         item("forgets", "forgets it, if it is silent") +
         item("no-end", "this layer never ends it") + "</ul>\n";
}

std::string description(const Picture& picture) {
  std::string text;
  for (const PathLine& path : picture.paths) {
    text += path.label + ". ";
  }
  if (picture.paths.empty()) {
    text += "The path never forgets. ";
  }
  return escape_html(text) + "The table below has all times.";
}

}  // namespace

std::string draw(const Picture& picture, bool with_identities) {
  const int top = static_cast<int>(picture.paths.size()) * kLineHeight;
  const int bottom =
      top + static_cast<int>(picture.bars.size()) * kRowHeight + 6;
  std::string svg = fmt::format(
      "<div class=\"picture\">\n<svg role=\"img\" height=\"{}\" "
      "aria-labelledby=\"picture-title picture-desc\">\n"
      "<title id=\"picture-title\">What each layer does to an idle session, on "
      "a logarithmic time axis</title>\n"
      "<desc id=\"picture-desc\">{}</desc>\n{}",
      bottom + kTickSpace, description(picture), kShapes);
  svg += ticks_svg(picture.ticks, top, bottom);
  svg += paths_svg(picture.paths, bottom);
  int row = top;
  for (const Bar& bar : picture.bars) {
    svg += bar_svg(bar, row, with_identities);
    row += kRowHeight;
  }
  return svg + "</svg>\n" + legend() + "</div>\n";
}

}  // namespace ssh_keepalive::http
