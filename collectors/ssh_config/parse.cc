// The lines of ssh_config(5): process_config_line_depth() in OpenSSH's
// readconf.c.
#include <algorithm>
#include <utility>

#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/statement.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr openssh::Release kArgvLines = {
    8, 7};  // earlier: strdelim()'s words only

constexpr char kMissing[] = "missing argument";
constexpr char kExtra[] = "extra arguments at the end of the line";
constexpr char kQuotes[] = "unbalanced quotes";

// ssh reads C strings, and takes form feeds at the end of a line only. The
// first character stays whatever it is.
std::string_view c_line(std::string_view line) {
  line = line.substr(0, line.find('\0'));
  while (line.size() > 1 && std::string_view(" \t\r\n\f").find(line.back()) !=
                                std::string_view::npos) {
    line.remove_suffix(1);
  }
  return line;
}

std::string_view without_leading_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text;
}

// Why ssh refuses that number of arguments, or an empty one. It stops at the
// first that it dislikes, which is all the same to us: one is enough.
std::optional<std::string> count_arguments(const Statement& statement,
                                           const openssh::Version& version) {
  const std::vector<std::string>& arguments = statement.arguments;
  const auto present = [&arguments](std::size_t index) {
    return index < arguments.size() && !arguments[index].empty();
  };
  switch (statement.row->arguments) {
    case Arguments::kOne:
    case Arguments::kOneOrTwo:
    case Arguments::kTwo: {
      const bool two = statement.row->arguments != Arguments::kOne;
      if (!present(0) ||
          (statement.row->arguments == Arguments::kTwo && !present(1))) {
        return kMissing;
      }
      if (arguments.size() > (two ? 2U : 1U)) {
        return kExtra;
      }
      return std::nullopt;
    }
    case Arguments::kSome:
      if (arguments.empty() && version.release >= openssh::Release{9, 7}) {
        return kMissing;
      }
      [[fallthrough]];
    case Arguments::kList:
      // Host and Include look at them one by one, and may stop before an
      // empty one.
      if (statement.row->keyword != Keyword::kHost &&
          statement.row->keyword != Keyword::kInclude &&
          std::any_of(
              arguments.begin(), arguments.end(),
              [](const std::string& argument) { return argument.empty(); })) {
        return "empty argument";
      }
      return std::nullopt;
    case Arguments::kRest:
    case Arguments::kAnything:
      return std::nullopt;
  }
  return std::nullopt;
}

// What ssh up to 8.6 refuses behind the arguments that it took.
std::optional<std::string> refuse_behind(const Statement& statement,
                                         openssh::Behind behind) {
  const bool is_list = statement.row->arguments == Arguments::kSome ||
                       statement.row->keyword == Keyword::kInclude;
  if (is_list && behind == openssh::Behind::kEmptyWordAndMore) {
    return kExtra;
  }
  const bool rekey_limit = statement.row->name == "rekeylimit";
  if (statement.arguments.size() == 1 &&
      (rekey_limit || statement.row->name == "ipqos") &&
      (behind >= openssh::Behind::kEmptyWord ||
       (rekey_limit && behind == openssh::Behind::kOpenQuote))) {
    return kMissing;
  }
  return std::nullopt;
}

// `nothing`: not even a separator stands behind the keyword, which made a
// difference before 8.7.
void read_arguments(Statement& statement, std::string_view rest, bool nothing,
                    const openssh::Version& version,
                    const openssh::Services& services) {
  const bool split = version.release >= kArgvLines;
  if (split && rest.empty()) {
    statement.refusal = kMissing;
    return;
  }
  if (split) {
    std::optional<std::vector<std::string>> arguments =
        openssh::split_arguments(rest);
    if (!arguments) {
      statement.refusal = kQuotes;
      return;
    }
    statement.arguments = *std::move(arguments);
  }
  openssh::OldArguments old;
  if (!split) {
    old = openssh::split_old_arguments(rest);
    statement.arguments = std::move(old.words);
  }
  if (statement.row == nullptr) {
    return;
  }
  if (nothing && statement.row->arguments == Arguments::kRest) {
    statement.refusal = kMissing;
    return;
  }
  statement.refusal = count_arguments(statement, version);
  if (!statement.refusal && !split) {
    statement.refusal = refuse_behind(statement, old.behind);
  }
  if (statement.refusal) {
    return;
  }
  if (statement.row->keyword == Keyword::kMatch) {
    parse_criteria(statement, rest, version);
  } else {
    decode_value(statement, rest, version, services);
  }
}

std::optional<Statement> parse_line(std::string_view line,
                                    const openssh::Version& version,
                                    const openssh::Services& services) {
  line = c_line(line);
  openssh::DelimitedWords words(line);
  std::optional<std::string> name = words.next();
  if (name && name->empty()) {
    name = words.next();
  }
  if (!name || name->empty() || name->starts_with('#')) {
    return std::nullopt;
  }
  Statement statement;
  statement.indented = line.starts_with(' ') || line.starts_with('\t');
  statement.name = openssh::to_lower(*name);
  statement.row = find_keyword(statement.name, version);
  read_arguments(statement,
                 words.exhausted() ? "" : without_leading_blanks(words.rest()),
                 words.ended(), version, services);
  return statement;
}

bool matters(const Statement& statement) {
  return statement.refusal || statement.row == nullptr ||
         statement.row->keyword != Keyword::kOther;
}

bool opens_block(const Statement& statement) {
  return statement.row != nullptr &&
         (statement.row->keyword == Keyword::kHost ||
          statement.row->keyword == Keyword::kMatch);
}

}  // namespace

std::optional<Statement> parse_option(std::string_view line,
                                      const openssh::Version& version,
                                      const openssh::Services& services) {
  std::optional<Statement> statement = parse_line(line, version, services);
  if (!statement || !matters(*statement)) {
    return std::nullopt;
  }
  if (statement->row == nullptr) {
    statement->arguments.clear();
  } else if (opens_block(*statement) ||
             statement->row->keyword == Keyword::kInclude) {
    statement->refusal = "not for a command line";
  }
  return statement;
}

ParsedFile parse(std::string_view content, const openssh::Version& version,
                 const openssh::Services& services,
                 std::size_t max_statements) {
  ParsedFile file;
  std::size_t block = 0;  // the line of the last Host or Match
  bool block_is_indented = false;
  for (std::size_t line = 1;
       !content.empty() && file.statements.size() < max_statements; ++line) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    std::optional<Statement> statement =
        parse_line(content.substr(0, end), version, services);
    content.remove_prefix(std::min(end + 1, content.size()));
    if (statement && opens_block(*statement)) {
      block = line;
      block_is_indented = false;
    } else if (statement && statement->indented) {
      block_is_indented = true;
    } else if (statement && block_is_indented) {
      statement->strays_below = block;
    }
    if (statement && matters(*statement)) {
      statement->line = line;
      if (statement->row == nullptr) {
        statement->arguments.clear();
      }
      file.statements.push_back(*std::move(statement));
    }
  }
  return file;
}

}  // namespace ssh_keepalive::ssh_config
