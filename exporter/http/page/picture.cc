#include "exporter/http/page/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "diagnosis/layers.h"
#include "diagnosis/texts.h"
#include "exporter/http/page/drawing.h"
#include "exporter/http/page/geometry.h"
#include "exporter/http/page/html.h"
#include "exporter/report/report_words.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::Layer;
using diagnosis::LayerTimes;
using diagnosis::Report;

constexpr std::size_t kShownTimelines = 8;
constexpr std::size_t kShownLayers = 100;

// What should be known of any host, and is not.
std::string unknown_layers(const std::vector<LayerTimes>& layers,
                           const Facts& facts) {
  const auto is_missing = [&layers](Layer layer) {
    return std::ranges::none_of(
        layers, [layer](const LayerTimes& one) { return one.layer == layer; });
  };
  std::vector<std::string_view> unknown;
  for (const Layer layer : {Layer::kTcpKeepalive, Layer::kRetransmissionLimit,
                            Layer::kClientAlive, Layer::kServerAlive}) {
    // A host without sshd has none of its messages.
    const bool is_absent = layer == Layer::kClientAlive && facts.sshd_config &&
                           facts.sshd_config->instances.empty();
    if (!is_absent && is_missing(layer)) {
      unknown.push_back(name_of(layer));
    }
  }
  return unknown.empty()
             ? ""
             : fmt::format(
                   "<p>{}: what these layers do: <code>{}</code>.</p>\n",
                   kUnknownHtml, fmt::join(unknown, "</code>, <code>"));
}

std::string layers_table(const std::vector<LayerTimes>& layers,
                         bool with_identities) {
  std::string rows;
  const std::size_t count = std::min(layers.size(), kShownLayers);
  for (std::size_t i = 0; i < count; ++i) {
    const LayerTimes& layer = layers[i];
    rows += fmt::format(
        "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td>"
        "<td class=\"wide\">{}</td><td>{}</td></tr>\n",
        name_of(layer.layer), shown(layer.subject, with_identities),
        escape_html(actions_of(layer)),
        layer.source
            ? shown(diagnosis::place_text(*layer.source), with_identities)
            : "");
  }
  std::string more =
      count == layers.size()
          ? ""
          : fmt::format(
                "<p>{} more are in the <a href=\"/api/v1/report\">report</a>."
                "</p>\n",
                layers.size() - count);
  return "<details>\n<summary>The same as a table, with the line that sets "
         "each</summary>\n" +
         table_html("What each layer does to a new session",
                    "<th scope=\"col\">Layer</th><th scope=\"col\">Of</th>"
                    "<th scope=\"col\">What it does</th>"
                    "<th scope=\"col\">Set by</th>",
                    rows) +
         more + "</details>\n";
}

std::string timelines(const Report& report, bool with_identities) {
  std::string text = "<div class=\"ends-in\">\n";
  const std::size_t count = std::min(report.configured.size(), kShownTimelines);
  for (std::size_t i = 0; i < count; ++i) {
    const diagnosis::ConfiguredEnd& end = report.configured[i];
    text += fmt::format("<section>\n<h3>{}</h3>\n<ol class=\"timeline\">\n",
                        shown(title_of(end), with_identities));
    for (const Event& event : timeline_of(end, report)) {
      text += fmt::format("<li><b>{}</b><span>{}</span></li>\n",
                          range_text(event.time), escape_html(event.what));
    }
    text += "</ol>\n</section>\n";
  }
  text += "</div>\n";
  if (count < report.configured.size()) {
    text += fmt::format(
        "<p>{} more ends are in the <a href=\"/api/v1/report\">report</a>."
        "</p>\n",
        report.configured.size() - count);
  }
  return count == 0 ? "" : text;
}

}  // namespace

std::string layers_section(const Facts& facts, const Report& report,
                           bool with_identities) {
  const std::vector<LayerTimes> layers = layers_of(facts, report);
  const Picture picture = picture_of(layers, report.policy);
  std::string text =
      "<section aria-labelledby=\"layers\">\n"
      "<h2 id=\"layers\">What happens to an idle session, layer by "
      "layer</h2>\n" +
      draw(picture, with_identities);
  if (picture.left_out > 0) {
    text += fmt::format("<p>{} more are in the table only.</p>\n",
                        picture.left_out);
  }
  return text + unknown_layers(layers, facts) +
         layers_table(layers, with_identities) +
         timelines(report, with_identities) + "</section>\n";
}

}  // namespace ssh_keepalive::http
