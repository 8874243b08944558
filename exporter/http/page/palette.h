// The page's colours. A test holds each pair that meets on the page against
// WCAG 2.1: 4.5 : 1 for text, 3 : 1 for what is drawn.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PALETTE_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PALETTE_H_

#include <array>
#include <string_view>

namespace ssh_keepalive::http {

// A CSS variable, `--name`.
struct Colour {
  std::string_view name;
  std::string_view light;  // #rrggbb
  std::string_view dark;
};

inline constexpr std::array kPalette = {
    Colour{"page", "#ffffff", "#0d1117"}, Colour{"card", "#f6f8fa", "#161b22"},
    Colour{"text", "#1f2328", "#e6edf3"}, Colour{"muted", "#59636e", "#9da7b3"},
    Colour{"line", "#d1d9e0", "#3d444d"}, Colour{"link", "#0757ba", "#6cb0ff"},
    Colour{"ok", "#116329", "#56d364"}, Colour{"ok-card", "#e6f8ea", "#10261b"},
    Colour{"warning", "#7d4e00", "#e3b341"},
    Colour{"warning-card", "#fff6d6", "#2b2411"},
    Colour{"critical", "#b3151f", "#ff8a80"},
    Colour{"critical-card", "#ffebe9", "#321518"},
    Colour{"unknown", "#57606a", "#aab4be"},
    Colour{"unknown-card", "#eff2f5", "#1c2128"},
    // Drawn.
    Colour{"span", "#6a727b", "#7d8590"},     // while a layer lets it live
    Colour{"refresh", "#0969da", "#58a6ff"},  // something crosses the path
    Colour{"ends", "#bc4c00", "#f0883e"},     // the session of a dead peer
    Colour{"kill", "#8250df", "#c297ff"},     // an unused session
    Colour{"path", "#b5202a", "#ff7b72"},     // from here on it is forgotten
};

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PALETTE_H_
