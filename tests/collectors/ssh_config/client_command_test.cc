#include "collectors/ssh_config/client_command.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using Words = std::vector<std::string>;
using Options = std::vector<ClientOption>;

std::optional<ClientCommand> parse_words(Words words,
                                         openssh::Release release = {9, 2}) {
  words.insert(words.begin(), "ssh");
  return parse_client_command(words, {.release = release}, {});
}

TEST(ClientCommand, OptionsBeforeAndBehindTheHost) {
  const auto command =
      parse_words({"-F", "x", "-oPort=1", "bob@alpha", "-tp", "22", "-o",
                   "TCPKeepAlive no", "ls", "-l", "-p9"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->host, "alpha");
  EXPECT_EQ(command->file, "x");
  EXPECT_EQ(command->options, (Options{{'o', "Port=1"},
                                       {'l', "bob"},
                                       {'p', "22"},
                                       {'o', "TCPKeepAlive no"}}));
  EXPECT_EQ(command->words, (Words{"ls", "-l", "-p9"}));
}

TEST(ClientCommand, TheEndOfOptions) {
  EXPECT_EQ(parse_words({"--", "alpha", "-p", "22"})->words,
            (Words{"-p", "22"}));
  EXPECT_EQ(parse_words({"alpha", "--", "-p", "22"})->words,
            (Words{"-p", "22"}));
  EXPECT_EQ(parse_words({"alpha", "-N", "--", "x"})->words, (Words{"x"}));
  // The word before the host only looks like it.
  EXPECT_EQ(parse_words({"-F", "--", "alpha", "-v"})->words, (Words{"-v"}));
  EXPECT_EQ(parse_words({"alpha", "-"})->words, (Words{"-"}));
  EXPECT_EQ(parse_words({"alpha", "-v-", "x"})->words, (Words{"-v-", "x"}));
}

TEST(ClientCommand, TheDestinationAsUri) {
  const auto command = parse_words({"ssh://bob@alpha:2222"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->host, "alpha");
  EXPECT_EQ(command->options, (Options{{'l', "bob"}, {'p', "2222"}}));
}

TEST(ClientCommand, AsScpAndSftpStartIt) {
  const auto command = parse_words(
      {"-x", "-oPermitLocalCommand=no", "-oClearAllForwardings=yes",
       "-oRemoteCommand=none", "-oRequestTTY=no", "-oForwardAgent=no", "-l",
       "bob", "-s", "--", "alpha", "sftp"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->host, "alpha");
  EXPECT_EQ(command->words, (Words{"sftp"}));
  EXPECT_EQ(command->options.back(), (ClientOption{'s', ""}));
}

TEST(ClientCommand, WhatSshRefusesOrAnswers) {
  const std::vector<Words> refused = {{},
                                      {"-v"},
                                      {"--"},
                                      {"-p"},
                                      {"alpha", "-p"},
                                      {"alpha", "-o"},
                                      {"--host", "alpha"},
                                      {"-u", "alpha"},
                                      {"-:", "alpha"},
                                      {"-", "-x"},
                                      {"-v-"},
                                      {"-1", "alpha"},
                                      {"-V"},
                                      {"-Q", "mac", "alpha"},
                                      {"-e", "ab", "alpha"},
                                      {"-O", "nothing", "alpha"},
                                      {"-O", "check", "-W", "a:1", "alpha"},
                                      {"-F", "", "alpha"},
                                      {"@alpha"},
                                      {"al;pha"},
                                      {"-Z", "alpha"},
                                      {std::string("-\xff"), "alpha"}};
  for (const Words& words : refused) {
    EXPECT_FALSE(parse_words(words)) << (words.empty() ? "" : words.front());
  }
  EXPECT_FALSE(parse_client_command({}, {}, {}));
}

TEST(ClientCommand, TagsSinceNineFour) {
  EXPECT_EQ(parse_words({"-P", "alpha"})->host, "alpha");
  const auto command = parse_words({"-P", "work", "alpha"}, {9, 4});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->options, (Options{{'P', "work"}}));
}

TEST(ClientCommand, TitleOfAMaster) {
  EXPECT_TRUE(is_master_title({"ssh: /run/user/1/bob@alpha [mux]", "", ""}));
  EXPECT_TRUE(is_master_title({"ssh: /a b [mux]  "}));
  EXPECT_FALSE(is_master_title({}));
  EXPECT_FALSE(is_master_title({"ssh", "alpha", "[mux]"}));
  EXPECT_FALSE(is_master_title({"ssh: a [mux]", "b"}));
}

class OptionLinesTest : public SshConfigTest {
 protected:
  // The value of a keyword under a command line, with `content` as the file.
  std::string value_of(const Words& words, std::string_view content,
                       Keyword keyword = Keyword::kServerAliveInterval) {
    Words all = {"ssh"};
    all.insert(all.end(), words.begin(), words.end());
    const auto command = parse_client_command(all, version_, {});
    if (!command) {
      return "no command";
    }
    request_.host = command->host;
    request_.command.clear();
    for (const std::string& word : command->words) {
      request_.command += (request_.command.empty() ? "" : " ") + word;
    }
    request_.options = std::make_shared<const ParsedFile>(
        option_lines(*command, version_, {}));
    return value(content, keyword);
  }
};

TEST_F(OptionLinesTest, ActBeforeTheFiles) {
  EXPECT_EQ(value_of({"-o", "ServerAliveInterval 5", "alpha"},
                     "ServerAliveInterval 9\n"),
            "5");
  EXPECT_EQ(
      value_of({"alpha", "-oserveraliveinterval=5", "-oServerAliveInterval=7"},
               "Host *\nServerAliveInterval 9\n"),
      "5");
  const Evaluation evaluation = evaluate_files();
  const Outcome* const outcome = evaluation.find(Keyword::kServerAliveInterval);
  EXPECT_EQ(outcome->source, (Location{std::string(kCommandLine), 0}));
  ASSERT_EQ(evaluation.shadowed.size(), 2U);
  EXPECT_EQ(evaluation.shadowed[1].by.file, kCommandLine);
}

TEST_F(OptionLinesTest, DecideWhichBlocksMatch) {
  const char* const kMatched =
      "Match user bob\nServerAliveInterval 3\n"
      "Match host *.example\nServerAliveInterval 4\n"
      "Match all\nServerAliveInterval 9\n";
  EXPECT_EQ(value_of({"-l", "bob", "alpha"}, kMatched), "3");
  EXPECT_EQ(value_of({"bob@alpha", "-l", "carol"}, kMatched), "3");
  EXPECT_EQ(value_of({"-l", "carol", "bob@alpha"}, kMatched), "9");
  EXPECT_EQ(value_of({"-oUser=carol", "bob@alpha"}, kMatched), "9");
  EXPECT_EQ(value_of({"-oHostName=%h.example", "alpha"}, kMatched), "4");
}

TEST_F(OptionLinesTest, TheRemoteCommandIsMatchedFromTenOn) {
  version_.release = {10, 0};
  const char* const kMatched =
      "Match sessiontype exec command *sync*\nServerAliveInterval 3\n"
      "Match sessiontype subsystem\nServerAliveInterval 4\n"
      "Match sessiontype none\nServerAliveInterval 5\n"
      "Match sessiontype shell\nServerAliveInterval 6\n";
  EXPECT_EQ(value_of({"alpha", "rsync", "--server"}, kMatched), "3");
  EXPECT_EQ(value_of({"-s", "alpha", "sftp"}, kMatched), "4");
  EXPECT_EQ(value_of({"-N", "alpha"}, kMatched), "5");
  EXPECT_EQ(value_of({"-oSessionType=default", "-W", "a:1", "alpha"}, kMatched),
            "5");
  EXPECT_EQ(value_of({"alpha"}, kMatched), "6");
}

TEST_F(OptionLinesTest, Jumps) {
  EXPECT_EQ(value_of({"-J", "a,bob@b:22", "alpha"}, "ProxyCommand nc %h\n",
                     Keyword::kProxyJump),
            "a,bob@b:22");
  EXPECT_EQ(
      value_of({"-J", "none", "alpha"}, "ProxyJump x\n", Keyword::kProxyJump),
      "none");
  EXPECT_EQ(value_of({"-J", "a", "-J", "b", "alpha"}, ""), "refused");
  EXPECT_EQ(value_of({"-oProxyCommand=none", "-J", "b", "alpha"}, ""),
            "refused");
  EXPECT_EQ(value_of({"-J", ",", "alpha"}, ""), "refused");
}

TEST_F(OptionLinesTest, MastersAreAskedAbout) {
  const Keyword master = Keyword::kControlMaster;
  EXPECT_EQ(value_of({"-M", "alpha"}, "ControlMaster no\n", master), "true");
  EXPECT_EQ(value_of({"-MM", "alpha"}, "", master), "ask");
  EXPECT_EQ(value_of({"-oControlMaster=auto", "-M", "alpha"}, "", master),
            "true");
  EXPECT_EQ(value_of({"-M", "-oControlMaster=auto", "alpha"}, "", master),
            "true");
}

TEST_F(OptionLinesTest, WhatSshRefuses) {
  const std::vector<Words> refused = {{"-oBogus=1", "alpha"},
                                      {"-oServerAliveInterval", "alpha"},
                                      {"-oServerAliveInterval=x", "alpha"},
                                      {"-oHost *", "alpha"},
                                      {"-oMatch all", "alpha"},
                                      {"-oMatch exec true", "alpha"},
                                      {"-oInclude /etc/passwd", "alpha"},
                                      {"-oInclude", "alpha"},
                                      {"-p", "0", "alpha"},
                                      {"-l", "-x", "alpha"},
                                      {"e;ve@alpha"},
                                      {"-s", "alpha"},
                                      {"-Ns", "alpha", "x"},
                                      {"-oSessionType=none", "-s", "alpha"}};
  for (const Words& words : refused) {
    EXPECT_EQ(value_of(words, ""), "refused") << words.front();
  }
  EXPECT_EQ(refusal(""), std::string(kCommandLine) +
                             ":0: -N and -s, or a SessionType, exclude each "
                             "other");
  EXPECT_EQ(value_of({"-oIgnoreUnknown=bogus", "-oBogus=1", "alpha"}, ""), "0");
  EXPECT_EQ(value_of({"-o", "", "-p1", "-pbad", "alpha"}, ""), "0");
}

TEST_F(OptionLinesTest, NoFileAtAll) {
  request_.files.clear();
  EXPECT_EQ(value_of({"-oServerAliveInterval=5", "alpha"}, ""), "5");
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
