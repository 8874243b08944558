// A small host for the checks, whose remedies can be applied.
#ifndef SSH_KEEPALIVE_TESTS_DIAGNOSIS_CHECKS_HOST_H_
#define SSH_KEEPALIVE_TESTS_DIAGNOSIS_CHECKS_HOST_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/checks/checks.h"
#include "diagnosis/report.h"
#include "tests/support.h"

namespace ssh_keepalive::diagnosis {

class Host : public ::testing::Test {
 protected:
  Host() {
    for (const auto& [name, value] : {std::pair("keepalive_time", 7200),
                                      {"keepalive_intvl", 75},
                                      {"keepalive_probes", 9},
                                      {"retries2", 15}}) {
      set_kernel("ipv4/tcp_" + std::string(name), value);
    }
    directory_.write("/etc/ssh/sshd_config",
                     "Include /etc/ssh/sshd_config.d/*.conf\n" + quick());
    directory_.write("/etc/ssh/ssh_config",
                     "Include /etc/ssh/ssh_config.d/*.conf\n"
                     "ServerAliveInterval 60\n");
    policy_.path = {.idle_timeout = Seconds(300)};
    policy_.path_source = PathSource::kConfigured;
  }

  // A server that nothing is wrong with.
  static std::string quick() { return "ClientAliveInterval 60\n"; }

  void set_kernel(const std::string& name, std::int64_t value) {
    directory_.write("/proc/sys/net/" + name, std::to_string(value) + "\n");
  }
  void sshd(const std::string& text) {
    directory_.write("/etc/ssh/sshd_config", text);
  }
  void ssh(const std::string& text) {
    directory_.write("/etc/ssh/ssh_config", text);
  }
  // Jane's own file, whose account is that of this process.
  void ssh_of_jane(const std::string& text) {
    directory_.write("/etc/passwd", "jane:x:" + std::to_string(::geteuid()) +
                                        ":" + std::to_string(::getegid()) +
                                        "::/home/jane:/bin/sh\n");
    directory_.write("/home/jane/.ssh/config", text);
    collector_settings_.ssh_users = {"jane"};
  }
  void version(const std::string& openssh) {
    directory_.write("/var/lib/dpkg/status",
                     "Package: openssh-server\nStatus: install ok installed\n"
                     "Version: 1:" +
                         openssh + "p1-1\n");
  }

  Facts collect() {
    const CollectorInput input{*HostRoot::open(directory_.path()),
                               collector_settings_};
    Facts facts;
    collect_sysctl(input, facts);
    collect_sshd_config(input, facts);
    collect_ssh_config(input, facts);
    collect_host(input, facts);
    if (!sessions_.empty()) {
      sessions::Facts& all = facts.sessions.emplace();
      all.source = sessions::Source::kNetlink;
      all.sessions = sessions_;
      facts.live_settings = settings_;
    }
    return facts;
  }

  Report report() {
    facts_ = collect();
    return diagnose(facts_, policy_);
  }

  static std::vector<Finding> of(const Report& report, std::string_view check) {
    std::vector<Finding> findings;
    std::ranges::copy_if(
        report.findings, std::back_inserter(findings),
        [check](const Finding& one) { return one.check == check; });
    return findings;
  }

  // Evaluated, and nothing found.
  void expect_clean(std::string_view check) {
    const Report now = report();
    EXPECT_TRUE(of(now, check).empty());
    const auto outcome =
        std::ranges::find(now.checks, check, &CheckOutcome::name);
    ASSERT_NE(outcome, now.checks.end());
    EXPECT_TRUE(outcome->evaluated) << check;
  }

  Finding the_only(std::string_view check) {
    const std::vector<Finding> findings = of(report(), check);
    EXPECT_EQ(findings.size(), 1U) << check;
    return findings.empty() ? Finding() : findings.front();
  }

  std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> lines;
    std::ifstream in(directory_.path() / file.substr(1));
    for (std::string line; std::getline(in, line);) {
      lines.push_back(line);
    }
    return lines;
  }

  // What `sysctl -p FILE` does to lines "net.ipv4.NAME = VALUE".
  void apply_sysctls(const std::string& file) {
    constexpr std::string_view kNet = "net.";
    for (const std::string& line : lines_of(file)) {
      const std::size_t equals = line.find(" = ");
      std::string name = line.substr(kNet.size(), equals - kNet.size());
      std::ranges::replace(name, '.', '/');
      set_kernel(name, std::stoll(line.substr(equals + 3)));
    }
  }

  void apply(const Remedy& remedy) {
    constexpr std::string_view kSysctl = "sysctl -p ";
    const bool is_sysctl = remedy.command.starts_with(kSysctl);
    if (remedy.action == Action::kRun || remedy.action == Action::kReload) {
      ASSERT_TRUE(is_sysctl) << "no line";
    } else {
      change_line(remedy);
    }
    if (is_sysctl) {
      apply_sysctls(remedy.command.substr(kSysctl.size()));
    }
  }

  void change_line(const Remedy& remedy) {
    std::vector<std::string> lines = lines_of(remedy.at.file);
    const auto place = lines.begin() + std::max(remedy.at.line - 1, 0);
    if (remedy.action == Action::kAdd) {
      lines.insert(place, remedy.text);
    } else if (remedy.action == Action::kChange) {
      *place = remedy.text;
    } else {
      lines.erase(place);
    }
    std::string text;
    for (const std::string& line : lines) {
      text += line + "\n";
    }
    directory_.write(remedy.at.file, text);
  }

  // The remedy of the check's only finding works.
  Finding expect_remedied(std::string_view check) {
    const Report before = report();
    const Finding finding = the_only(check);
    if (!finding.remedy) {
      ADD_FAILURE() << "no remedy";
      return finding;
    }
    apply(*finding.remedy);
    const Report after = report();
    EXPECT_TRUE(of(after, check).empty()) << finding.remedy->text;
    for (const Finding& one : only_in(after, before)) {
      ADD_FAILURE() << "new: " << one.check << ": " << one.observed;
    }
    return finding;
  }

  sessions::Session& add_session(sessions::Role role) {
    sessions::Session session{.role = role,
                              .keepalive = sessions::Keepalive::kOn};
    session.socket.peer.address = {198, 51, 100, 7};
    session.socket.info.emplace();
    sessions_.push_back(session);
    settings_.push_back(
        {.server = std::make_shared<live_settings::ServerSettings>()});
    return sessions_.back();
  }

  testing::TemporaryDirectory directory_;
  CollectorSettings collector_settings_;
  Policy policy_;
  Facts facts_;
  std::vector<sessions::Session> sessions_;
  std::vector<live_settings::Settings> settings_;
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_TESTS_DIAGNOSIS_CHECKS_HOST_H_
