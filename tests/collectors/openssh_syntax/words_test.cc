#include "collectors/openssh_syntax/words.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::openssh {
namespace {

using Words = std::vector<std::string>;

Words delimited(std::string_view text) {
  DelimitedWords words(text);
  Words all;
  while (const auto word = words.next()) {
    all.push_back(*word);
  }
  return all;
}

TEST(DelimitedWords, WhiteSpaceOrOneEqualsSign) {
  EXPECT_EQ(delimited("A 5"), (Words{"A", "5"}));
  EXPECT_EQ(delimited("A=5"), (Words{"A", "5"}));
  EXPECT_EQ(delimited("A = 5"), (Words{"A", "5"}));
  EXPECT_EQ(delimited("A \t 5\t6"), (Words{"A", "5", "6"}));
  EXPECT_EQ(delimited("A == 5"), (Words{"A", "", "5"}));
}

TEST(DelimitedWords, LeadingWhiteSpaceIsAnEmptyWord) {
  EXPECT_EQ(delimited("  A"), (Words{"", "A"}));
  EXPECT_EQ(delimited(""), (Words{""}));
  EXPECT_EQ(delimited("A "), (Words{"A", ""}));
}

TEST(DelimitedWords, DoubleQuotes) {
  EXPECT_EQ(delimited("\"A b\" c"), (Words{"A b", "c"}));
  EXPECT_EQ(delimited("A\"b c\""), (Words{"Ab c", ""}));
  EXPECT_EQ(delimited("A \"b"), (Words{"A"}));
  EXPECT_EQ(delimited("A 'b c'"), (Words{"A", "'b", "c'"}));
}

TEST(SplitArguments, QuotesAndBackslashes) {
  EXPECT_EQ(*split_arguments("a \"b c\" 'd e'"), (Words{"a", "b c", "d e"}));
  EXPECT_EQ(*split_arguments("a\"b\"c"), (Words{"abc"}));
  EXPECT_EQ(*split_arguments("a\\ b c\\\"d \\x"),
            (Words{"a b", "c\"d", "\\x"}));
  EXPECT_EQ(*split_arguments("\"\""), (Words{""}));
  EXPECT_EQ(*split_arguments(" \t "), Words{});
  EXPECT_EQ(*split_arguments("a\\"), (Words{"a\\"}));
}

TEST(SplitArguments, CommentsBeginWords) {
  EXPECT_EQ(*split_arguments("a # b"), (Words{"a"}));
  EXPECT_EQ(*split_arguments("a#b"), (Words{"a#b"}));
  EXPECT_EQ(*split_arguments("a '# b"
                             "'"),
            (Words{"a", "# b"}));
}

TEST(SplitArguments, UnclosedQuotesAreRefused) {
  EXPECT_FALSE(split_arguments("a \"b"));
  EXPECT_FALSE(split_arguments("'"));
  EXPECT_FALSE(split_arguments("\"a'"));
}

TEST(StripLineEnd, EndsAtNulAndLosesWhiteSpace) {
  EXPECT_EQ(strip_line_end("a b \t\r"), "a b");
  EXPECT_EQ(strip_line_end("a\f"), "a");
  EXPECT_EQ(strip_line_end(std::string_view("a\0b", 3)), "a");
  EXPECT_EQ(strip_line_end(""), "");
}

TEST(ToLower, AsciiOnly) { EXPECT_EQ(to_lower("AbC\xC4"), "abc\xC4"); }

}  // namespace
}  // namespace ssh_keepalive::openssh
