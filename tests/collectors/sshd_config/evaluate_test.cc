#include "collectors/sshd_config/evaluate.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support.h"

namespace ssh_keepalive::sshd_config {
namespace {

constexpr const char* kMain = "/etc/ssh/sshd_config";

class Evaluate : public ::testing::Test {
 protected:
  void write(std::string_view path, std::string_view content) {
    directory_.write(path, content);
  }

  Evaluation evaluate_main(const Connection* connection = nullptr) {
    const Result<Document> document = read_document(
        *HostRoot::open(directory_.path().string()), kMain, version_);
    EXPECT_TRUE(document.ok()) << document.error().message();
    return document.ok() ? evaluate(*document, connection) : Evaluation();
  }

  Evaluation evaluate_text(std::string_view content,
                           const Connection* connection = nullptr) {
    write(kMain, content);
    return evaluate_main(connection);
  }

  int interval(std::string_view content,
               const Connection* connection = nullptr) {
    const Evaluation evaluation = evaluate_text(content, connection);
    EXPECT_FALSE(evaluation.refusal) << evaluation.refusal->reason;
    return evaluation.effective.client_alive_interval_seconds.value;
  }

  // The line that is refused; 0 where none is.
  int refused_line(std::string_view content) {
    const Evaluation evaluation = evaluate_text(content);
    return evaluation.refusal ? evaluation.refusal->source.line : 0;
  }

