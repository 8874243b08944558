#include "collectors/sshd_config/command_line.h"

#include <algorithm>
#include <utility>

#include "collectors/base/number.h"
#include "collectors/openssh_syntax/words.h"

namespace ssh_keepalive::sshd_config {
namespace {

constexpr std::string_view kWithArgument = "CEbcfghkopu";
constexpr std::string_view kWithout = "46DGQRTVdeiqrt";

std::string_view take_word(std::string_view& text) {
  const std::size_t length = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return word;
}

bool is_number(std::string_view text) {
  return parse_integer<unsigned>(text).has_value();
}

// "0 of 10-100 startups"
bool is_startup_count(std::string_view text) {
  const bool counted = is_number(take_word(text)) && take_word(text) == "of";
  const std::string_view range = take_word(text);
  const std::size_t dash = range.find('-');
  return counted && dash != range.npos && is_number(range.substr(0, dash)) &&
         is_number(range.substr(dash + 1)) && text == "startups";
}

// Cuts "sshd: " and " [listener] …" off.
std::optional<std::string_view> arguments_of(std::string_view title) {
  constexpr std::string_view kStart = "sshd: ";
  constexpr std::string_view kListener = " [listener] ";
  const std::size_t end = title.rfind(kListener);
  if (!title.starts_with(kStart) || end == title.npos || end < kStart.size() ||
      !is_startup_count(title.substr(end + kListener.size()))) {
    return std::nullopt;
  }
  return title.substr(kStart.size(), end - kStart.size());
}

void apply_option(char option, std::string argument, CommandLine& line) {
  switch (option) {
    case '4':
      line.lines.emplace_back("AddressFamily inet");
      break;
    case '6':
      line.lines.emplace_back("AddressFamily inet6");
      break;
    case 'f':
      line.file = std::move(argument);
      break;
    case 'g':
      line.lines.push_back("LoginGraceTime " + argument);
      break;
    case 'o':
      line.lines.push_back(std::move(argument));
      break;
    case 'p':
      line.ports.push_back(std::move(argument));
      break;
    default:
      break;
  }
}

}  // namespace

bool CommandLine::names_files() const {
  constexpr std::string_view kInclude = "include";
  return !file.empty() ||
         std::ranges::any_of(lines, [&](const std::string& line) {
           return openssh::to_lower(line.substr(0, kInclude.size())) ==
                  kInclude;
         });
}

std::optional<CommandLine> parse_listener_title(std::string_view title) {
  std::optional<std::string_view> arguments = arguments_of(title);
  if (!arguments) {
    return std::nullopt;
  }
  CommandLine line;
  static_cast<void>(take_word(*arguments));  // the program
  while (!arguments->empty()) {
    std::string_view word = take_word(*arguments);
    if (!word.starts_with('-')) {
      continue;  // sshd refuses other arguments
    }
    word.remove_prefix(1);
    while (!word.empty()) {
      const char option = word.front();
      word.remove_prefix(1);
      if (kWithArgument.find(option) == kWithArgument.npos) {
        if (kWithout.find(option) != kWithout.npos) {
          apply_option(option, "", line);
        }
        continue;
      }
      std::string argument(word.empty() ? take_word(*arguments) : word);
      while (!arguments->empty() && !arguments->starts_with('-')) {
        argument += " ";
        argument += take_word(*arguments);
      }
      apply_option(option, std::move(argument), line);
      break;
    }
  }
  return line;
}

}  // namespace ssh_keepalive::sshd_config
