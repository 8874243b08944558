#include "collectors/sshd_config/connection.h"

#include <gtest/gtest.h>

#include "tests/support.h"

namespace ssh_keepalive::sshd_config {
namespace {

using Groups = std::vector<std::string>;

bool matches(std::string_view criteria, const Connection& connection) {
  const openssh::Version version;
  const std::vector<Line> lines =
      parse_lines("Match " + std::string(criteria), version);
  const auto verdict = match_line(lines.at(0), version, {}, &connection);
  EXPECT_TRUE(std::holds_alternative<bool>(verdict)) << criteria;
  return std::holds_alternative<bool>(verdict) && std::get<bool>(verdict);
}

TEST(ParseConnection, AllFields) {
  const auto connection = parse_connection(
      "user=u,host=h,addr=10.0.0.1,laddr=::1,lport=22,rdomain=r",
      openssh::Version(), {});
  ASSERT_TRUE(connection.ok());
  EXPECT_EQ(connection->user, "u");
  EXPECT_EQ(connection->host, "h");
  EXPECT_EQ(connection->address, "10.0.0.1");
  EXPECT_EQ(connection->local_address, "::1");
  EXPECT_EQ(connection->local_port, 22);
  EXPECT_EQ(connection->routing_domain, "r");
  EXPECT_FALSE(parse_connection("", openssh::Version(), {})->user);
}

TEST(ParseConnection, AnEmptyFieldEndsIt) {
  const auto connection =
      parse_connection("user=u,,nope", openssh::Version(), {});
  ASSERT_TRUE(connection.ok());
  EXPECT_EQ(connection->user, "u");
}

TEST(ParseConnection, InvalidUserFromNineNineOn) {
  EXPECT_FALSE(parse_connection("invalid-user", openssh::Version(), {}).ok());
  EXPECT_TRUE(
      parse_connection("invalid-user", {.release = {9, 9}}, {})->invalid_user);
}

TEST(ParseConnection, Refusals) {
  for (const char* bad : {"user", "nope=1", "lport=x", "lport=70000", "=x"}) {
    EXPECT_FALSE(parse_connection(bad, openssh::Version(), {}).ok()) << bad;
  }
}

TEST(MatchLine, EveryCriterion) {
  const Connection c{.user = "alice",
                     .groups = {"staff", "dev"},
                     .host = "PC.example.org",
                     .address = "10.1.2.3",
                     .local_address = "192.0.2.1",
                     .local_port = 22,
                     .routing_domain = "vrf"};
  EXPECT_TRUE(matches("user alice", c));
  EXPECT_TRUE(matches("User a*,!bob", c));
  EXPECT_FALSE(matches("user !alice", c));
  EXPECT_TRUE(matches("group dev", c));
  EXPECT_FALSE(matches("group dev,!staff", c));
  EXPECT_TRUE(matches("host *.EXAMPLE.org", c));
  EXPECT_TRUE(matches("address 10.0.0.0/8", c));
  EXPECT_TRUE(matches("localaddress 192.0.2.*", c));
  EXPECT_TRUE(matches("localport 22", c));
  EXPECT_FALSE(matches("localport 23", c));
  EXPECT_TRUE(matches("rdomain v*", c));
  EXPECT_TRUE(matches("user alice address 10.0.0.0/8 # comment", c));
  EXPECT_FALSE(matches("user alice address 11.0.0.0/8", c));
  EXPECT_TRUE(matches("all", {}));
}

TEST(MatchLine, WhatIsNotKnownDoesNotMatch) {
  for (const char* criteria : {"user *", "group *", "host *", "address *",
                               "localaddress *", "rdomain *"}) {
    EXPECT_FALSE(matches(criteria, {})) << criteria;
  }
}

std::optional<std::string> refused(std::string_view criteria,
                                   const openssh::Version& version = {},
                                   const Connection* connection = nullptr) {
  const std::vector<Line> lines =
      parse_lines("Match " + std::string(criteria), version);
  const auto verdict = match_line(lines.at(0), version, {}, connection);
  return std::holds_alternative<std::string>(verdict)
             ? std::optional(std::get<std::string>(verdict))
             : std::nullopt;
}

bool holds_without_connection(std::string_view criteria,
                              const openssh::Version& version) {
  const std::vector<Line> lines =
      parse_lines("Match " + std::string(criteria), version);
  const auto verdict = match_line(lines.at(0), version, {}, nullptr);
  return std::holds_alternative<bool>(verdict) && std::get<bool>(verdict);
}

TEST(MatchLine, LocalPortWantsAPortAsSshdDoes) {
  const Connection none;
  const Connection zero{.local_port = 0};
  EXPECT_TRUE(refused("localport 22", {}, &none));
  EXPECT_TRUE(refused("localport 22", {}, &zero));
  EXPECT_FALSE(refused("localport 22"));  // without a connection: syntax only
}

TEST(MatchLine, WhatStandsBehindTheCriteria) {
  EXPECT_FALSE(refused("all # comment"));
  EXPECT_FALSE(refused("all \"\""));
  EXPECT_FALSE(refused("user x \"\""));
  EXPECT_TRUE(refused("user x \"\" y"));
  EXPECT_TRUE(refused("user x all"));
  EXPECT_TRUE(refused("user # x"));
  EXPECT_TRUE(refused("# x"));
}

TEST(MatchLine, CriteriaOfLaterVersions) {
  const openssh::Version v9_2;
  const openssh::Version v9_9{.release = {9, 9}, .text = "9.9p1"};
  const openssh::Version v10{.release = {10, 0}, .text = "1:10.0p1-7"};
  EXPECT_TRUE(refused("invalid-user", v9_2));
  EXPECT_TRUE(refused("version *", v9_9));
  // A mistake of 9.9 alone: the block acts for everybody.
  EXPECT_TRUE(holds_without_connection("invalid-user", v9_9));
  EXPECT_FALSE(holds_without_connection("invalid-user", v10));
  EXPECT_TRUE(holds_without_connection("version OpenSSH_10.0p2*7", v10));
  EXPECT_FALSE(holds_without_connection("version OpenSSH_9.*", v10));
  // Two words by the older grammar, no criterion in 9.9, one from 10.0 on.
  const Connection alice{.user = "alice"};
  EXPECT_FALSE(refused("user=alice", v9_2, &alice));
  EXPECT_TRUE(refused("user=alice", v9_9, &alice));
  EXPECT_FALSE(refused("user=alice", v10, &alice));
}

TEST(GroupsOf, PrimaryAndMemberships) {
  const testing::TemporaryDirectory directory;
  directory.write("etc/passwd",
                  "root:x:0:0:root:/root:/bin/sh\n"
                  "alice:x:1000:1000::/home/alice:/bin/sh\nbroken\n");
  directory.write("etc/group",
                  "root:x:0:\nalice:x:1000:\ndev:x:50:bob,alice\n"
                  "ops:x:51:malice\n");
  const HostRoot root = *HostRoot::open(directory.path().string());
  EXPECT_EQ(groups_of(root, "alice"), (Groups{"alice", "dev"}));
  EXPECT_EQ(groups_of(root, "nobody"), Groups{});
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
