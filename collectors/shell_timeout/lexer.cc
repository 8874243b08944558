#include "collectors/shell_timeout/lexer.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive::shell_timeout {
namespace {

constexpr std::string_view kEndsWord(" \t\r\n;&|()<>");

void mark_quoted(Word& word) {
  word.unquoted_length = std::min(word.unquoted_length, word.text.size());
}

bool starts_parameter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         std::string_view("_@*#?-$!").find(c) != std::string_view::npos;
}

}  // namespace

char Lexer::take() {
  const char c = text_[position_++];
  line_ += c == '\n' ? 1 : 0;
  return c;
}

void Lexer::skip_blanks_and_comment() {
  while (!done()) {
    const char c = text_[position_];
    if (c == ' ' || c == '\t' || c == '\r') {
      take();
    } else if (at("\\\n")) {
      take();
      take();
    } else {
      break;
    }
  }
  if (at("#")) {
    position_ = std::min(text_.find('\n', position_), text_.size());
  }
}

// Whether there was one; also takes the word that it leads to.
bool Lexer::skip_redirection() {
  if (!at("<") && !at(">") && !at("&>")) {
    return false;
  }
  const bool is_here_document = at("<<") && !at("<<<");
  const bool strips_tabs = at("<<-");
  while (!done() && std::string_view("<>&|").find(text_[position_]) !=
                        std::string_view::npos) {
    take();
  }
  if (is_here_document && strips_tabs && at("-")) {
    take();
  }
  if (at("(")) {
    Word substitution;
    take_balanced('(', ')', substitution);
    return true;
  }
  while (at(" ") || at("\t")) {
    take();
  }
  Word target = take_word();
  if (is_here_document) {
    here_documents_.push_back(
        {.delimiter = std::move(target.text), .strips_tabs = strips_tabs});
  }
  return true;
}

void Lexer::skip_here_documents() {
  for (; !here_documents_.empty(); here_documents_.pop_front()) {
    const HereDocument& document = here_documents_.front();
    while (!done()) {
      const std::size_t end =
          std::min(text_.find('\n', position_), text_.size());
      std::string_view line = text_.substr(position_, end - position_);
      if (document.strips_tabs) {
        line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      }
      position_ = end;
      if (!done()) {
        take();
      }
      if (line == document.delimiter) {
        break;
      }
    }
  }
}

Token Lexer::take_operator() {
  Token token{.line = line_};
  if (at("&&") || at("||")) {
    token.kind = TokenKind::kCondition;
    take();
  } else if (at("|")) {
    token.kind = TokenKind::kPipe;
  } else if (at("(")) {
    token.kind = TokenKind::kOpen;
  } else if (at(")")) {
    token.kind = TokenKind::kClose;
  } else {
    token.kind = TokenKind::kEndOfCommand;
  }
  if (take() == '\n') {
    skip_here_documents();
  }
  return token;
}

Token Lexer::next() {
  while (true) {
    skip_blanks_and_comment();
    if (done()) {
      return {.kind = TokenKind::kEnd, .line = line_};
    }
    if (skip_redirection()) {
      continue;
    }
    if (kEndsWord.find(text_[position_]) != kEndsWord.npos) {
      return take_operator();
    }
    Token token{.kind = TokenKind::kWord, .line = line_};
    token.word = take_word();
    // The number of a descriptor belongs to its redirection.
    if ((at("<") || at(">")) &&
        token.word.text.find_first_not_of("0123456789") == std::string::npos) {
      continue;
    }
    return token;
  }
}

Word Lexer::take_word() {
  Word word;
  while (!done()) {
    const char c = text_[position_];
    if (c == '(' && word.text.ends_with('=')) {
      take_balanced('(', ')', word);  // an array
    } else if (kEndsWord.find(c) != kEndsWord.npos) {
      break;
    } else if (c == '\\') {
      take();
      if (at("\n")) {
        take();
      } else if (!done()) {
        mark_quoted(word);
        word.text += take();
      }
    } else if (c == '\'') {
      take_single_quoted(word);
    } else if (c == '"') {
      take_double_quoted(word);
    } else if (c == '$') {
      take_expansion(word);
    } else if (c == '`') {
      take_backquoted(word);
    } else {
      word.text += take();
    }
  }
  return word;
}

void Lexer::take_single_quoted(Word& word) {
  mark_quoted(word);
  take();
  while (!done()) {
    const char c = take();
    if (c == '\'') {
      return;
    }
    word.text += c;
  }
  unclosed_ = true;
}

void Lexer::take_double_quoted(Word& word) {
  mark_quoted(word);
  take();
  while (!done()) {
    if (at("\"")) {
      take();
      return;
    }
    if (at("$")) {
      take_expansion(word);
    } else if (at("`")) {
      take_backquoted(word);
    } else if (at("\\\n")) {
      take();
      take();
    } else {
      if (at("\\$") || at("\\`") || at("\\\"") || at("\\\\")) {
        take();
      }
      word.text += take();
    }
  }
  unclosed_ = true;
}

void Lexer::take_expansion(Word& word) {
  word.text += take();
  if (at("(")) {
    take_balanced('(', ')', word);
  } else if (at("{")) {
    take_balanced('{', '}', word);
  } else if (at("'") && word.unquoted_length == std::string::npos) {
    // $'…': its escapes are not followed.
    word.literal = false;
    take();
    while (!done() && !at("'")) {
      if (at("\\")) {
        word.text += take();
      }
      if (!done()) {
        word.text += take();
      }
    }
    unclosed_ = unclosed_ || done();
    if (!done()) {
      take();
    }
  } else if (!done() && starts_parameter(text_[position_])) {
    word.literal = false;
  }
}

// Takes all up to the bracket that closes the one here. Quotes hide brackets.
void Lexer::take_balanced(char open, char close, Word& word) {
  word.literal = false;
  int depth = 0;
  char quote = '\0';
  while (!done()) {
    const char c = take();
    word.text += c;
    if (c == '\\' && quote != '\'' && !done()) {
      word.text += take();
    } else if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == open) {
      ++depth;
    } else if (c == close && --depth == 0) {
      return;
    }
  }
  unclosed_ = true;
}

void Lexer::take_backquoted(Word& word) {
  word.literal = false;
  word.text += take();
  while (!done()) {
    const char c = take();
    word.text += c;
    if (c == '`') {
      return;
    }
    if (c == '\\' && !done()) {
      word.text += take();
    }
  }
  unclosed_ = true;
}

}  // namespace ssh_keepalive::shell_timeout
