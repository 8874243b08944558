#include "collectors/shell_timeout/commands.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::shell_timeout {
namespace {

using Visit = bool(std::string_view,
                   const std::function<bool(const Command&)>&);

// "LINE word|word" of each command; "?" for one that may not run, "~" for a
// word with an expansion, and "lost" where the script was not understood.
std::string shown_by(Visit* visit, std::string_view text) {
  std::string all;
  const bool understood = visit(text, [&all](const Command& command) {
    all += std::to_string(command.line) + (command.conditional ? "? " : " ");
    for (std::size_t i = 0; i < command.words.size(); ++i) {
      all += i == 0 ? "" : "|";
      all += command.words[i].literal ? "" : "~";
      all += command.words[i].text;
    }
    all += "\n";
    return true;
  });
  return understood ? all : all + "lost\n";
}

std::string shown(std::string_view text) {
  return shown_by(visit_commands, text);
}

std::string shown_csh(std::string_view text) {
  return shown_by(visit_csh_commands, text);
}

TEST(VisitCommands, WordsAndSeparators) {
  EXPECT_EQ(shown("# a\na b;c # d\n\n  e\\\n f&g#h\n"),
            "2 a|b\n2 c\n4 e|f\n5 g#h\n");
  EXPECT_EQ(shown("a='b c'\"d\\\"$e\"\\ f\n"), "1 ~a=b cd\"$e f\n");
  EXPECT_EQ(shown("a=$b `c;d` ${e:-\"}\"} $(f; \")\") x$ \"$\"\n"),
            "1 ~a=$b|~`c;d`|~${e:-\"}\"}|~$(f; \")\")|x$|$\n");
  EXPECT_EQ(shown("a=(1 2;3) b\n"), "1 ~a=(1 2;3)|b\n");
}

TEST(VisitCommands, Redirections) {
  EXPECT_EQ(shown("a >/dev/null 2>&1 b &>c < <(d) e<<<f\n"), "1 a|b|e\n");
  EXPECT_EQ(shown("cat <<E <<-'F' x\nTMOUT=1\nE\n\tTMOUT=2\n\tF\na\n"),
            "1 cat|x\n6 a\n");
  EXPECT_EQ(shown("cat <<E\nTMOUT=1\n"), "1 cat\n");
}

TEST(VisitCommands, Compounds) {
  EXPECT_EQ(shown("if a; then b; else c; fi; d\n"), "1? a\n1? b\n1? c\n1 d\n");
  EXPECT_EQ(shown("for i in x y; do a; done\nb\n"), "1? i|in|x|y\n1? a\n2 b\n");
  EXPECT_EQ(shown("while a\ndo b\ndone >c\nd\n"), "1? a\n2? b\n4 d\n");
  EXPECT_EQ(shown("case $- in\n*i*) a;;\n(b|c) d\nesac\ne\n"),
            "1? ~$-|in\n2? a\n3? b\n3? d\n5 e\n");
  EXPECT_EQ(shown("f() {\na\n}\nfunction g { b; }\nc\n"),
            "1 f\n2? a\n4? b\n5 c\n");
  EXPECT_EQ(shown("(a)\nb\n"), "1? a\n2 b\n");
  EXPECT_EQ(shown("a && b || c; d\n"), "1 a\n1? b\n1? c\n1 d\n");
  EXPECT_EQ(shown("a | b\nc\n"), "1? a\n1? b\n2 c\n");
  EXPECT_EQ(shown("echo if then fi\nb\n"), "1 echo|if|then|fi\n2 b\n");
}

TEST(VisitCommands, EmptyTruncatedAndGarbage) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("\n#"), "");
  EXPECT_EQ(shown("if a; then b"), "1? a\n1? b\n");
  EXPECT_EQ(shown("a 'b\nc"), "1 a|b\nc\nlost\n");
  EXPECT_EQ(shown("a \"b\nc"), "1 a|b\nc\nlost\n");
  EXPECT_EQ(shown("a $(b\nc"), "1 a|~$(b\nc\nlost\n");
  EXPECT_EQ(shown("fi\na\n"), "2? a\nlost\n");
  EXPECT_EQ(shown("done; }; ) esac"), "lost\n");
  EXPECT_EQ(shown("\\"), "1 \n");
  EXPECT_EQ(shown("\x80\xff\x01|&;<>"), "1? \x80\xff\x01\n");
}

TEST(VisitCommands, Deep) {
  const std::string many(200'000, '(');
  EXPECT_EQ(shown(many), "");
  std::string ifs;
  for (int i = 0; i < 100'000; ++i) {
    ifs += "if ";
  }
  EXPECT_EQ(shown(ifs + "a"), "1? a\n");
  std::string documents;
  for (int i = 0; i < 50'000; ++i) {
    documents += "a<<E\n";
  }
  EXPECT_EQ(shown(documents), "1 a\n");
}

TEST(VisitCommands, StopsWhereAsked) {
  int count = 0;
  EXPECT_TRUE(visit_commands("a\nb\n'", [&count](const Command&) {
    ++count;
    return false;
  }));
  EXPECT_EQ(count, 1);
}

TEST(VisitCshCommands, Compounds) {
  EXPECT_EQ(shown_csh("set a = 1\nif ($?prompt) then\n set b=2\nelse\nset c\n"
                      "endif\nset d\n"),
            "1 set|a|=|1\n3? set|b=2\n5? set|c\n7 set|d\n");
  EXPECT_EQ(shown_csh("if ( $x && $y ) set a; set b\nset c\n"),
            "1? set|a\n1 set|b\n2 set|c\n");
  EXPECT_EQ(shown_csh("foreach i (a b)\nif (1) then\nset a\nelse if (2) then\n"
                      "set b\nendif\nend\nset c\n"),
            "1? foreach|i|a|b\n3? set|a\n5? set|b\n8 set|c\n");
  EXPECT_EQ(shown_csh("switch ($a)\ncase x:\nset a\nbreaksw\nendsw\nset b\n"),
            "2? case|x:\n3? set|a\n4? breaksw\n6 set|b\n");
}

TEST(VisitCshCommands, EmptyTruncatedAndGarbage) {
  EXPECT_EQ(shown_csh(""), "");
  EXPECT_EQ(shown_csh("if"), "");
  EXPECT_EQ(shown_csh("if ("), "");
  EXPECT_EQ(shown_csh("endif\nset a\n"), "2? set|a\nlost\n");
  EXPECT_EQ(shown_csh("set 'a"), "1 set|a\nlost\n");
  EXPECT_EQ(shown_csh(")))\xff"), "1 \xff\n");
}

}  // namespace
}  // namespace ssh_keepalive::shell_timeout
