#include "exporter/http/page/html.h"

#include <gtest/gtest.h>

#include "exporter/report/identities.h"

namespace ssh_keepalive::http {
namespace {

TEST(EscapeHtml, NothingThatABrowserObeys) {
  EXPECT_EQ(escape_html("<script>alert(\"1\" & '2')</script>"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)"
            "&lt;/script&gt;");
  EXPECT_EQ(escape_html(std::string_view("a\0\x1b\x7f\xff b", 7)), "a???? b");
  EXPECT_EQ(escape_html("\xe2\x80\xae"), "???");  // writes from right to left
  EXPECT_EQ(escape_html(""), "");
}

TEST(Shown, PrivatePathsOnlyWithIdentities) {
  EXPECT_EQ(shown("/home/jane/<b>", true), "/home/jane/&lt;b&gt;");
  EXPECT_EQ(shown("/home/jane/<b>", false), kHidden);
  EXPECT_EQ(shown("/etc/<b>", false), "/etc/&lt;b&gt;");
}

TEST(TimeHtml, ForPeopleAndPrograms) {
  EXPECT_EQ(time_html(std::chrono::system_clock::time_point(
                std::chrono::seconds(1'769'904'007))),
            "<time datetime=\"2026-02-01T00:00:07Z\">2026-02-01 00:00:07 UTC"
            "</time>");
}

}  // namespace
}  // namespace ssh_keepalive::http
