#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using SshValues = SshConfigTest;

TEST_F(SshValues, Defaults) {
  const Evaluation evaluation = evaluate_text("");
  std::string all;
  for (const Outcome& outcome : evaluation.outcomes) {
    all += std::string(outcome.name) + "=" + outcome.value + " ";
    EXPECT_TRUE(outcome.is_default) << outcome.name;
    EXPECT_FALSE(outcome.source) << outcome.name;
  }
  EXPECT_EQ(all,
            "batchmode=no controlmaster=false tcpkeepalive=yes "
            "serveralivecountmax=3 serveraliveinterval=0 connecttimeout=none "
            "controlpersist=no proxycommand=none proxyjump=none ");
  EXPECT_EQ(evaluation.number(Keyword::kServerAliveCountMax), 3);
  EXPECT_EQ(evaluation.number(Keyword::kTcpKeepAlive), 1);
}

TEST_F(SshValues, FirstWinsAndTheOtherIsShadowed) {
  const Evaluation evaluation =
      evaluate_text("ServerAliveInterval 5\n\nProtocolKeepAlives 6\n");
  const Outcome& outcome = *evaluation.find(Keyword::kServerAliveInterval);
  EXPECT_EQ(outcome.number, 5);
  EXPECT_FALSE(outcome.is_default);
  EXPECT_EQ(outcome.source, (Location{kFile, 1}));
  ASSERT_EQ(evaluation.shadowed.size(), 1U);
  EXPECT_EQ(evaluation.shadowed[0].at, (Location{kFile, 3}));
  EXPECT_EQ(evaluation.shadowed[0].by, (Location{kFile, 1}));
  EXPECT_EQ(evaluation.shadowed[0].keyword, "protocolkeepalives");
}

TEST_F(SshValues, UserFileBeatsSystemFile) {
  request_.files = {{kFile, FileRole::kUser}, {kSystemFile, FileRole::kSystem}};
  write(kSystemFile, "ServerAliveInterval 6\nServerAliveCountMax 7\n");
  const Evaluation evaluation = evaluate_text("ServerAliveInterval 5\n");
  EXPECT_EQ(evaluation.number(Keyword::kServerAliveInterval), 5);
  EXPECT_EQ(evaluation.number(Keyword::kServerAliveCountMax), 7);
  EXPECT_EQ(evaluation.shadowed.at(0).at, (Location{kSystemFile, 1}));
}

TEST_F(SshValues, FilesMayBeMissingButNotANamedOne) {
  request_.files = {{kFile, FileRole::kUser}, {kSystemFile, FileRole::kSystem}};
  EXPECT_EQ(evaluate_files().number(Keyword::kServerAliveInterval), 0);
  request_.files = {{kFile, FileRole::kNamed}};
  EXPECT_EQ(try_evaluate().error().kind, ErrorKind::kAbsent);
}

TEST_F(SshValues, Times) {
  EXPECT_EQ(value("ServerAliveInterval 1h30m\n"), "5400");
  EXPECT_EQ(value("ConnectTimeout 2147483647\n", Keyword::kConnectTimeout),
            "2147483647");
  for (const char* bad : {"2147483648", "-1", "1.5", "5x", "m", "None"}) {
    EXPECT_EQ(value("ServerAliveInterval " + std::string(bad) + "\n"),
              "refused")
        << bad;
  }
}

TEST_F(SshValues, NoneLeavesATimeUnset) {
  EXPECT_EQ(value("ServerAliveInterval none\nServerAliveInterval 5\n"), "5");
  EXPECT_EQ(value("ConnectTimeout none\n", Keyword::kConnectTimeout), "none");
  EXPECT_EQ(value("ConnectTimeout none\nConnectTimeout 9\n",
                  Keyword::kConnectTimeout),
            "9");
}

TEST_F(SshValues, Counts) {
  EXPECT_EQ(value("ServerAliveCountMax 0\n", Keyword::kServerAliveCountMax),
            "0");
  EXPECT_FALSE(evaluate_text("ServerAliveCountMax 0\n")
                   .find(Keyword::kServerAliveCountMax)
                   ->note.empty());
  for (const char* bad : {"-1", "3s", "2147483648", "x"}) {
    EXPECT_EQ(value("ServerAliveCountMax " + std::string(bad) + "\n"),
              "refused")
        << bad;
  }
}

