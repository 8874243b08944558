#include "collectors/shell_timeout/change.h"

#include <gtest/gtest.h>

#include <string>

namespace ssh_keepalive::shell_timeout {
namespace {

std::string text_of(const std::optional<Change>& change) {
  if (!change) {
    return "";
  }
  std::string text = change->protects ? "readonly " : "";
  if (!change->assigns) {
    return text + "as it is;";
  }
  return text + (change->value ? std::to_string(change->value->count()) : "?") +
         ";";
}

std::string tmout(std::string_view text) {
  std::string all;
  visit_commands(text, [&all](const Command& command) {
    all += text_of(tmout_change(command));
    return true;
  });
  return all;
}

std::string autologout(std::string_view text) {
  std::string all;
  visit_csh_commands(text, [&all](const Command& command) {
    all += text_of(autologout_change(command));
    return true;
  });
  return all;
}

TEST(TmoutChange, Assignments) {
  EXPECT_EQ(tmout("TMOUT=900\n"), "900;");
  EXPECT_EQ(tmout("  TMOUT=\"900\" # comment\n"), "900;");
  EXPECT_EQ(tmout("A=1 TMOUT='900' 2>/dev/null\n"), "900;");
  EXPECT_EQ(tmout("readonly TMOUT=900 ; export TMOUT\n"), "readonly 900;");
  EXPECT_EQ(tmout("TMOUT=900\nreadonly TMOUT\nexport TMOUT\n"),
            "900;readonly as it is;");
  EXPECT_EQ(tmout("export TMOUT=900\nexport \"TMOUT=60\"\n"), "900;60;");
  EXPECT_EQ(tmout("declare -xr TMOUT=900\n"), "readonly 900;");
  EXPECT_EQ(tmout("typeset -x -r TMOUT=900\n"), "readonly 900;");
  EXPECT_EQ(tmout("typeset -gx TMOUT=900\n"), "900;");
  EXPECT_EQ(tmout("builtin readonly TMOUT=900\n"), "readonly 900;");
  EXPECT_EQ(tmout("TMOUT=1 TMOUT=2\n"), "2;");
}

TEST(TmoutChange, Off) {
  EXPECT_EQ(tmout("TMOUT=0\nTMOUT=\nTMOUT=-1\nunset -v TMOUT\n"), "0;0;0;0;");
}

TEST(TmoutChange, Computed) {
  EXPECT_EQ(tmout("TMOUT=$X\nTMOUT=$((15*60))\nTMOUT=`x`\nTMOUT+=5\n"),
            "?;?;?;?;");
  EXPECT_EQ(tmout("TMOUT=15m\nTMOUT=0x10\nTMOUT=' 9'\nTMOUT=(1)\n"),
            "?;?;?;?;");
  EXPECT_EQ(tmout(": ${TMOUT:=900}\neval TMOUT=9\nread TMOUT\n"), "?;?;?;");
  EXPECT_EQ(tmout("TMOUT=2147483647\nTMOUT=2147483648\n"), "2147483647;?;");
}

TEST(TmoutChange, WhatLeavesItAlone) {
  EXPECT_EQ(tmout("TMOUT\nXTMOUT=1\nTMOUTX=1\necho $TMOUT TMOUT=1\n"
                  "TMOUT=5 ls\n'TMOUT=6'\n\\TMOUT=7\nTMOUT'=8'\n"
                  "export TMOUT X\ndeclare -p TMOUT\nunset XTMOUT\n"
                  "# TMOUT=9\necho 'TMOUT=10'\n[ -z \"$TMOUT\" ]\n"),
            "");
}

TEST(AutologoutChange, Good) {
  EXPECT_EQ(autologout("set autologout = 15\nset autologout=15\n"), "900;900;");
  EXPECT_EQ(autologout("set -r autologout=15\nset a=1 autologout='15' b\n"),
            "readonly 900;900;");
  EXPECT_EQ(autologout("set autologout=(15 5)\nset autologout=15 # x\n"),
            "900;900;");
}

TEST(AutologoutChange, Off) {
  EXPECT_EQ(autologout("set autologout\nset autologout=0\nset autologout b\n"
                       "set autologout=\n"
                       "unset autologout\n"),
            "0;0;0;0;0;");
}

TEST(AutologoutChange, ComputedAndOthers) {
  EXPECT_EQ(autologout("set autologout=$x\nset autologout=( 15 )\n"
                       "@ autologout = 5\nset autologout=9999999999\n"
                       "set autologout =9\nset autologout = ( 15 )\n"),
            "?;900;?;?;?;?;");
  EXPECT_EQ(autologout("set autologouts=1\nset autolist\nset\nset -r\n"
                       "echo autologout=1\n"),
            "");
}

}  // namespace
}  // namespace ssh_keepalive::shell_timeout