  testing::TemporaryDirectory directory_;
  openssh::Version version_;
};

TEST_F(Evaluate, EmptyFileMeansDefaults) {
  const Effective effective = evaluate_text("").effective;
  EXPECT_EQ(effective.ports.at(0).value, 22);
  EXPECT_EQ(effective.listen_addresses.at(0).host, "::");
  EXPECT_EQ(effective.listen_addresses.at(1).host, "0.0.0.0");
  EXPECT_TRUE(effective.tcp_keepalive.value);
  EXPECT_EQ(effective.client_alive_interval_seconds.value, 0);
  EXPECT_EQ(effective.client_alive_count_max.value, 3);
  EXPECT_EQ(effective.login_grace_seconds.value, 120);
  EXPECT_TRUE(effective.channel_timeouts.value.empty());
  EXPECT_EQ(effective.unused_connection_timeout_seconds.value, 0);
}

TEST_F(Evaluate, FirstValueWinsAndTheOtherIsShadowed) {
  const Effective effective =
      evaluate_text("ClientAliveInterval 5\n\nclientaliveinterval 6\n")
          .effective;
  EXPECT_EQ(effective.client_alive_interval_seconds.value, 5);
  EXPECT_EQ(effective.client_alive_interval_seconds.source, (Source{kMain, 1}));
  ASSERT_EQ(effective.shadowed.size(), 1U);
  EXPECT_EQ(effective.shadowed.at(0).line, (Source{kMain, 3}));
  EXPECT_EQ(effective.shadowed.at(0).by, (Source{kMain, 1}));
}

TEST_F(Evaluate, SpellingsOfALine) {
  EXPECT_EQ(interval("ClientAliveInterval=5"), 5);
  EXPECT_EQ(interval("ClientAliveInterval = 5"), 5);
  EXPECT_EQ(interval("  CLIENTALIVEINTERVAL\t5  \r\n"), 5);
  EXPECT_EQ(interval("ClientAliveInterval \"5\""), 5);
  EXPECT_EQ(interval("ClientAliveInterval '1m'"), 60);
  EXPECT_EQ(interval("\"ClientAliveInterval\" 5"), 5);
  EXPECT_EQ(interval("ClientAliveInterval 5 # why"), 5);
  EXPECT_EQ(interval("# ClientAliveInterval 5"), 0);
  EXPECT_EQ(interval("ClientAliveInterval 1h30m"), 5400);
}

TEST_F(Evaluate, Refusals) {
  for (const char* bad : {"ClientAliveInterval == 5",
                          "ClientAliveInterval",
                          "Nonsense 1",
                          "ClientAliveInterval 5 6",
                          "ClientAliveInterval 5x",
                          "ClientAliveInterval -5",
                          "ClientAliveInterval 1.5",
                          "ClientAliveInterval 2147483648",
                          "ClientAliveInterval \"5",
                          "ClientAliveInterval 5\"",
                          "ClientAliveInterval \"\"",
                          "ClientAliveCountMax -1",
                          "ClientAliveCountMax 2147483648",
                          "ClientAliveCountMax 3s",
                          "TCPKeepAlive maybe",
                          "TCPKeepAlive true",
                          "Port 0",
                          "Port 65536",
                          "Port",
                          "ListenAddress [::1",
                          "ListenAddress",
                          "ListenAddress 1.2.3.4:0",
                          "ListenAddress 1.2.3.4 5",
                          "AddressFamily ipv4",
                          "ChannelTimeout session",
                          "ChannelTimeout =5",
                          "ChannelTimeout none a=5",
                          "ChannelTimeout a=x",
                          "UnusedConnectionTimeout none none",
                          "UnusedConnectionTimeout never",
                          "Match",
                          "Match bogus x",
                          "Match user",
                          "Match all user x",
                          "Match address 10.0.0.1/8",
                          "Match localport x",
                          "Match user x\nTCPKeepAlive no",
                          "Match user x\nLoginGraceTime 5",
                          "Match user x\nPort 23",
                          "Include",
                          "Include \"\""}) {
    const std::string text = std::string("# 1\n") + bad + "\n";
    EXPECT_NE(refused_line(text), 0) << bad;
  }
}

TEST_F(Evaluate, RefusalNamesFileLineAndNoContent) {
  write("/etc/ssh/sshd_config.d/secret.conf", "\n\nHunter2 letmein\n");
  const Evaluation evaluation = evaluate_text("Include sshd_config.d/*.conf\n");
  ASSERT_TRUE(evaluation.refusal);
  EXPECT_EQ(evaluation.refusal->source,
            (Source{"/etc/ssh/sshd_config.d/secret.conf", 3}));
  EXPECT_EQ(evaluation.refusal->reason.find("unter2"), std::string::npos);
}

TEST_F(Evaluate, OtherKeywordsAreKnownButNotLookedAt) {
  EXPECT_EQ(refused_line("PermitRootLogin perhaps\nSubsystem sftp /x\n"), 0);
}

TEST_F(Evaluate, MatchValueBeatsTheGlobalOneWhereverItStands) {
  const Connection bob{.user = "bob"};
  const Connection eve{.user = "eve"};
  constexpr const char* kText =
      "ClientAliveInterval 5\nMatch user bob\nClientAliveInterval 7\n"
      "Match user *\nClientAliveInterval 8\n";
  EXPECT_EQ(interval(kText), 5);
  EXPECT_EQ(interval(kText, &bob), 7);
  EXPECT_EQ(interval(kText, &eve), 8);
  const Evaluation evaluation = evaluate_text(kText, &bob);
  ASSERT_EQ(evaluation.effective.shadowed.size(), 2U);
}

TEST_F(Evaluate, MatchAllHoldsWithoutAConnectionToo) {
  EXPECT_EQ(interval("Match user x\nClientAliveInterval 5\nMatch all\n"
                     "ClientAliveInterval 6\n"),
            6);
}

TEST_F(Evaluate, NoneOfUnusedConnectionTimeoutOverwrites) {
  EXPECT_EQ(evaluate_text("UnusedConnectionTimeout 5\n"
                          "UnusedConnectionTimeout none\n"
                          "UnusedConnectionTimeout 6\n")
                .effective.unused_connection_timeout_seconds.value,
            0);
}

TEST_F(Evaluate, PortsAndAddressesAccumulate) {
  const Effective effective = evaluate_text(
                                  "Port 23\nListenAddress 10.0.0.1\n"
                                  "ListenAddress [::1]:99\nPort 24\n")
                                  .effective;
  ASSERT_EQ(effective.listen_addresses.size(), 3U);
  EXPECT_EQ(effective.listen_addresses.at(0).port, 23);
  EXPECT_EQ(effective.listen_addresses.at(1).port, 24);
  EXPECT_EQ(effective.listen_addresses.at(2).host, "::1");
  EXPECT_EQ(effective.listen_addresses.at(2).port, 99);
}

TEST_F(Evaluate, IncludesAreReadInPlaceAndSorted) {
  write("/etc/ssh/sshd_config.d/20.conf", "ClientAliveInterval 20\n");
  write("/etc/ssh/sshd_config.d/10.conf", "ClientAliveInterval 10\n");
  EXPECT_EQ(interval("Include /etc/ssh/sshd_config.d/*.conf\n"
                     "ClientAliveInterval 5\n"),
            10);
  EXPECT_EQ(interval("ClientAliveInterval 5\n"
                     "Include /etc/ssh/sshd_config.d/*.conf\n"),
            5);
  EXPECT_EQ(interval("Include nothing/*.conf\n"), 0);
}

TEST_F(Evaluate, MatchDoesNotLeakOutOfAnIncludedFile) {
  write("/etc/ssh/a", "Match user bob\nClientAliveInterval 7\n");
  constexpr const char* kText = "Include a\nClientAliveInterval 5\nPort 23\n";
  const Connection bob{.user = "bob"};
  EXPECT_EQ(interval(kText), 5);
  EXPECT_EQ(interval(kText, &bob), 7);
}

TEST_F(Evaluate, IncludeInsideMatchIsConditional) {
  write("/etc/ssh/a",
        "ClientAliveInterval 7\nMatch user eve\n"
        "ClientAliveInterval 9\n");
  constexpr const char* kText =
      "ClientAliveInterval 5\nMatch user bob\nInclude a\n";
  const Connection bob{.user = "bob"};
  const Connection eve{.user = "eve"};
  EXPECT_EQ(interval(kText), 5);
  EXPECT_EQ(interval(kText, &bob), 7);
  EXPECT_EQ(interval(kText, &eve), 5);
}

TEST_F(Evaluate, IncludesAreRefusedBeyondDepthSixteen) {
  write("/etc/ssh/loop", "Include loop\n");
  EXPECT_NE(evaluate_text("Include loop\n").refusal, std::nullopt);
  for (int i = 1; i < 16; ++i) {
    write("/etc/ssh/d" + std::to_string(i),
          "Include d" + std::to_string(i + 1) + "\n");
  }
  write("/etc/ssh/d16", "ClientAliveInterval 16\n");
  EXPECT_EQ(interval("Include d1\n"), 16);
}

TEST_F(Evaluate, HostileFiles) {
  EXPECT_EQ(refused_line(std::string("ClientAliveInterval 5\n") + '\0' +
                         "Nonsense\n"),
            0);
  EXPECT_EQ(refused_line("\xff\xfe 1\n"), 1);
  EXPECT_EQ(refused_line(std::string(100'000, 'x') + " 1\n"), 1);
  EXPECT_EQ(refused_line("ClientAliveInterval " + std::string(100'000, '9')),
            1);
  write("/etc/ssh/large", std::string(kMaxFileBytes + 1, '#'));
  write(kMain, "Include large\n");
  const Evaluation evaluation = evaluate_main();
  ASSERT_TRUE(evaluation.unknown);
  EXPECT_EQ(evaluation.unknown->kind, ErrorKind::kLimit);
  EXPECT_NE(evaluation.unknown->reason.find("included from " +
                                            std::string(kMain) + ":1"),
            std::string::npos);
}

TEST_F(Evaluate, RefusalBeforeAnUnreadableIncludeIsKnown) {
  write("/etc/ssh/large", std::string(kMaxFileBytes + 1, '#'));
  EXPECT_EQ(refused_line("Nonsense 1\nInclude large\n"), 1);
}

TEST_F(Evaluate, NulByteJoinsItsLineWithTheNext) {
  EXPECT_EQ(interval(std::string("ClientAliveInterval 5\0x\n0\n", 26)), 50);
  EXPECT_EQ(refused_line(std::string("\0\nNonsense 1\n", 13)), 1);
}

TEST_F(Evaluate, DirectoryAndNullDeviceIncludeNothing) {
  write("/etc/ssh/sshd_config.d/x", "ClientAliveInterval 7\n");
  EXPECT_EQ(interval("Include sshd_config.d\n"), 0);
  write("/etc/live", "Include /dev/null\nClientAliveInterval 8\n");
  const Result<Document> document = read_document(
      HostRoot::live(), (directory_.path() / "etc/live").string(), version_);
  ASSERT_TRUE(document.ok());
  const Evaluation evaluation = evaluate(*document, nullptr);
  EXPECT_FALSE(evaluation.unknown);
  EXPECT_EQ(evaluation.effective.client_alive_interval_seconds.value, 8);
}

// In the first pass a file that includes its own pattern sees the files before
// it, in the second it sees itself again.
TEST_F(Evaluate, FileThatIncludesItsOwnPattern) {
  write("/etc/ssh/d/1", "ClientAliveCountMax 4\n");
  write("/etc/ssh/d/2", "Include d/*\n");
  const Evaluation globals = evaluate_text("Include d/*\n");
  EXPECT_FALSE(globals.refusal);
  EXPECT_EQ(globals.effective.client_alive_count_max.value, 4);
  const Connection connection;
  EXPECT_TRUE(evaluate_main(&connection).refusal);
}

TEST_F(Evaluate, IncludesThatMultiplyAreBounded) {
  for (int depth = 1; depth < 12; ++depth) {
    std::string thrice;
    for (int i = 0; i < 3; ++i) {
      thrice += "Include d" + std::to_string(depth + 1) + "\n";
    }
    write("/etc/ssh/d" + std::to_string(depth), thrice);
  }
  write("/etc/ssh/d12", "ClientAliveInterval 5\n");
  const Evaluation evaluation = evaluate_text("Include d1\n");
  ASSERT_TRUE(evaluation.unknown);
  EXPECT_EQ(evaluation.unknown->kind, ErrorKind::kLimit);
}

TEST_F(Evaluate, ListenAddressIsWrittenAsTheKernelDoes) {
  const auto host = [this](std::string_view content) {
    return evaluate_text(content).effective.listen_addresses.at(0).host;
  };
  EXPECT_EQ(host("ListenAddress 127.1\n"), "127.0.0.1");
  EXPECT_EQ(host("ListenAddress FE80::A\n"), "fe80::a");
  EXPECT_EQ(host("ListenAddress gateway.example.com\n"), "gateway.example.com");
  EXPECT_EQ(refused_line("AddressFamily inet\nListenAddress ::1\n"), 2);
  EXPECT_EQ(refused_line("ListenAddress 1.2.3.4/22\n"), 1);
  EXPECT_EQ(refused_line("ListenAddress 256.1.1.1\n"), 1);
  EXPECT_EQ(refused_line("ListenAddress ::1::\n"), 1);
  EXPECT_EQ(refused_line("ListenAddress :22\n"), 1);
  EXPECT_EQ(refused_line("ListenAddress == 127.0.0.1\n"), 1);
  EXPECT_EQ(refused_line("ListenAddress ==127.0.0.1\n"), 1);
}

TEST_F(Evaluate, ChannelTimeoutNoneBesideOthers) {
  EXPECT_EQ(evaluate_text("ChannelTimeout a=5 none\n")
                .effective.channel_timeouts.value,
            (std::vector<std::string>{"a=5", "none"}));
  EXPECT_TRUE(evaluate_text("ChannelTimeout none\n")
                  .effective.channel_timeouts.value.empty());
  EXPECT_EQ(refused_line("ChannelTimeout # nothing\n"), 0);
  version_.release = {9, 7};
  EXPECT_EQ(refused_line("ChannelTimeout a=5 none\n"), 1);
  EXPECT_EQ(refused_line("ChannelTimeout # nothing\n"), 1);
}

TEST_F(Evaluate, ArgumentsOfOtherKeywordsAreCounted) {
  for (const char* bad :
       {"MaxSessions 10 extra", "PermitRootLogin", "X11Forwarding == yes",
        "PermitRootLogin \"\"", "AcceptEnv A \"\"", "IPQoS a b c",
        "Subsystem sftp", "Subsystem sftp a\nSubsystem sftp b",
        "PermitOpen # none", "PermitOpen any x:1",
        "AuthenticationMethods a \"\"", "AuthorizedKeysCommand = = none"}) {
    EXPECT_NE(refused_line(bad), 0) << bad;
  }
  for (const char* good :
       {"Banner ==x", "ForceCommand a 'b c' d", "Protocol 2 1 x",
        "AllowUsers # nobody", "AcceptEnv A B C", "IPQoS a b",
        "PermitRootLogin maybe", "Subsystem sftp /bin/x -a -b"}) {
    EXPECT_EQ(refused_line(good), 0) << good;
  }
  version_.debian = false;
  EXPECT_EQ(refused_line("GSSAPIAuthentication a b c\n"), 0);
  EXPECT_NE(refused_line("DebianBanner no\n"), 0);
}

TEST_F(Evaluate, MatchAllLineThatActsIsNotShadowed) {
  const Connection connection;
  const Effective effective =
      evaluate_text("ClientAliveInterval 5\nMatch all\nClientAliveInterval 6\n",
                    &connection)
          .effective;
  EXPECT_EQ(effective.client_alive_interval_seconds.value, 6);
  ASSERT_EQ(effective.shadowed.size(), 1U);
  EXPECT_EQ(effective.shadowed.at(0).line.line, 1);
  EXPECT_EQ(effective.shadowed.at(0).by.line, 3);
}

TEST_F(Evaluate, OldGrammarTakesAnEmptyWordForTheEnd) {
  version_.release = {8, 4};
  EXPECT_EQ(interval("ClientAliveInterval 5 \"\" x\n"), 5);
  EXPECT_EQ(interval("ClientAliveInterval 5 \"x\n"), 5);
  EXPECT_NE(refused_line("ClientAliveInterval \"5\n"), 0);
}

// As sshd 8.4p1 of Debian 11 refused and took them.
TEST_F(Evaluate, OldGrammarLooksBehindTheEmptyWord) {
  version_.release = {8, 4};
  EXPECT_NE(refused_line("\"DenyUsers\" = mallory\n"), 0);
  EXPECT_NE(refused_line("AcceptEnv LANG \"\" x\n"), 0);
  EXPECT_EQ(refused_line("AcceptEnv LANG \"\" \"\" x\n"), 0);
  EXPECT_EQ(refused_line("AuthorizedKeysFile a \"\" x\n"), 0);
  EXPECT_NE(refused_line("ListenAddress \"::1\"\n"), 0);
  EXPECT_EQ(refused_line("ListenAddress ::1\n"), 0);
  EXPECT_NE(refused_line("RekeyLimit \"1G\"\n"), 0);
  EXPECT_NE(refused_line("PermitOpen a:1 \"\" x\n"), 0);
  EXPECT_EQ(refused_line("PermitOpen any \"\" x\n"), 0);
  EXPECT_NE(refused_line("Subsystem a b \"\" x\n"), 0);
  EXPECT_NE(refused_line("ForceCommand\n"), 0);
  EXPECT_NE(refused_line("RekeyLimit 1G \"1h\n"), 0);
  EXPECT_EQ(refused_line("IPQoS af21 \"cs1\n"), 0);
  EXPECT_NE(refused_line("Include nothing* \"\" x\n"), 0);
  EXPECT_EQ(interval("ClientAliveInterval 2147483648\n"), -2'147'483'648);
}

TEST_F(Evaluate, RandomLinesNeverCrash) {
  std::mt19937 random(7);
  constexpr std::array<std::string_view, 16> kParts = {
      "Match ", "user ", "all",  "\"", "'", "=",    "\n",      " ",
      "Port ",  "5",     "none", "\\", "#", "\xff", "address", "Include "};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t i = random() % 30; i > 0; --i) {
      text += kParts.at(random() % kParts.size());
    }
    const Document document{
        .main = std::make_shared<File>(
            File{.path = "f", .lines = parse_lines(text, version_)})};
    const Connection connection{.user = "a", .address = "10.0.0.1"};
    static_cast<void>(evaluate(document, &connection));
  }
  SUCCEED();
}

TEST_F(Evaluate, PortsMayBeNamesOfServices) {
  constexpr std::string_view kText =
      "Port webcache\nListenAddress 127.0.0.1:ssh\nMatch LocalPort http-alt\n"
      "ClientAliveInterval 7\n";
  EXPECT_EQ(refused_line(kText), 1);
  EXPECT_EQ(refused_line("Port ssh\n"), 1);
  EXPECT_EQ(refused_line("ListenAddress ::1\nListenAddress [::1]:ssh\n"), 2);
  EXPECT_EQ(refused_line("Match LocalPort ssh\n"), 1);

  write("/etc/services", "ssh 22/tcp\nhttp-alt 8080/tcp webcache\n");
  const Connection connection{.local_port = 8080};
  const Evaluation evaluation = evaluate_text(kText, &connection);
  ASSERT_FALSE(evaluation.refusal);
  EXPECT_EQ(evaluation.effective.ports.at(0).value, 8080);
  EXPECT_EQ(evaluation.effective.listen_addresses.at(0).port, 22);
  EXPECT_EQ(evaluation.effective.client_alive_interval_seconds.value, 7);
  EXPECT_EQ(refused_line("Port WebCache\n"), 1);
}

TEST_F(Evaluate, AChangedServicesFileIsAChangedDocument) {
  const HostRoot root = *HostRoot::open(directory_.path().string());
  write(kMain, "Port webcache\n");
  const Document document = *read_document(root, kMain, version_);
  EXPECT_TRUE(evaluate(document, nullptr).refusal);
  EXPECT_TRUE(is_unchanged(root, document));
  write("/etc/services", "http-alt 8080/tcp webcache\n");
  EXPECT_FALSE(is_unchanged(root, document));
}

TEST_F(Evaluate, OlderVersions) {
  version_ = *openssh::parse_version("8.4p1");
  EXPECT_EQ(interval("ClientAliveInterval 5#comment"), 5);
  EXPECT_EQ(refused_line("ClientAliveInterval '5'"), 1);
  EXPECT_EQ(refused_line("ChannelTimeout a=5"), 1);
  EXPECT_EQ(refused_line("DebianBanner no"), 1);
}

TEST_F(Evaluate, NewerVersions) {
  version_ = *openssh::parse_version("10.3p1");
  EXPECT_EQ(interval("ClientAliveInterval 1.5"), 1);
  const Connection invalid{.user = "x", .invalid_user = true};
  EXPECT_EQ(interval("Match invalid-user\nClientAliveInterval 4", &invalid), 4);
  EXPECT_EQ(interval("Match user=x\nClientAliveInterval 4", &invalid), 4);
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