TEST_F(SshValues, FlagsIgnoreCase) {
  EXPECT_EQ(value("TCPKeepAlive NO\n", Keyword::kTcpKeepAlive), "no");
  EXPECT_EQ(value("KeepAlive false\n", Keyword::kTcpKeepAlive), "no");
  EXPECT_EQ(value("TCPKeepAlive True\n", Keyword::kTcpKeepAlive), "yes");
  EXPECT_EQ(value("TCPKeepAlive on\n", Keyword::kTcpKeepAlive), "refused");
}

TEST_F(SshValues, ControlPersistKnowsLowerCaseOnly) {
  const auto persist = [this](const std::string& text) {
    return value("ControlPersist " + text + "\n", Keyword::kControlPersist);
  };
  EXPECT_EQ(persist("yes"), "yes");
  EXPECT_EQ(persist("no"), "no");
  EXPECT_EQ(persist("0"), "yes");  // for ever
  EXPECT_EQ(persist("5m"), "300");
  EXPECT_EQ(persist("Yes"), "refused");
  EXPECT_EQ(persist("none"), "refused");
}

TEST_F(SshValues, ControlMasterIsPrintedAsSshDoes) {
  EXPECT_EQ(value("ControlMaster yes\n", Keyword::kControlMaster), "true");
  EXPECT_EQ(value("ControlMaster AUTO\n", Keyword::kControlMaster), "auto");
}

TEST_F(SshValues, BatchModeImpliesAnIntervalInDebiansBuild) {
  const Evaluation evaluation = evaluate_text("\nBatchMode yes\n");
  const Outcome& outcome = *evaluation.find(Keyword::kServerAliveInterval);
  EXPECT_EQ(outcome.number, 300);
  EXPECT_EQ(outcome.source, (Location{kFile, 2}));
  EXPECT_FALSE(outcome.note.empty());
  EXPECT_EQ(value("BatchMode yes\nServerAliveInterval 0\n"), "0");
  version_.debian = false;
  EXPECT_EQ(value("BatchMode yes\n"), "0");
}

TEST_F(SshValues, DebiansAliases) {
  EXPECT_EQ(value("ProtocolKeepAlives 7\n"), "7");
  EXPECT_EQ(value("SetupTimeOut 8\n"), "8");
  version_.debian = false;
  EXPECT_EQ(value("ProtocolKeepAlives 7\n"), "refused");
}

TEST_F(SshValues, ProxiesExcludeEachOther) {
  EXPECT_EQ(value("ProxyJump a\nProxyCommand nc\n", Keyword::kProxyJump), "a");
  EXPECT_EQ(value("ProxyJump a\nProxyCommand nc\n", Keyword::kProxyCommand),
            "none");
  EXPECT_EQ(value("ProxyCommand nc\nProxyJump a\n", Keyword::kProxyJump),
            "none");
  EXPECT_EQ(value("ProxyJump none\nProxyCommand nc\n", Keyword::kProxyCommand),
            "none");
  EXPECT_EQ(value("ProxyCommand none\nProxyJump a\n", Keyword::kProxyJump),
            "none");
  version_.release = {10, 3};
  EXPECT_EQ(value("ProxyJump none\nProxyCommand nc\n", Keyword::kProxyCommand),
            "nc");
  EXPECT_EQ(value("ProxyJump none\nProxyJump a\n", Keyword::kProxyJump),
            "none");
}

TEST_F(SshValues, ProxyMakesTcpKeepAliveInert) {
  EXPECT_FALSE(evaluate_text("ProxyJump a\n")
                   .find(Keyword::kTcpKeepAlive)
                   ->note.empty());
  EXPECT_TRUE(evaluate_text("ProxyJump none\n")
                  .find(Keyword::kTcpKeepAlive)
                  ->note.empty());
}

TEST_F(SshValues, ProxyJumpIsPrintedAsSshDoes) {
  const auto jump = [this](const std::string& text) {
    return value("ProxyJump " + text + "\n", Keyword::kProxyJump);
  };
  EXPECT_EQ(jump("u@a:22,b"), "u@a:22,b");
  EXPECT_EQ(jump("ssh://u@a:2222"), "u@a:2222");
  EXPECT_EQ(jump("10.0.0.1:22"), "[10.0.0.1]:22");
  EXPECT_EQ(jump("[::1]"), "[::1]");
  EXPECT_EQ(jump("a # b"), "a");
  for (const char* bad : {"a,", ",a", "@a", "a:0", "a:65536", "a/b", "[a",
                          "ssh://a/path", "ssh://u%zz@a", "::1"}) {
    EXPECT_EQ(jump(bad), "refused") << bad;
  }
}

