#include "collectors/ssh_config/client_command.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "collectors/ssh_config/destination.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr std::string_view kWithArgument = "BDEFIJLOQRSWbceilmopw";
constexpr std::string_view kWithout = "1246ACGKMNTVXYafgknqstvxy";
constexpr std::string_view kLikeLines = "JMNPWlops";
// They end ssh before it connects.
constexpr std::string_view kAnswers = "1QV";

constexpr openssh::Release kTags{9, 4};         // -P takes an argument
constexpr openssh::Release kPrintsKeys{10, 5};  // -Z

bool contains(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

// `^X` with a control character, one character, or "none".
bool is_escape(std::string_view text) {
  const auto is_caret_pair = [text] {
    const auto second = static_cast<unsigned char>(text[1]);
    return text[0] == '^' && second >= 64 && second < 128;
  };
  return text.size() == 1 || text == "none" ||
         (text.size() == 2 && is_caret_pair());
}

bool is_multiplex_command(std::string_view text,
                          const openssh::Version& version) {
  constexpr openssh::Release kAsksMore{10, 3};
  if (text == "conninfo" || text == "channels") {
    return version.release >= kAsksMore;
  }
  return text == "check" || text == "forward" || text == "exit" ||
         text == "stop" || text == "cancel" || text == "proxy";
}

// Reads the words in ssh's order: options, the destination, more options, and
// what is left. getopt(3) is that of OpenBSD, which stops at the first word
// that is no option.
class Reader {
 public:
  Reader(const std::vector<std::string>& words, const openssh::Version& version,
         const openssh::Services& services)
      : words_(words), version_(version), services_(services) {}

  std::optional<ClientCommand> read() {
    const bool ended = read_options();
    if (failed_ || next_ >= words_.size()) {
      return std::nullopt;
    }
    read_destination(words_[next_]);
    ++next_;
    // ssh looks at the word before the host, even where that is an option's
    // argument.
    if (!ended && next_ < words_.size()) {
      read_options();
    }
    if (failed_ || !valid_host(command_.host) || command_.file == "") {
      return std::nullopt;
    }
    const auto rest = static_cast<std::ptrdiff_t>(next_);
    command_.words.assign(words_.begin() + rest, words_.end());
    return std::move(command_);
  }

 private:
  // Up to the first word that is no option; whether "--" was before it.
  bool read_options() {
    const std::size_t first = next_;
    while (!failed_ && next_ < words_.size()) {
      const std::string_view word = words_[next_];
      if (!word.starts_with('-') || word == "-") {
        break;
      }
      if (word == "--") {
        ++next_;
        break;
      }
      if (!read_cluster(word)) {
        break;
      }
    }
    return next_ > first && words_[next_ - 1] == "--";
  }

  // The options of one word, and the next word where it is an argument. False
  // where the word is none of options after all: it ends in `-`.
  bool read_cluster(std::string_view word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const char letter = word[i];
      if (letter == '-' && i + 1 == word.size()) {
        return false;
      }
      if (!takes_argument(letter)) {
        failed_ = failed_ || !is_flag(letter);
        add(letter, "");
        continue;
      }
      if (i + 1 < word.size()) {
        add(letter, std::string(word.substr(i + 1)));
      } else if (next_ + 1 < words_.size()) {
        add(letter, words_[++next_]);
      } else {
        failed_ = true;
      }
      break;
    }
    ++next_;
    return true;
  }

  [[nodiscard]] bool takes_argument(char letter) const {
    return contains(kWithArgument, letter) ||
           (letter == 'P' && version_.release >= kTags);
  }

  [[nodiscard]] bool is_flag(char letter) const {
    return contains(kWithout, letter) ||
           (letter == 'P' && version_.release < kTags) ||
           (letter == 'Z' && version_.release >= kPrintsKeys);
  }

  void add(char letter, std::string argument) {
    if (contains(kAnswers, letter) || (letter == 'e' && !is_escape(argument)) ||
        (letter == 'O' && !is_multiplex_command(argument, version_)) ||
        ((letter == 'W' || letter == 'O') && std::exchange(alone_, true))) {
      failed_ = true;
    } else if (letter == 'F') {
      command_.file = std::move(argument);
    } else if (contains(kLikeLines, letter) &&
               (letter != 'P' || takes_argument(letter))) {
      command_.options.push_back({letter, std::move(argument)});
    }
  }

  void read_destination(std::string_view text) {
    std::optional<Destination> destination = split_destination(text, services_);
    if (!destination) {
      failed_ = true;
      return;
    }
    command_.host = std::move(destination->host);
    if (destination->user) {
      add('l', *std::move(destination->user));
    }
    if (destination->port) {
      add('p', std::to_string(*destination->port));
    }
  }

  const std::vector<std::string>& words_;
  const openssh::Version& version_;
  const openssh::Services& services_;
  std::size_t next_ = 1;
  bool failed_ = false;
  bool alone_ = false;  // -W and -O exclude each other, and are given once
  ClientCommand command_;
};

}  // namespace

std::optional<ClientCommand> parse_client_command(
    const std::vector<std::string>& arguments, const openssh::Version& version,
    const openssh::Services& services) {
  return Reader(arguments, version, services).read();
}

bool is_master_title(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    return false;
  }
  std::string_view title = arguments.front();
  title = title.substr(0, title.find_last_not_of(' ') + 1);
  return title.starts_with("ssh: ") && title.ends_with(" [mux]") &&
         std::all_of(arguments.begin() + 1, arguments.end(),
                     [](const std::string& word) { return word.empty(); });
}

}  // namespace ssh_keepalive::ssh_config
