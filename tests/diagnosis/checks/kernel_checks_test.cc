// The checks of the kernel on facts that a host's files do not show: what is
// not known, other namespaces, values that a line and the kernel differ on.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "diagnosis/checks/checks.h"
#include "diagnosis/report.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Role;
using sessions::Session;

constexpr const char* kFile = "/etc/sysctl.d/50-ours.conf";

class KernelChecks : public ::testing::Test {
 protected:
  KernelChecks() { host() = kDefaults; }

  sysctl::Facts& host() { return kernel("host"); }
  sysctl::Facts& kernel(const std::string& netns) {
    if (!facts_.sysctl) {
      facts_.sysctl.emplace();
    }
    return (*facts_.sysctl)[netns::Name(netns)];
  }

  sysctl::FileSetting& file(std::string_view name,
                            std::optional<std::int64_t> sysctl::Facts::*live,
                            std::optional<std::int64_t> value) {
    if (!facts_.host) {
      facts_.host.emplace();
    }
    sysctl::FileSetting setting{.name = name,
                                .live = live,
                                .lowest_value = 0,
                                .highest_value = 1'000'000,
                                .source = FileLine{kFile, 3},
                                .value = value};
    facts_.host->sysctl_files.settings.push_back(setting);
    return facts_.host->sysctl_files.settings.back();
  }
  sysctl::FileSetting& time_file(std::optional<std::int64_t> value) {
    return file("net.ipv4.tcp_keepalive_time",
                &sysctl::Facts::keepalive_time_seconds, value);
  }
  sysctl::FileSetting& probes_file(std::optional<std::int64_t> value) {
    return file("net.ipv4.tcp_keepalive_probes",
                &sysctl::Facts::keepalive_probes, value);
  }

  void add_session(const std::string& netns, bool settings_known = true) {
    sessions::Facts& all =
        facts_.sessions ? *facts_.sessions : facts_.sessions.emplace();
    all.source = sessions::Source::kNetlink;
    Session session{.netns = netns::Name(netns),
                    .role = Role::kServer,
                    .keepalive = sessions::Keepalive::kOn};
    session.socket.info.emplace();
    all.sessions.push_back(session);
    facts_.live_settings.emplace_back();
    if (settings_known) {
      facts_.live_settings.back().server =
          std::make_shared<live_settings::ServerSettings>();
    }
  }

  Findings run(Findings (*check)(const CheckInput& input)) {
    const Report report = diagnose(facts_, policy_);
    return check({.facts = facts_,
                  .policy = policy_,
                  .configured = report.configured,
                  .sessions = report.sessions});
  }

  Finding the_only(Findings (*check)(const CheckInput& input)) {
    const Findings findings = run(check);
    EXPECT_TRUE(findings);
    EXPECT_EQ(findings ? findings->size() : 0, 1U);
    return findings && !findings->empty() ? findings->front() : Finding();
  }

  void expect_clean(Findings (*check)(const CheckInput& input)) {
    const Findings findings = run(check);
    ASSERT_TRUE(findings) << "not evaluated";
    EXPECT_TRUE(findings->empty()) << findings->front().observed;
  }

  static constexpr sysctl::Facts kDefaults{.keepalive_time_seconds = 7200,
                                           .keepalive_intvl_seconds = 75,
                                           .keepalive_probes = 9,
                                           .retries2 = 15};
  Facts facts_;
  Policy policy_;
};

// keepalive_probes_zero ------------------------------------------------------

TEST_F(KernelChecks, ZeroProbesInAnotherNamespace) {
  kernel("web") = kDefaults;
  kernel("web").keepalive_probes = 0;
  const Finding finding = the_only(keepalive_probes_zero);
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_EQ(finding.subject, "net.ipv4.tcp_keepalive_probes in web");
  EXPECT_EQ(finding.remedy->action, Action::kRun);
  EXPECT_EQ(finding.remedy->command,
            "sysctl -w net.ipv4.tcp_keepalive_probes=9");
  EXPECT_TRUE(finding.remedy->at.file.empty());
}

TEST_F(KernelChecks, ZeroProbesAfterATimeThatIsUnknown) {
  host().keepalive_probes = 0;
  EXPECT_NE(the_only(keepalive_probes_zero).observed.find("for 7200 s"),
            std::string::npos);
  host().keepalive_time_seconds.reset();
  const std::string observed = the_only(keepalive_probes_zero).observed;
  EXPECT_EQ(observed.find(" 0 s"), std::string::npos) << observed;
  EXPECT_NE(observed.find("tcp_keepalive_time"), std::string::npos) << observed;
}

TEST_F(KernelChecks, UnknownProbesAreNotEvaluated) {
  host().keepalive_probes.reset();
  EXPECT_FALSE(run(keepalive_probes_zero));
}

// conntrack_timeout_short ----------------------------------------------------

