#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using SecondPass = SshConfigTest;

constexpr char kFive[] = "\nServerAliveInterval 5\n";

TEST_F(SecondPass, FinalMatchesInItOnly) {
  EXPECT_EQ(value(std::string("Match final") + kFive), "5");
  EXPECT_EQ(value(std::string("Match final") + kFive +
                  "Match all\nServerAliveInterval 6\n"),
            "6");
  EXPECT_EQ(value(std::string("Match !final") + kFive), "5");
}

TEST_F(SecondPass, CanonicalDoesNotAskForIt) {
  EXPECT_EQ(value(std::string("Match canonical") + kFive), "0");
  EXPECT_EQ(value(std::string("Match canonical") + kFive + "Match final\n"),
            "5");
  EXPECT_EQ(
      value(std::string("CanonicalizeHostname yes\nMatch canonical") + kFive),
      "5");
}

TEST_F(SecondPass, HostBlocksSeeTheFinalName) {
  const std::string text =
      std::string("HostName Real\nMatch final\nHost real") + kFive;
  EXPECT_EQ(value(text), "5");
  EXPECT_EQ(value(std::string("HostName Real\nHost real") + kFive), "0");
}

TEST_F(SecondPass, AskedForEvenByABlockThatDoesNotMatch) {
  const std::string text = std::string("Match host beta final\nHost alpha.x") +
                           kFive + "Match all\nHostName alpha.x\n";
  EXPECT_EQ(value(text), "5");
}

TEST_F(SecondPass, NegatedFinalAsksForItUpTo100) {
  const std::string text =
      std::string("HostName real\nMatch !final host x\nHost real") + kFive;
  EXPECT_EQ(value(text), "5");
  version_.release = {10, 1};
  EXPECT_EQ(value(text), "0");
}

TEST_F(SecondPass, AddressesBecomeCanonical) {
  const std::string text = std::string("Match final\nHost 127.0.0.1") + kFive;
  EXPECT_EQ(value_for("127.1", text), "5");
  EXPECT_EQ(value_for("0x7f.1", text), "5");
  EXPECT_EQ(value_for("127.0.0.1", text), "5");
  EXPECT_EQ(value_for("2001:DB8:0::1",
                      std::string("Match final\nHost 2001:db8::1") + kFive),
            "5");
  // Another case of the same address stays.
  EXPECT_EQ(value_for("FE80::A", std::string("Match final\nHost *a") + kFive),
            "0");
}

TEST_F(SecondPass, CanonicalDomainsAreNotResolved) {
  const std::string head =
      "CanonicalizeHostname yes\nCanonicalDomains a.example b.example\n";
  EXPECT_EQ(value(head + "Host *.b.example" + kFive), "undecided");
  const Evaluation evaluation = evaluate_files();
  ASSERT_EQ(evaluation.undecided.size(), 1U);
  EXPECT_EQ(evaluation.undecided[0].if_true, "5");
  EXPECT_EQ(evaluation.undecided[0].if_false, "0");
  EXPECT_EQ(evaluation.undecided[0].source, (Location{kFile, 1}));
  EXPECT_EQ(value(head + "Host *.c.example" + kFive), "0");
  EXPECT_EQ(value_for("host.with.dots", head + "Host *.b.example" + kFive),
            "0");
}

TEST_F(SecondPass, ProxiedNamesAreCanonicalizedOnRequestOnly) {
  const std::string tail =
      std::string("CanonicalDomains a.example\nProxyJump p\nHost *.a.example") +
      kFive;
  EXPECT_EQ(value("CanonicalizeHostname yes\n" + tail), "0");
  EXPECT_EQ(value("CanonicalizeHostname always\n" + tail), "undecided");
}

TEST_F(SecondPass, PermittedCnamesMakeAnyNamePossible) {
  EXPECT_EQ(value(std::string("CanonicalizeHostname yes\n"
                              "CanonicalizePermittedCNAMEs *:*.x\n"
                              "Host *.x") +
                  kFive),
            "undecided");
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
