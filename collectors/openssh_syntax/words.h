// How OpenSSH cuts a configuration line into words: strdelim() and
// argv_split() of its misc.c.
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_WORDS_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_WORDS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/openssh_syntax/version.h"

namespace ssh_keepalive::openssh {

// From 8.7 on: single quotes, backslashes, and a comment only at the start of
// a word. Before, sshd cut its lines at any `#`.
inline constexpr Release kArgumentGrammar{8, 7};

// Words split at white space or one `=`, with double quotes: the grammar of
// keywords, of all arguments before 8.7, and of Match lines before 10.0.
class DelimitedWords {
 public:
  explicit DelimitedWords(std::string_view text) : rest_(text) {}

  // The next word, which may be empty (leading white space, `""`). Nothing at
  // the end, and where a quote is not closed.
  std::optional<std::string> next();

  // What is not cut yet.
  [[nodiscard]] std::string_view rest() const { return rest_; }
  // Whether nothing is left.
  [[nodiscard]] bool exhausted() const { return ended_ || rest_.empty(); }

  // Whether next() can only give nothing: the end, or an open quote before it.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  std::string_view rest_;
  bool ended_ = false;
};

// Arguments by the grammar of 8.7 and later; a comment ends them. Nothing
// where a quote is not closed.
std::optional<std::vector<std::string>> split_arguments(std::string_view rest);

// What stands behind arguments by the grammar before 8.7, which an empty word
// ends (`""`, a second `=`), and so does a quote that is not closed.
enum class Behind { kNothing, kOpenQuote, kEmptyWord, kEmptyWordAndMore };

struct OldArguments {
  std::vector<std::string> words;  // none is empty
  Behind behind = Behind::kNothing;
};

OldArguments split_old_arguments(std::string_view rest);

// The line up to its first NUL byte, without the white space (space, \t, \r,
// \f) behind its end, as every OpenSSH reads it.
std::string_view strip_line_end(std::string_view line);

// ASCII only.
std::string to_lower(std::string_view text);

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_WORDS_H_
