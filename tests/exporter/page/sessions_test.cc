#include "exporter/http/page/sessions.h"

#include <gtest/gtest.h>

#include <string>

namespace ssh_keepalive::http {
namespace {

using diagnosis::FateKind;
using diagnosis::Report;
using diagnosis::Seconds;
using diagnosis::SessionVerdict;
using sessions::Session;

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t number = 0;
  for (std::size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size())) {
    ++number;
  }
  return number;
}

bool has(const std::string& text, std::string_view part) {
  return count(text, part) > 0;
}

class SessionsSection : public ::testing::Test {
 protected:
  SessionsSection() {
    facts_.sessions.emplace().source = sessions::Source::kNetlink;
  }

  Session& add(const SessionVerdict& verdict = {}) {
    Session session;
    session.role = sessions::Role::kServer;
    session.socket.local = {.address = {192, 0, 2, 1}, .port = 22};
    session.socket.peer = {.address = {198, 51, 100, 7}, .port = 50'022};
    session.owner = sessions::Owner{.user = "alice"};
    report_.sessions.push_back(verdict);
    facts_.live_settings.emplace_back();
    return facts_.sessions->sessions.emplace_back(session);
  }

  [[nodiscard]] std::string section(bool with_identities = false) const {
    return sessions_section(facts_, report_, with_identities);
  }

  Facts facts_;
  Report report_;
};

TEST_F(SessionsSection, UnknownIsSaid) {
  EXPECT_TRUE(has(section(), "None at this moment."));
  facts_.sessions->source = sessions::Source::kNone;
  EXPECT_TRUE(has(section(), ">unknown</span>: they could not be read."));
  facts_.sessions.reset();
  EXPECT_TRUE(has(section(), ">unknown</span>: they could not be read."));
}

TEST_F(SessionsSection, WhatIsNotKnownOfOneIsNeverZero) {
  add();
  const std::string text = section();
  EXPECT_TRUE(has(text, "class=\"fate word-unknown\">unknown</th>"));
  EXPECT_GE(count(text, ">unknown</span>"), 3U);  // silence, refresh, dead peer
  EXPECT_FALSE(has(text, ">0s<"));
  EXPECT_FALSE(has(text, ">-<"));
}

TEST_F(SessionsSection, TimesAndWhoDecidesThem) {
  add({.refresh =
           diagnosis::TimeOfLayer{.time = {Seconds(120), Seconds(240)},
                                  .layer = diagnosis::Layer::kClientAlive,
                                  .source = {}},
       .dead_peer =
           diagnosis::TimeOfLayer{
               .time = diagnosis::kNeverRange, .layer = {}, .source = {}},
       .messages_end = {},
       .fate = {.kind = FateKind::kLostByPath,
                .time = diagnosis::exactly(Seconds(200)),
                .by = {},
                .source = {}}});
  const std::string text = section();
  EXPECT_TRUE(
      has(text, "2m00s-4m00s <span class=\"by\">by client_alive</span>"));
  EXPECT_TRUE(has(text, "<td class=\"brief\">never</td>"));
  // A guess colours nothing.
  EXPECT_TRUE(has(text, "class=\"fate word-info\">lost in 3m20s</th>"));
  report_.policy.path_source = diagnosis::PathSource::kConfigured;
  EXPECT_TRUE(has(section(), "class=\"fate word-warning\">lost in 3m20s"));
}

TEST_F(SessionsSection, IdentitiesOnlyWhereTheyMayBeSeen) {
  add().owner->user = "<script>al&ice\"";
  const std::string open = section(true);
  EXPECT_TRUE(has(open, "&lt;script&gt;al&amp;ice&quot;"));
  EXPECT_TRUE(has(open, "198.51.100.7:50022"));
  EXPECT_FALSE(has(open, "<script>"));
  const std::string closed = section(false);
  EXPECT_FALSE(has(closed, "ice"));
  EXPECT_FALSE(has(closed, "198.51.100.7"));
  EXPECT_FALSE(has(closed, "<th scope=\"col\">User</th>"));
}

TEST_F(SessionsSection, NamespacesWhereThereAreOthers) {
  add();
  EXPECT_FALSE(has(section(), "Namespace"));
  add().netns = netns::Name("web");
  EXPECT_TRUE(has(section(), "<td class=\"brief\">web</td>"));
}

TEST_F(SessionsSection, AsManyAsAPersonReads) {
  for (int i = 0; i < 5000; ++i) {
    add();
  }
  const std::string text = section(true);
  EXPECT_EQ(count(text, "<th scope=\"row\""), kShownSessions);
  EXPECT_TRUE(has(text, "and 4800 more: "));
  EXPECT_TRUE(has(text, "5000 sessions (5000 server)"));
  EXPECT_LT(text.size(), 200'000U);
}

}  // namespace
}  // namespace ssh_keepalive::http
