#include "exporter/http/page/html.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "exporter/report/identities.h"

namespace ssh_keepalive::http {

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c >= ' ' && c <= '~' ? c : '?';
    }
  }
  return escaped;
}

std::string shown(std::string_view text, bool with_identities) {
  return escape_html(with_identities ? std::string(text)
                                     : public_text(std::string(text)));
}

std::string time_html(std::chrono::system_clock::time_point time) {
  const std::tm utc = fmt::gmtime(std::chrono::system_clock::to_time_t(time));
  return fmt::format(
      "<time datetime=\"{0:%Y-%m-%dT%H:%M:%SZ}\">{0:%Y-%m-%d %H:%M:%S} UTC"
      "</time>",
      utc);
}

std::string table_html(std::string_view name, std::string_view head,
                       std::string_view rows) {
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" aria-label=\"{0}\" "
      "tabindex=\"0\">\n<table>\n<caption>{0}</caption>\n<thead><tr>{1}</tr>"
      "</thead>\n<tbody>\n{2}</tbody>\n</table>\n</div>\n",
      name, head, rows);
}

}  // namespace ssh_keepalive::http
