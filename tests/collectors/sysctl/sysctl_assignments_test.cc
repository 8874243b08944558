#include "collectors/sysctl/sysctl_assignments.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::sysctl {
namespace {

using std::string_view_literals::operator""sv;

std::string shown(std::string_view content) {
  std::string text;
  for (const Assignment& assignment : parse_assignments(content)) {
    text += std::to_string(assignment.line) + " " + assignment.key +
            (assignment.value ? "=" + *assignment.value : " excluded") + "\n";
  }
  return text;
}

TEST(ParseAssignments, Good) {
  EXPECT_EQ(shown("# comment\n; comment\n\n"
                  "  net.ipv4.tcp_keepalive_time = 600 \n"
                  "-net/ipv4/tcp_retries2=8\n"
                  "- net.ipv4.* =1=2\n"
                  "-net.ipv4.tcp_mem\n"),
            "4 net/ipv4/tcp_keepalive_time=600\n"
            "5 net/ipv4/tcp_retries2=8\n"
            "6 net/ipv4/*=1=2\n"
            "7 net/ipv4/tcp_mem excluded\n");
}

TEST(ParseAssignments, EmptyTruncatedAndGarbage) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("net.ipv4.tcp_keepalive_ti"), "");
  EXPECT_EQ(shown("net.ipv4.a ="), "1 net/ipv4/a=\n");
  EXPECT_EQ(shown("="), "1 =\n");
  EXPECT_EQ(shown("-"), "1  excluded\n");
  EXPECT_EQ(shown("\x80\xff\x01\n#\n \n"), "");
}

TEST(ParseAssignments, LinesAlsoEndAtCarriageReturnAndNul) {
  EXPECT_EQ(shown("a=1\r\nb=2\rc=3\0d=4\ne=5"sv),
            "1 a=1\n2 b=2\n2 c=3\n2 d=4\n3 e=5\n");
}

TEST(NormalizeKey, TheFirstSeparatorSeparates) {
  EXPECT_EQ(normalize_key("net.ipv4.conf.eth0/1.x"), "net/ipv4/conf/eth0.1/x");
  EXPECT_EQ(normalize_key("net/ipv4/conf/eth0.1/x"), "net/ipv4/conf/eth0.1/x");
  EXPECT_EQ(normalize_key("/net//ipv4/./x/"), "net/ipv4/x");
  EXPECT_EQ(normalize_key(".net.ipv4.x"), "net/ipv4/x");
  EXPECT_EQ(normalize_key("net/ipv4/../x"), "net/ipv4/../x");
  EXPECT_EQ(normalize_key(""), "");
}

TEST(GlobMatches, AsGlob3) {
  constexpr const char* kPath = "net/ipv4/tcp_retries2";
  for (const char* glob :
       {"net/ipv4/tcp_*", "*/*/*", "net/ipv?/tcp_retries[0-9]",
        "net/{ipv4,ipv6}/tcp_retries*", "net/ipv4/tcp_{a,{b,retries}}[2]",
        "net/ipv4/{}tcp_retries?"}) {
    EXPECT_EQ(glob_matches(glob, kPath), true) << glob;
  }
  for (const char* glob :
       {"net/ipv4/*1", "net/*", "*", "net/ipv4/tcp_{a,b}*", "net/{ipv4/*",
        "net/ipv4/tcp_retries[", "net/ipv4/tcp_*/x", ""}) {
    EXPECT_EQ(glob_matches(glob, kPath), false) << glob;
  }
}

TEST(GlobMatches, WhatMeansTooMuchIsUnknown) {
  std::string braces;
  for (int i = 0; i < 20; ++i) {
    braces += "{a,b}";
  }
  EXPECT_EQ(glob_matches(braces + "*", "net"), std::nullopt);
  EXPECT_EQ(glob_matches(std::string(5000, '*'), "net"), std::nullopt);
}

TEST(KernelNumber, Good) {
  EXPECT_EQ(kernel_number("600"), 600);
  EXPECT_EQ(kernel_number("-1"), -1);
  EXPECT_EQ(kernel_number("0x10"), 16);
  EXPECT_EQ(kernel_number("-0x10"), -16);
  EXPECT_EQ(kernel_number("010"), 8);
  EXPECT_EQ(kernel_number("0"), 0);
  EXPECT_EQ(kernel_number("7 8"), 7);
}

TEST(KernelNumber, EmptyTruncatedGarbageAndOverflowing) {
  for (const char* text :
       {"", "-", "0x", "--1", "+9", "09", "9.5", "7s", "5,6", "abc", "\x80",
        "99999999999999999999", "000000000000000000001"}) {
    EXPECT_EQ(kernel_number(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ssh_keepalive::sysctl
