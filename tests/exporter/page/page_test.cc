#include "exporter/http/page/page.h"

#include <gtest/gtest.h>

#include <string>

#include "diagnosis/layers.h"
#include "exporter/http/page/collectors.h"
#include "exporter/http/page/drawing.h"
#include "exporter/http/page/picture.h"
#include "exporter/http/page/verdict.h"
#include "exporter/policy.h"
#include "tests/exporter/ends/example_end.h"
#include "tests/support.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::kNever;
using diagnosis::kNeverRange;
using diagnosis::Report;
using diagnosis::Seconds;
using diagnosis::Severity;

constexpr std::string_view kHostile = "<script>alert(1)</script>'\"&\x1b\xff";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Each tag that is opened is closed in its turn: no text became one.
std::string unbalanced(const std::string& html) {
  constexpr std::string_view kVoid = " meta br link ";
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos;
       at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    std::string tag = html.substr(at + 1, end - at - 1);
    if (tag.starts_with('!') || tag.ends_with('/')) {
      continue;
    }
    const bool closes = tag.starts_with('/');
    const std::string name =
        tag.substr(closes ? 1 : 0, tag.find_first_of(" \n") - (closes ? 1 : 0));
    if (closes) {
      if (open.empty() || open.back() != name) {
        return "</" + name + "> at " + std::to_string(at);
      }
      open.pop_back();
    } else if (!has(std::string(kVoid), " " + name + " ")) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

class StatusPage : public ::testing::Test {
 protected:
  [[nodiscard]] std::string page(bool with_identities = false) const {
    return status_page({.settings = settings_,
                        .scrape = scrape_,
                        .report = report_,
                        .reload = {},
                        .ends = ends_,
                        .now = testing::at_second(0)},
                       with_identities);
  }

  // As a look at that host would fill it.
  void look_at(std::string_view scenario) {
    const CollectorInput input{*HostRoot::open(testing::fixture_host(scenario)),
                               {}};
    for (const Collector& collector : kCollectors) {
      collector.collect(input, scrape_.facts);
    }
    report_ = diagnose(scrape_.facts, policy_of(settings_, scrape_.facts, {}));
  }

  Settings settings_;
  Scrape scrape_;
  Report report_;
  std::optional<StoredEnds> ends_;
};

TEST_F(StatusPage, OfNothingSaysThatNothingIsKnown) {
  const std::string text = page();
  EXPECT_TRUE(has(text, "<title>UNKNOWN: SSH Keepalive Exporter</title>"));
  EXPECT_TRUE(has(text, "too little of this host could be read"));
  EXPECT_TRUE(has(text, "<dt>Sessions</dt><dd><span class=\"unknown\">"));
  EXPECT_TRUE(has(text, "<dt>sshd</dt><dd><span class=\"unknown\">"));
  EXPECT_TRUE(has(text, "what these layers do: <code>tcp_keepalive</code>"));
  EXPECT_FALSE(has(text, " 0 s"));
  EXPECT_EQ(unbalanced(text), "");
}

TEST_F(StatusPage, OfAHostThatLosesSessions) {
  look_at("cloud_azure");
  const std::string text = page();
  EXPECT_TRUE(has(text,
                  "<span class=\"word-warning\">WARNING</span>: sshd "
                  "ssh.service: an idle session is refreshed after 180 "
                  "to 360 s"));
  EXPECT_TRUE(has(text, "path forgets: 240 s (detected)"));
  EXPECT_TRUE(has(text, ">too late</text>"));
  EXPECT_TRUE(has(text, "<pre><code>ClientAliveInterval 60</code></pre>"));
  EXPECT_TRUE(
      has(text, "first probe after 7200 s, then every 75 s; 9 without"));
  EXPECT_EQ(unbalanced(text), "");
  // Ids are unique and every label points at one.
  for (const char* id : {"verdict", "layers", "findings", "sessions", "ends",
                         "collectors", "main"}) {
    const std::string attribute = " id=\"" + std::string(id) + "\"";
    EXPECT_EQ(text.find(attribute), text.rfind(attribute)) << id;
    EXPECT_TRUE(has(text, attribute)) << id;
  }
}

TEST_F(StatusPage, HostileTextsStayTexts) {
  look_at("cloud_azure");
  const std::string hostile(kHostile);
  settings_.web.telemetry_path = "/\"><script>";
  for (diagnosis::Finding& finding : report_.findings) {
    finding.subject = finding.observed = finding.expected = hostile;
    finding.remedy->at.file = "/etc/" + hostile;
    finding.remedy->text = finding.remedy->command = hostile;
    finding.remedy->managed_by = hostile;
  }
  for (diagnosis::ConfiguredEnd& end : report_.configured) {
    end.name = hostile;
    end.end.source = FileLine{.file = "/etc/" + hostile, .line = 3};
  }
  for (sessions::Session& session : scrape_.facts.sessions->sessions) {
    session.owner = sessions::Owner{.user = hostile, .tty = hostile};
    session.netns = netns::Name(hostile);
  }
  diagnosis::SessionEnd end = testing::example_end();
  end.user = end.peer = end.advice = hostile;
  end.evidence = {hostile};
  ends_.emplace().ends = {end};
  for (const bool with_identities : {false, true}) {
    const std::string text = page(with_identities);
    EXPECT_EQ(unbalanced(text), "");
    EXPECT_FALSE(has(text, "<script"));
    EXPECT_FALSE(has(text, "\x1b"));
    EXPECT_FALSE(has(text, "\xff"));
    EXPECT_TRUE(has(text, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  }
}

TEST_F(StatusPage, IdentitiesOnlyWhereTheyMayBeSeen) {
  look_at("cloud_azure");
  settings_.web.private_token = "correct-horse-battery";
  for (sessions::Session& session : scrape_.facts.sessions->sessions) {
    session.owner = sessions::Owner{.user = "jane", .tty = "pts/77"};
  }
  report_.configured.at(0).end.source =
      FileLine{.file = "/home/jane/sshd_config", .line = 3};
  report_.findings.at(0).observed = "by /home/jane/sshd_config:3";
  ends_.emplace().ends = {testing::example_end()};
  const std::string open = page(true);
  const std::string closed = page(false);
  for (const char* secret : {"jane", "alice", "198.51.100."}) {
    EXPECT_TRUE(has(open, secret)) << secret;
    EXPECT_FALSE(has(closed, secret)) << secret;
  }
  EXPECT_FALSE(has(closed, "correct-horse"));
  EXPECT_TRUE(has(closed, "/?private"));
  EXPECT_FALSE(has(open, "/?private"));
}

TEST_F(StatusPage, NeverIsAWord) {
  look_at("article");
  report_.policy.path.idle_timeout = kNever;
  scrape_.facts.sysctl.reset();
  for (diagnosis::ConfiguredEnd& end : report_.configured) {
    end.end.refresh = end.end.dead_peer = kNeverRange;
    end.verdict.refresh->time = kNeverRange;
  }
  const std::string text = page();
  for (const char* number : {"inf s", "nan s", ">inf", ">nan", "-inf "}) {
    EXPECT_FALSE(has(text, number)) << number;
  }
  EXPECT_TRUE(has(text, "never forgets"));
  EXPECT_TRUE(has(text, "The path never forgets."));
  EXPECT_TRUE(has(text, ">off</text>"));
}

TEST_F(StatusPage, WhatIsOnlyAssumedIsNotCalledFine) {
  look_at("no_sockets");
  EXPECT_TRUE(has(page(),
                  "<span class=\"word-ok\">OK</span>: nothing is known "
                  "to be wrong, but sessions are refreshed too late"));
  look_at("article");
  EXPECT_TRUE(has(page(),
                  "idle sessions are refreshed before the path "
                  "forgets them"));
}

TEST_F(StatusPage, ManyEndsAndLayersAreBounded) {
  look_at("article");
  const diagnosis::ConfiguredEnd one = report_.configured.front();
  report_.configured.assign(3000, one);
  const std::string text = page();
  EXPECT_LT(text.size(), 300'000U);
  EXPECT_TRUE(has(text, "more are in the table only"));
  EXPECT_TRUE(has(text, "2992 more ends are in the"));
  EXPECT_TRUE(has(text, "and 2996 more"));
}

class CollectorsSection : public ::testing::Test {
 protected:
  void add(std::vector<Error> errors) {
    CollectorRun run;
    run.errors = std::move(errors);
    outcomes_.push_back({.collector = kCollectors.data(),
                         .run = std::make_shared<CollectorRun>(run),
                         .duration = std::chrono::duration<double>(0.0012)});
  }

  [[nodiscard]] std::string section(bool with_identities = false) const {
    return collectors_section(settings_, outcomes_, reload_, with_identities);
  }

  Settings settings_;
  std::vector<CollectorOutcome> outcomes_;
  ReloadStatus reload_;
};

TEST_F(CollectorsSection, States) {
  EXPECT_TRUE(has(section(), "<td class=\"word-unknown\">unknown</td>"));
  settings_.collectors.enabled.fill(false);
  EXPECT_TRUE(has(section(), "<td class=\"muted\">disabled</td>"));
  settings_.collectors.enabled.fill(true);
  add({});
  EXPECT_TRUE(has(section(), "<td class=\"word-ok\">ok, 1.2 ms</td>"));
  outcomes_.front().run = nullptr;
  EXPECT_TRUE(has(section(),
                  "did not finish in time: see the log<br>"
                  "no success yet"));
  outcomes_.front().last_success_at = testing::at_second(7);
  EXPECT_TRUE(has(section(), "last success <time"));
}

TEST_F(CollectorsSection, ReasonsOnlyWithIdentities) {
  add(std::vector<Error>(12, {.kind = ErrorKind::kDenied,
                              .attempted = "open",
                              .subject = "/home/jane/<b>",
                              .reason = "Permission denied"}));
  EXPECT_FALSE(has(section(false), "jane"));
  EXPECT_TRUE(
      has(section(true), "open /home/jane/&lt;b&gt;: Permission denied"));
  EXPECT_TRUE(has(section(true), "and 2 more"));
  EXPECT_FALSE(has(section(true), "<b>"));
}

TEST_F(CollectorsSection, AReloadThatFailed) {
  EXPECT_TRUE(has(section(), "the last reading succeeded"));
  reload_.successful = false;
  EXPECT_TRUE(has(section(), "The last reload failed"));
}

}  // namespace
}  // namespace ssh_keepalive::http
