#include "collectors/shell_timeout/commands.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "collectors/shell_timeout/lexer.h"

namespace ssh_keepalive::shell_timeout {
namespace {

enum class Compound : std::uint8_t { kIf, kCase, kLoop, kBraces, kParentheses };

struct Keyword {
  std::string_view name;
  std::optional<Compound> opens;
  std::optional<Compound> closes;
  bool command_follows = true;  // otherwise words of its own do
};

constexpr std::array kKeywords = {
    Keyword{"if", Compound::kIf, std::nullopt},
    Keyword{"while", Compound::kLoop, std::nullopt},
    Keyword{"until", Compound::kLoop, std::nullopt},
    Keyword{"for", Compound::kLoop, std::nullopt, false},
    Keyword{"select", Compound::kLoop, std::nullopt, false},
    Keyword{"case", Compound::kCase, std::nullopt, false},
    Keyword{"{", Compound::kBraces, std::nullopt},
    Keyword{"then", std::nullopt, std::nullopt},
    Keyword{"elif", std::nullopt, std::nullopt},
    Keyword{"else", std::nullopt, std::nullopt},
    Keyword{"do", std::nullopt, std::nullopt},
    Keyword{"!", std::nullopt, std::nullopt},
    Keyword{"time", std::nullopt, std::nullopt},
    Keyword{"fi", std::nullopt, Compound::kIf},
    Keyword{"done", std::nullopt, Compound::kLoop},
    Keyword{"esac", std::nullopt, Compound::kCase},
    Keyword{"}", std::nullopt, Compound::kBraces},
};

class Reader {
 public:
  Reader(std::string_view text,
         const std::function<bool(const Command&)>& visit)
      : lexer_(text), visit_(visit) {}

  bool read() {
    while (!stopped_) {
      Token token = lexer_.next();
      if (token.kind == TokenKind::kEnd) {
        emit();
        break;
      }
      take(std::move(token));
    }
    return stopped_ || (!lexer_.unclosed() && !lost_);
  }

 private:
  void take(Token token) {
    switch (token.kind) {
      case TokenKind::kWord:
        take_word(std::move(token));
        break;
      case TokenKind::kEndOfCommand:
        emit();
        behind_condition_ = false;
        break;
      case TokenKind::kCondition:
        emit();
        behind_condition_ = true;
        break;
      case TokenKind::kPipe:
        behind_condition_ = true;
        emit();
        break;
      case TokenKind::kOpen:
        open_parenthesis();
        break;
      case TokenKind::kClose:
        close_parenthesis();
        break;
      case TokenKind::kEnd:
        break;
    }
  }

  void take_word(Token token) {
    if (command_.words.empty() && !is_plain_ &&
        token.word.unquoted_length == std::string::npos) {
      if (names_function_) {
        names_function_ = false;
        return;
      }
      if (token.word.text == "function") {
        names_function_ = true;
        return;
      }
      const auto* const keyword =
          std::ranges::find(kKeywords, token.word.text, &Keyword::name);
      if (keyword != kKeywords.end()) {
        apply(*keyword);
        return;
      }
    }
    if (command_.words.empty()) {
      command_.line = token.line;
    }
    command_.words.push_back(std::move(token.word));
  }

  void apply(const Keyword& keyword) {
    if (keyword.opens) {
      compounds_.push_back(*keyword.opens);
    }
    if (keyword.closes) {
      close(*keyword.closes);
    }
    is_plain_ = !keyword.command_follows;
  }

  void close(Compound compound) {
    if (compounds_.empty() || compounds_.back() != compound) {
      lost_ = true;
      return;
    }
    compounds_.pop_back();
  }

  void open_parenthesis() {
    const bool is_pattern = command_.words.empty() && !compounds_.empty() &&
                            compounds_.back() == Compound::kCase;
    if (is_pattern) {
      return;
    }
    // "name()" starts a function; its body is a compound of its own.
    emit();
    compounds_.push_back(Compound::kParentheses);
  }

  void close_parenthesis() {
    if (!compounds_.empty() && compounds_.back() == Compound::kCase) {
      command_.words.clear();  // the pattern
      is_plain_ = false;
      return;
    }
    emit();
    close(Compound::kParentheses);
  }

  void emit() {
    is_plain_ = false;
    names_function_ = false;
    if (command_.words.empty()) {
      return;
    }
    command_.conditional = !compounds_.empty() || behind_condition_ || lost_;
    stopped_ = !visit_(command_);
    command_.words.clear();
  }

  Lexer lexer_;
  const std::function<bool(const Command&)>& visit_;
  Command command_;
  std::vector<Compound> compounds_;
  bool behind_condition_ = false;
  bool is_plain_ = false;  // words of "for" or "case" come, no command
  bool names_function_ = false;
  bool lost_ = false;  // compounds end that did not begin
  bool stopped_ = false;
};

}  // namespace

bool visit_commands(std::string_view text,
                    const std::function<bool(const Command&)>& visit) {
  return Reader(text, visit).read();
}

}  // namespace ssh_keepalive::shell_timeout
