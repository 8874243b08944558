#include "exporter/alertmanager/judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "tests/diagnosis/checks/host.h"

namespace ssh_keepalive::alertmanager {
namespace {

using diagnosis::PathSource;
using diagnosis::Severity;

class Judge : public diagnosis::Host {
 protected:
  void look() {
    report_ = report();
    judged_ = judge(facts_, report_);
  }

  const Judged& of(std::string_view check,
                   Severity severity = Severity::kWarning) {
    return *std::ranges::find_if(judged_, [&](const Judged& one) {
      return one.row->check == check && one.row->severity == severity;
    });
  }

  AlertState state(std::string_view check,
                   Severity severity = Severity::kWarning) {
    look();
    return of(check, severity).state;
  }

  diagnosis::Report report_;
  std::vector<Judged> judged_;
};

TEST_F(Judge, AHostWithoutFindings) {
  add_session(sessions::Role::kServer);
  look();
  ASSERT_EQ(judged_.size(), kAlerts.size());
  for (const Judged& one : judged_) {
    EXPECT_EQ(one.state, AlertState::kClosed) << one.row->check;
    EXPECT_EQ(one.description, "");
  }
}

TEST_F(Judge, AHostOfWhichNothingIsKnown) {
  facts_ = {};
  report_ = diagnosis::diagnose(facts_, policy_);
  judged_ = judge(facts_, report_);
  EXPECT_EQ(of("refresh_too_late").state, AlertState::kUnknown);
  EXPECT_EQ(of("sshd_config_invalid").state, AlertState::kUnknown);
  // A report without a word on any check, too.
  for (const Judged& one : judge({}, {})) {
    EXPECT_EQ(one.state, AlertState::kUnknown);
  }
}

TEST_F(Judge, FindingsOfOneCheckAreOneAlert) {
  sshd("");
  ssh("");
  look();
  const Judged& late = of("refresh_too_late");
  ASSERT_EQ(late.state, AlertState::kOpen);
  EXPECT_EQ(std::ranges::count(late.description, '\n'), 1);
  EXPECT_NE(late.description.find("ClientAliveInterval"), std::string::npos);
  EXPECT_NE(late.description.find("ServerAliveInterval"), std::string::npos);
}

TEST_F(Judge, AnAssumedTimeoutAlertsNobody) {
  sshd("");
  for (const auto& [source, expected] :
       {std::pair(PathSource::kConfigured, AlertState::kOpen),
        {PathSource::kDetected, AlertState::kOpen},
        {PathSource::kAssumed, AlertState::kClosed}}) {
    policy_.path_source = source;
    EXPECT_EQ(state("refresh_too_late"), expected);
  }
}

TEST_F(Judge, TooLateIsCriticalWhereSessionsWillBeLost) {
  sshd("");
  EXPECT_EQ(state("refresh_too_late", Severity::kCritical),
            AlertState::kUnknown);  // nobody has seen any session
  add_session(sessions::Role::kServer).keepalive = sessions::Keepalive::kOff;
  settings_.back().server = nullptr;
  look();
  const bool is_lost = std::ranges::any_of(
      report_.sessions, [](const diagnosis::SessionVerdict& verdict) {
        return verdict.fate.kind == diagnosis::FateKind::kLostByPath;
      });
  EXPECT_EQ(of("refresh_too_late", Severity::kCritical).state,
            is_lost ? AlertState::kOpen : AlertState::kClosed);
  policy_.path_source = PathSource::kDetected;
  EXPECT_EQ(state("refresh_too_late", Severity::kCritical),
            AlertState::kClosed);
}

TEST_F(Judge, AThinMargin) {
  sshd("ClientAliveInterval 270\n");
  version("9.7");
  ASSERT_EQ(state("refresh_margin_thin"), AlertState::kOpen);
  policy_.path_source = PathSource::kAssumed;
  EXPECT_EQ(state("refresh_margin_thin"), AlertState::kClosed);
}

TEST_F(Judge, ProbesOfTheHostItself) {
  set_kernel("ipv4/tcp_keepalive_probes", 0);
  EXPECT_EQ(state("keepalive_probes_zero"), AlertState::kOpen);
  EXPECT_EQ(state("keepalive_probes_zero", Severity::kCritical),
            AlertState::kOpen);
}

TEST_F(Judge, IdleKillsThatNobodyDemands) {
  sshd(quick() + "ChannelTimeout session:*=5m\n");
  EXPECT_EQ(state("idle_kill_short"), AlertState::kOpen);
  policy_.compliance =
      find_row(diagnosis::kComplianceProfiles, "cis-debian-12");
  look();
  const bool has_conflict = !Host::of(report_, "compliance_conflict").empty();
  EXPECT_EQ(of("idle_kill_short").state,
            has_conflict ? AlertState::kClosed : AlertState::kOpen);
}

TEST_F(Judge, AnInvalidSshdThatDoesNotRunIsNotCritical) {
  sshd("ClientAliveInterval soon\n");
  EXPECT_EQ(state("sshd_config_invalid"), AlertState::kOpen);
  EXPECT_NE(state("sshd_config_invalid", Severity::kCritical),
            AlertState::kOpen);
}

TEST_F(Judge, DeadSessionsThatSshdKeeps) {
  sshd("ClientAliveInterval 0\n");
  set_kernel("ipv4/tcp_keepalive_time", 100'000);
  EXPECT_EQ(state("dead_peer_time_long"), AlertState::kOpen);
  // Those of ssh alone are not the server's.
  sshd(quick());
  ssh("ServerAliveInterval 60\nServerAliveCountMax 1000\n");
  EXPECT_EQ(state("dead_peer_time_long"), AlertState::kClosed);
}

TEST(FailsForNow, UntilItHasFailedForAnHour) {
  using std::chrono::minutes;
  using std::chrono::system_clock;
  const system_clock::time_point began(std::chrono::hours(24));
  CollectorOutcome failed{.run = nullptr};
  EXPECT_TRUE(fails_for_now(failed, began, began + minutes(59)));
  EXPECT_FALSE(fails_for_now(failed, began, began + minutes(60)));
  failed.last_success_at = began + minutes(30);
  EXPECT_TRUE(fails_for_now(failed, began, began + minutes(89)));
  EXPECT_FALSE(fails_for_now(failed, began, began + minutes(90)));

  const CollectorOutcome worked{.run = std::make_shared<CollectorRun>()};
  EXPECT_FALSE(fails_for_now(worked, began, began));
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
