#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "collectors/shell_timeout/commands.h"
#include "collectors/shell_timeout/lexer.h"

namespace ssh_keepalive::shell_timeout {
namespace {

class CshReader {
 public:
  CshReader(std::string_view text,
            const std::function<bool(const Command&)>& visit)
      : lexer_(text), visit_(visit) {}

  bool read() {
    while (!stopped_) {
      Token token = lexer_.next();
      const TokenKind kind = token.kind;
      switch (kind) {
        case TokenKind::kWord:
          add(std::move(token));
          break;
        case TokenKind::kOpen:
          ++parentheses_;
          break;
        case TokenKind::kClose:
          parentheses_ -= parentheses_ > 0 ? 1 : 0;
          break;
        case TokenKind::kEnd:
        case TokenKind::kEndOfCommand:
          finish();
          behind_condition_ = false;
          break;
        case TokenKind::kCondition:
        case TokenKind::kPipe:
          finish_part();
          break;
      }
      if (kind == TokenKind::kEnd) {
        break;
      }
    }
    return stopped_ || (!lexer_.unclosed() && !lost_);
  }

 private:
  void add(Token token) {
    if (parentheses_ > 0) {
      in_parentheses_.push_back(std::move(token.word));
      return;
    }
    if (command_.words.empty()) {
      command_.line = token.line;
    }
    command_.words.push_back(std::move(token.word));
  }

  // && and || also stand between the parentheses of an expression.
  void finish_part() {
    if (parentheses_ == 0) {
      behind_condition_ = true;
      finish();
    }
  }

  void finish() {
    parentheses_ = 0;
    if (!command_.words.empty() && !follow(command_.words.front().text)) {
      command_.conditional = depth_ > 0 || behind_condition_ || lost_;
      stopped_ = !visit_(command_);
    }
    command_.words.clear();
    in_parentheses_.clear();
  }

  // Whether the line only begins or ends a compound command. What stands behind
  // "if (…)" on its line is a command that may run.
  bool follow(std::string_view first) {
    const bool has_then = command_.words.back().text == "then";
    if (first == "foreach" || first == "while" || first == "switch") {
      const bool has_list = first == "foreach";
      ++depth_;
      std::ranges::move(in_parentheses_, std::back_inserter(command_.words));
      return !has_list;
    }
    if (first == "end" || first == "endif" || first == "endsw") {
      lost_ = lost_ || depth_ == 0;
      depth_ -= depth_ > 0 ? 1 : 0;
      return true;
    }
    if (first == "else") {
      return true;
    }
    if (first != "if") {
      return false;
    }
    if (has_then) {
      ++depth_;
      return true;
    }
    behind_condition_ = true;
    command_.words.erase(command_.words.begin());
    return command_.words.empty();
  }

  Lexer lexer_;
  const std::function<bool(const Command&)>& visit_;
  Command command_;
  std::vector<Word> in_parentheses_;
  std::size_t depth_ = 0;
  int parentheses_ = 0;
  bool behind_condition_ = false;
  bool lost_ = false;  // a compound command ends that did not begin
  bool stopped_ = false;
};

}  // namespace

bool visit_csh_commands(std::string_view text,
                        const std::function<bool(const Command&)>& visit) {
  return CshReader(text, visit).read();
}

}  // namespace ssh_keepalive::shell_timeout
