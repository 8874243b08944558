#include "exporter/alertmanager/description.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::alertmanager {
namespace {

using diagnosis::Action;
using diagnosis::Finding;
using diagnosis::Remedy;

Finding example() {
  return {.check = "refresh_too_late",
          .severity = diagnosis::Severity::kWarning,
          .subject = "sshd ssh.service",
          .observed = "nothing is sent",
          .expected = "a refresh within 240 s",
          .remedy = Remedy{.action = Action::kAdd,
                           .at = {.file = "/etc/ssh/sshd_config", .line = 3},
                           .text = "ClientAliveInterval 60",
                           .command = "systemctl reload ssh.service",
                           .managed_by = ""}};
}

TEST(DescriptionOf, Nothing) { EXPECT_EQ(description_of({}), ""); }

TEST(DescriptionOf, SaysWhatIsAndWhatToDo) {
  EXPECT_EQ(description_of({example()}),
            "sshd ssh.service: nothing is sent. Expected: a refresh within 240 "
            "s. Remedy: add before /etc/ssh/sshd_config:3: "
            "ClientAliveInterval 60, then systemctl reload ssh.service.");
}

TEST(DescriptionOf, EachKindOfRemedy) {
  Finding finding = example();
  const auto remedy = [&finding] {
    const std::string text = description_of({finding});
    return text.substr(text.find("Remedy: "));
  };
  finding.remedy->at.line = 0;
  finding.remedy->command.clear();
  EXPECT_EQ(remedy(),
            "Remedy: add at the top of /etc/ssh/sshd_config: "
            "ClientAliveInterval 60.");
  finding.remedy->at.line = 7;
  finding.remedy->action = Action::kChange;
  finding.remedy->managed_by = "ansible";
  EXPECT_EQ(remedy(),
            "Remedy: change /etc/ssh/sshd_config:7 to: ClientAliveInterval 60 "
            "(ansible owns that file: change it there).");
  finding.remedy = Remedy{.action = Action::kRemove,
                          .at = {.file = "/etc/ssh/ssh_config", .line = 1}};
  EXPECT_EQ(remedy(), "Remedy: remove /etc/ssh/ssh_config:1.");
  finding.remedy = Remedy{.action = Action::kReload,
                          .at = {},
                          .text = "",
                          .command = "systemctl reload ssh"};
  EXPECT_EQ(remedy(), "Remedy: systemctl reload ssh.");
  finding.remedy.reset();
  EXPECT_EQ(remedy(), "Remedy: see the runbook.");
}

TEST(DescriptionOf, NamesNobody) {
  Finding finding = example();
  finding.observed = "see /home/jane/.ssh/config:2";
  finding.remedy->at.file = "/home/jane/.ssh/config";
  EXPECT_EQ(description_of({finding}).find("jane"), std::string::npos);
}

TEST(DescriptionOf, IsBounded) {
  Finding finding = example();
  for (int i = 0; i < 1000; ++i) {
    finding.observed += "\xC3\xA4";
  }
  const std::string text =
      description_of(std::vector<Finding>(kMaxDescribed + 37, finding));
  EXPECT_LT(text.size(), 4096U);
  EXPECT_NE(text.find("\nAnd 37 more: the command check lists them."),
            std::string::npos);
  // Cut between letters.
  EXPECT_NE(text.find("\xC3\xA4...\n"), std::string::npos);
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
