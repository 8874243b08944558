#include "collectors/openssh_syntax/services.h"

#include <gtest/gtest.h>

#include "collectors/base/file.h"
#include "collectors/openssh_syntax/values.h"
#include "tests/support.h"

namespace ssh_keepalive::openssh {
namespace {

using namespace std::string_view_literals;

TEST(ParseServices, NamesAndAliasesOfTcp) {
  const TcpServices services = parse_services(
      "# comment\n"
      "ssh\t\t22/tcp\t\t\t# SSH Remote Login Protocol\n"
      "\n"
      "domain 53/udp\n"
      "  http-alt\t8080/tcp webcache http_alt#not-this-one\n"
      "ssh 2222/tcp\n"
      "last 7/tcp");
  EXPECT_EQ(services, (TcpServices{{"ssh", 22},
                                   {"http-alt", 8080},
                                   {"webcache", 8080},
                                   {"http_alt", 8080},
                                   {"last", 7}}));
}

// As glibc 2.36's getservbyname(3) answered.
TEST(ParseServices, NumbersAsTheLibraryReadsThem) {
  EXPECT_EQ(parse_services("a 010/tcp\nb 0x10/tcp\nc 70000/tcp\nd +5/tcp\n"
                           "e 5///tcp\nf\v6/tcp\vg\nh 7/tcp\r\n"),
            (TcpServices{{"a", 8},
                         {"b", 16},
                         {"c", 4464},
                         {"d", 5},
                         {"e", 5},
                         {"f", 6},
                         {"g", 6},
                         {"h", 7}}));
}

TEST(ParseServices, PassesOverOtherLines) {
  EXPECT_EQ(parse_services(""), TcpServices());
  EXPECT_EQ(parse_services("a\nb 8\nc 8 /tcp\nd 9/TCP\ne /tcp\nf 08/tcp\n"
                           "g -5/tcp\nh 4294967297/tcp\n/tcp\n0x/tcp\n"),
            TcpServices());
  EXPECT_EQ(parse_services("a 1/tcp b\0 c\n\0d 2/tcp\ne 3/tcp"sv),
            (TcpServices{{"a", 1}, {"b", 1}, {"e", 3}}));
}

TEST(Services, OfAHost) {
  const testing::TemporaryDirectory directory;
  directory.write("/etc/services", "ssh 22/tcp\nhttp-alt 8080/tcp webcache\n");
  const Services services(*HostRoot::open(directory.path().string()));
  EXPECT_EQ(parse_port("ssh", services), 22);
  EXPECT_EQ(parse_port("webcache", services), 8080);
  EXPECT_EQ(parse_port("443", services), 443);
  for (const char* unknown : {"SSH", "https", " ssh", "", "65536"}) {
    EXPECT_FALSE(parse_port(unknown, services)) << unknown;
  }
}

TEST(Services, OfAHostThatKnowsNone) {
  const testing::TemporaryDirectory directory;
  const Services services(*HostRoot::open(directory.path().string()));
  EXPECT_FALSE(services.tcp_port("ssh"));
  EXPECT_FALSE(Services().tcp_port("ssh"));
  EXPECT_TRUE(Services().is_current());
  directory.write("/etc/services", std::string(kMaxFileBytes + 1, ' '));
  const Services large(*HostRoot::open(directory.path().string()));
  EXPECT_FALSE(large.tcp_port("ssh"));
}

TEST(Services, NoticeAnotherFile) {
  const testing::TemporaryDirectory directory;
  const Services services(*HostRoot::open(directory.path().string()));
  EXPECT_TRUE(services.is_current());
  EXPECT_FALSE(services.tcp_port("ssh"));
  EXPECT_TRUE(services.is_current());
  directory.write("/etc/services", "ssh 22/tcp\n");
  EXPECT_FALSE(services.is_current());
  EXPECT_FALSE(services.tcp_port("ssh"));
}

}  // namespace
}  // namespace ssh_keepalive::openssh
