#include "exporter/http/listen_address.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::http {
namespace {

TEST(ToListeningPorts, Ipv4InItsForms) {
  EXPECT_EQ(*to_listening_ports({":10722"}, false), "0.0.0.0:10722");
  EXPECT_EQ(*to_listening_ports({"127.0.0.1:1", "127.1:2"}, false),
            "127.0.0.1:1,127.0.0.1:2");
}

TEST(ToListeningPorts, Ipv6OnlyWhereCivetWebHasIt) {
  EXPECT_EQ(*to_listening_ports({"[::1]:1"}, true), "[::1]:1");
  const Result<std::string> refused = to_listening_ports({"[::1]:1"}, false);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message().find("IPv6"), std::string::npos);
}

TEST(ToListeningPorts, UnknownNameNamesTheAddress) {
  const auto refused = to_listening_ports({"no-such-host.invalid:1"}, false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().subject, "no-such-host.invalid:1");
}

}  // namespace
}  // namespace ssh_keepalive::http