TEST_F(SshValues, AHopMayBeCalledNone) {
  const Evaluation off = evaluate_text("ProxyJump none\n");
  EXPECT_FALSE(off.find(Keyword::kProxyJump)->printed);
  for (const char* line : {"ProxyJump none:22\n", "ProxyJump none # off\n"}) {
    const Evaluation hop = evaluate_text(line);
    EXPECT_TRUE(hop.find(Keyword::kProxyJump)->printed) << line;
    EXPECT_FALSE(hop.find(Keyword::kTcpKeepAlive)->note.empty()) << line;
  }
}

TEST_F(SshValues, JumpOverItselfIsRefused) {
  EXPECT_EQ(refusal("ProxyJump alpha\n"),
            "/home/alice/.ssh/config:1: ProxyJump: a loop, it names the host "
            "itself");
  EXPECT_EQ(value("ProxyJump alpha:2222\n", Keyword::kProxyJump), "alpha:2222");
  EXPECT_EQ(value("ProxyJump bob@alpha\n", Keyword::kProxyJump), "bob@alpha");
  EXPECT_EQ(value("User bob\nProxyJump bob@alpha\n", Keyword::kProxyJump),
            "refused");
  EXPECT_EQ(value("HostName beta\nProxyJump beta\n", Keyword::kProxyJump),
            "refused");
}

TEST_F(SshValues, PortsMayBeNamesOfServices) {
  EXPECT_EQ(refusal("Port ssh\n"), "/home/alice/.ssh/config:1: not a port");
  EXPECT_EQ(value("ProxyJump jump:webcache\n"), "refused");
  write("/etc/services", "ssh 2222/tcp\nhttp-alt 8080/tcp webcache\n");
  EXPECT_EQ(value("Port http-alt\n"), "0");
  EXPECT_EQ(value("ProxyJump jump:webcache\n", Keyword::kProxyJump),
            "jump:8080");
  EXPECT_EQ(value("ProxyJump ssh://jump:ssh\n", Keyword::kProxyJump),
            "jump:2222");
  // Where no port is given, the host's entry for ssh says it.
  EXPECT_EQ(value("ProxyJump alpha:2222\n"), "refused");
  EXPECT_EQ(value("ProxyJump alpha:22\n"), "0");
}

TEST_F(SshValues, ChannelTimeoutFrom96) {
  EXPECT_EQ(value("ChannelTimeout session=5m\n", Keyword::kChannelTimeout),
            "refused");
  version_.release = {9, 6};
  EXPECT_EQ(
      value("ChannelTimeout session=5m x11=1\n", Keyword::kChannelTimeout),
      "session=5m x11=1");
  EXPECT_EQ(value("ChannelTimeout NONE\n", Keyword::kChannelTimeout), "none");
  EXPECT_EQ(value("", Keyword::kChannelTimeout), "none");
  for (const char* bad : {"session", "=5", "session=x", "none a=1"}) {
    EXPECT_EQ(value("ChannelTimeout " + std::string(bad) + "\n",
                    Keyword::kChannelTimeout),
              "refused")
        << bad;
  }
}

TEST_F(SshValues, ChannelTimeoutThatMatchesNoShellIsNoted) {
  const auto inert = [this](std::string_view line) {
    return !evaluate_text(line).find(Keyword::kChannelTimeout)->note.empty();
  };
  version_.release = {9, 6};  // the client's channel is plainly "session"
  EXPECT_FALSE(inert("ChannelTimeout session=5m\n"));
  EXPECT_TRUE(inert("ChannelTimeout session:*=5m\n"));
  version_.release = {10, 4};  // "session:shell", as on the server
  EXPECT_TRUE(inert("ChannelTimeout session=5m\n"));
  EXPECT_FALSE(inert("ChannelTimeout session:*=5m\n"));
}

TEST_F(SshValues, ValuesOfOtherKeywordsAreNotChecked) {
  EXPECT_EQ(value("LogLevel nonsense\nServerAliveInterval 5\n"), "5");
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
