// What all parts of the page are made of.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_HTML_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_HTML_H_

#include <chrono>
#include <string>
#include <string_view>

namespace ssh_keepalive::http {

// For text between tags and in quoted attributes. What is no printable ASCII is
// shown as `?`: names of others may hold anything.
std::string escape_html(std::string_view text);

// A text of the report, escaped, as far as the reader may see it.
std::string shown(std::string_view text, bool with_identities);

// What nobody could find out is said, never left out or shown as 0.
inline constexpr std::string_view kUnknownHtml =
    "<span class=\"unknown\">unknown</span>";

// <time>, "2026-02-03 03:14:07 UTC".
std::string time_html(std::chrono::system_clock::time_point time);

// A table that scrolls by itself where the screen is too narrow for it; the
// keyboard reaches it. `name` says what it is; both head and rows are HTML.
std::string table_html(std::string_view name, std::string_view head,
                       std::string_view rows);

// "s" for all numbers but 1.
constexpr std::string_view plural(std::size_t count) {
  return count == 1 ? "" : "s";
}

// The reference pages.
inline constexpr std::string_view kDocs =
    "https://github.com/ssh-keepalive-exporter/ssh_keepalive_exporter/blob/"
    "main/docs/";

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_HTML_H_
