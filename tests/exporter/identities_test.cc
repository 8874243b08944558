#include "exporter/report/identities.h"

#include <gtest/gtest.h>

namespace ssh_keepalive {
namespace {

TEST(Identities, PrivatePaths) {
  for (const std::string_view text :
       {"/home/jane/.ssh/config", "in /root/.bashrc, line 3", "~jane/x",
        "(/srv/users/jane)", "\"/mnt/x\"", "/etc/../home/jane/x",
        "/etc/ssh/sshd_config or /home/jane", "file:/home/jane"}) {
    EXPECT_TRUE(names_private_path(text)) << text;
  }
}

TEST(Identities, WhatIsNone) {
  for (const std::string_view text :
       {"", "/", "a / b", "/etc/ssh/sshd_config:3", "yes/no", "1/2",
        "systemctl reload ssh", "/usr/sbin/sshd -t", "5 packets/s",
        "/proc/sys/net/ipv4/tcp_keepalive_time", "~", "about ~ 5 s"}) {
    EXPECT_FALSE(names_private_path(text)) << text;
  }
}

TEST(Identities, AreHiddenAtAnyDepth) {
  nlohmann::ordered_json document = {
      {"verdict", "ok"},
      {"sessions",
       {{{"user", "jane"},
         {"peer", "198.51.100.7:5"},
         {"pid", 7},
         {"fate", {{"source", {{"file", "/home/jane/.ssh/config"}}}}}}}},
      {"findings", {"in ~jane/.ssh/config", "in /etc/ssh/ssh_config"}}};
  hide_identities(document);
  const nlohmann::ordered_json expected = {
      {"verdict", "ok"},
      {"sessions",
       {{{"user", nullptr},
         {"peer", nullptr},
         {"pid", 7},
         {"fate", {{"source", {{"file", kHidden}}}}}}}},
      {"findings", {kHidden, "in /etc/ssh/ssh_config"}}};
  EXPECT_EQ(document, expected);
}

TEST(Identities, OfAFinding) {
  const diagnosis::Finding plain = {
      .check = "setting_shadowed",
      .subject = "ssh, /etc/ssh/ssh_config line 2",
      .observed = "a",
      .expected = "b",
      .remedy = diagnosis::Remedy{.at = {.file = "/etc/ssh/ssh_config"}}};
  EXPECT_EQ(without_identities(plain), plain);
  diagnosis::Finding finding = plain;
  finding.subject = "ssh, /home/jane/.ssh/config line 2";
  finding.remedy->at.file = "/home/jane/.ssh/config";
  finding = without_identities(finding);
  EXPECT_EQ(finding.subject, kHidden);
  EXPECT_EQ(finding.observed, "a");
  EXPECT_FALSE(finding.remedy);
}

}  // namespace
}  // namespace ssh_keepalive