TEST_F(KernelChecks, ConntrackShorterThanLiveSessions) {
  host().conntrack_established_seconds = 7200;
  add_session("host");
  const Finding finding = the_only(conntrack_timeout_short);
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_EQ(finding.remedy->text,
            "net.netfilter.nf_conntrack_tcp_timeout_established = 432000");
  host().conntrack_established_seconds = 7441;
  expect_clean(conntrack_timeout_short);
}

TEST_F(KernelChecks, ConntrackAgainstTheLastThatRefreshes) {
  host().conntrack_established_seconds = 300;
  add_session("host", false);
  EXPECT_FALSE(run(conntrack_timeout_short))
      << "sshd may refresh it sooner than the kernel does";
  add_session("host");
  EXPECT_NE(the_only(conntrack_timeout_short).observed.find("1 live session "),
            std::string::npos);
}

TEST_F(KernelChecks, ConntrackOfAnotherNamespace) {
  host().conntrack_established_seconds = 300;
  kernel("web") = kDefaults;
  add_session("web");
  expect_clean(conntrack_timeout_short);  // web has no connection tracking
  kernel("web").conntrack_established_seconds = 300;
  const Finding finding = the_only(conntrack_timeout_short);
  EXPECT_EQ(finding.subject,
            "net.netfilter.nf_conntrack_tcp_timeout_established in web");
  EXPECT_EQ(finding.remedy->action, Action::kRun);
}

// namespace_differs ----------------------------------------------------------

TEST_F(KernelChecks, UnknownValuesDoNotDiffer) {
  kernel("web") = kDefaults;
  kernel("web").retries2.reset();
  add_session("web");
  expect_clean(namespace_differs);
  kernel("web").keepalive_probes = 5;
  EXPECT_EQ(the_only(namespace_differs).severity, Severity::kInfo);
}

TEST_F(KernelChecks, NobodyKnowsWhatTheNamespaceHolds) {
  expect_clean(namespace_differs);
  kernel("web") = kDefaults;
  kernel("web").keepalive_probes = 5;
  EXPECT_FALSE(run(namespace_differs));
  facts_.sshd_config.emplace();
  expect_clean(namespace_differs);
}

// sysctl_not_persistent ------------------------------------------------------

TEST_F(KernelChecks, LineThatWasNotAppliedIsApplied) {
  time_file(60);
  const Finding finding = the_only(sysctl_not_persistent);
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_EQ(finding.remedy,
            (Remedy{.action = Action::kRun,
                    .command = std::string("sysctl -p ") + kFile}))
      << "the kernel's default is nobody's wish";
  host().keepalive_time_seconds = 60;
  expect_clean(sysctl_not_persistent);
}

TEST_F(KernelChecks, ValueSetByHandIsWrittenDown) {
  time_file(600);
  host().keepalive_time_seconds = 60;
  const Finding finding = the_only(sysctl_not_persistent);
  EXPECT_EQ(finding.remedy->action, Action::kChange);
  EXPECT_EQ(finding.remedy->at, (FileLine{kFile, 3}));
  EXPECT_EQ(finding.remedy->text, "net.ipv4.tcp_keepalive_time = 60");
}

TEST_F(KernelChecks, NoRemedyKeepsZeroProbes) {
  sysctl::FileSetting& probes = probes_file(5);
  host().keepalive_probes = 0;
  EXPECT_EQ(the_only(sysctl_not_persistent).remedy->action, Action::kRun);
  probes.source.reset();
  probes.value.reset();
  EXPECT_EQ(the_only(sysctl_not_persistent).remedy, std::nullopt);
  probes.source = FileLine{kFile, 3};
  probes.value = 0;
  host().keepalive_probes = 9;
  const Finding finding = the_only(sysctl_not_persistent);
  EXPECT_EQ(finding.remedy->text, "net.ipv4.tcp_keepalive_probes = 9");
}

TEST_F(KernelChecks, LineThatTheKernelRefuses) {
  sysctl::FileSetting& time = time_file(std::nullopt);
  const Finding no_number = the_only(sysctl_not_persistent);
  EXPECT_EQ(no_number.severity, Severity::kWarning);
  EXPECT_EQ(no_number.remedy->text, "net.ipv4.tcp_keepalive_time = 7200");
  time.value = 1'000'001;
  EXPECT_NE(the_only(sysctl_not_persistent).observed.find("refuses"),
            std::string::npos);
  time.value = 7200;
  expect_clean(sysctl_not_persistent);
}

TEST_F(KernelChecks, WhatCannotBeComparedIsNotEvaluated) {
  sysctl::FileSetting& time = time_file(60);
  time.known = false;
  EXPECT_FALSE(run(sysctl_not_persistent));
  time.known = true;
  host().keepalive_time_seconds.reset();
  EXPECT_FALSE(run(sysctl_not_persistent));
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
