// The words and operators of a shell's script.
#ifndef SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_LEXER_H_
#define SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "collectors/shell_timeout/commands.h"

namespace ssh_keepalive::shell_timeout {

enum class TokenKind : std::uint8_t {
  kWord,
  kEndOfCommand,  // a line's end, ; or &
  kCondition,     // && or ||
  kPipe,
  kOpen,   // (
  kClose,  // )
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Word word;
  int line = 0;
};

// Gives the tokens one by one. Comments, redirections and here-documents are
// left out. Never fails: a quote or bracket that is not closed ends with the
// text.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next();

  // Whether a quote or bracket was not closed: then what it took may have been
  // commands.
  [[nodiscard]] bool unclosed() const { return unclosed_; }

 private:
  [[nodiscard]] bool at(std::string_view what) const {
    return text_.substr(position_).starts_with(what);
  }
  [[nodiscard]] bool done() const { return position_ >= text_.size(); }
  char take();
  void skip_blanks_and_comment();
  bool skip_redirection();
  void skip_here_documents();
  Token take_operator();
  Word take_word();
  void take_double_quoted(Word& word);
  void take_single_quoted(Word& word);
  void take_expansion(Word& word);
  void take_balanced(char open, char close, Word& word);
  void take_backquoted(Word& word);

  struct HereDocument {
    std::string delimiter;
    bool strips_tabs = false;
  };

  std::string_view text_;
  std::size_t position_ = 0;
  int line_ = 1;
  bool unclosed_ = false;
  std::deque<HereDocument> here_documents_;  // of the line that is being read
};

}  // namespace ssh_keepalive::shell_timeout

#endif  // SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_LEXER_H_
