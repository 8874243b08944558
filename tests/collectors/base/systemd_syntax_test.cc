#include "collectors/base/systemd_syntax.h"

#include <gtest/gtest.h>

#include <string>

namespace ssh_keepalive::systemd {
namespace {

using std::string_view_literals::operator""sv;

// "LINE KEY=VALUE" of each assignment in [Login], and where reading stops.
std::string shown(std::string_view text) {
  std::string all;
  const auto stop =
      visit_assignments(text, "Login", [&all](const Assignment& assignment) {
        all += std::to_string(assignment.line) + " " +
               std::string(assignment.key) + "=" +
               std::string(assignment.value) + "\n";
      });
  return stop ? all + "stop " + std::to_string(*stop) + "\n" : all;
}

TEST(SystemdSyntax, Good) {
  EXPECT_EQ(shown("# comment\n[Login]\n a = 1 \n;c=2\nb=\nb=x=y\n"),
            "3 a=1\n5 b=\n6 b=x=y\n");
}

TEST(SystemdSyntax, OtherSections) {
  EXPECT_EQ(shown("a=1\n[Other]\nb=2\n[Login]\nc=3\n[login]\nd=4\n[]\ne=5\n"
                  "  [Login]  \nf=6\n"),
            "5 c=3\n11 f=6\n");
}

TEST(SystemdSyntax, Continuation) {
  EXPECT_EQ(shown("[Login]\na=1\\\n# in between\n  2\\\n3\nb=4\n"),
            "2 a=1   2 3\n6 b=4\n");
  // A backslash that another one escapes, and white space behind it, end it.
  EXPECT_EQ(shown("[Login]\na=1\\\\\nb=2\\ \nc=3\n"),
            "2 a=1\\\\\n3 b=2\\\n4 c=3\n");
  EXPECT_EQ(shown("[Login]\r\na=1\\\r\n2\r\n"), "2 a=1 2\n");
  EXPECT_EQ(shown("[Login]\na=1\\"), "2 a=1\n");
}

TEST(SystemdSyntax, ByteOrderMarkAndLineEnds) {
  EXPECT_EQ(shown("\xef\xbb\xbf[Login]\na=1\rb=2\0c=3\nd=4"sv),
            "2 a=1\n2 b=2\n2 c=3\n3 d=4\n");
}

TEST(SystemdSyntax, EmptyTruncatedAndGarbage) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("\\"), "");
  EXPECT_EQ(shown("[Login]\nStopIdle"), "");
  EXPECT_EQ(shown("[Login]\n=1\n==\na"), "");
  EXPECT_EQ(shown("[Login]\n\x01\x02=\x03\n"), "2 \x01\x02=\x03\n");
}

TEST(SystemdSyntax, StopsAtABrokenHeader) {
  EXPECT_EQ(shown("[Login]\na=1\n[Login\nb=2\n"), "2 a=1\nstop 3\n");
  EXPECT_EQ(shown("["), "stop 1\n");
}

TEST(SystemdSyntax, StopsAtWhatIsNoUtf8) {
  EXPECT_EQ(shown("[Login]\n# \xff\na=\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n"),
            "3 a=\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n");
  for (const char* bytes :
       {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
        "\xf4\x90\x80\x80", "\xe2\x82", "\xe2\x82z", "\xf5\x80\x80\x80"}) {
    EXPECT_EQ(shown("[Login]\na=1\nb=" + std::string(bytes) + "\nc=3\n"),
              "2 a=1\nstop 3\n")
        << bytes;
  }
}

TEST(SystemdSyntax, ManyAndLongLines) {
  std::string text = "[Login]\na=";
  for (int i = 0; i < 100'000; ++i) {
    text += "\\\n";
  }
  EXPECT_EQ(shown(text + "1\nb=2"), "2 a=1\n100003 b=2\n");
}

}  // namespace
}  // namespace ssh_keepalive::systemd
