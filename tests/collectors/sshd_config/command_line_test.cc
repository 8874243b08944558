#include "collectors/sshd_config/command_line.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::sshd_config {
namespace {

std::optional<CommandLine> parse(const std::string& arguments) {
  return parse_listener_title("sshd: /usr/sbin/sshd" + arguments +
                              " [listener] 0 of 10-100 startups");
}

TEST(ListenerTitle, WithoutOptionsNothingMatters) {
  for (const char* const arguments : {"", " -D", " -De", " -4x"}) {
    ASSERT_TRUE(parse(arguments)) << arguments;
  }
  EXPECT_FALSE(parse(" -D")->matters());
}

TEST(ListenerTitle, OptionsInAllTheirForms) {
  const auto line = parse(
      " -Df /etc/ssh/other -p22 -p 2222 -o ClientAliveInterval=5 "
      "-oPidFile none -g 30 -6 -h /key -E /log");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->file, "/etc/ssh/other");
  EXPECT_EQ(line->ports, (std::vector<std::string>{"22", "2222"}));
  EXPECT_EQ(line->lines, (std::vector<std::string>{
                             "ClientAliveInterval=5", "PidFile none",
                             "LoginGraceTime 30", "AddressFamily inet6"}));
  EXPECT_TRUE(line->matters());
}

TEST(ListenerTitle, LastFileWins) {
  EXPECT_EQ(parse(" -f /a -f /b")->file, "/b");
}

TEST(ListenerTitle, OtherTitlesAreNone) {
  for (const char* const title :
       {"", "sshd", "sshd: alice [priv]", "sshd: alice@pts/0",
        "sshd: [accepted]", "/usr/sbin/sshd -D",
        "sshd: /usr/sbin/sshd [listener] 0 of 10-100 startups [priv]",
        "sshd: /usr/sbin/sshd [listener] x of 10-100 startups",
        "sshd: /usr/sbin/sshd [listener] 0 of 10 startups",
        "sshd: [listener] 0 of 10-100"}) {
    EXPECT_FALSE(parse_listener_title(title)) << title;
  }
}

TEST(ListenerTitle, OptionWithoutItsArgument) {
  const auto line = parse(" -f");
  ASSERT_TRUE(line);
  EXPECT_FALSE(line->matters());
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
