#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_STYLE_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_STYLE_H_

#include <string>

namespace ssh_keepalive::http {

// What stands in the page's <style>.
const std::string& page_style();

// The value of Content-Security-Policy: that style by its hash, the icon that
// stands in the page itself, and nothing else; no scripts, nothing from
// elsewhere, in no frame.
const std::string& page_policy();

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_STYLE_H_
