// The grammar of Match: match_cfg_line() in OpenSSH's readconf.c.
#include <algorithm>
#include <array>
#include <utility>

#include "collectors/openssh_syntax/address_list.h"
#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/statement.h"

namespace ssh_keepalive::ssh_config {
namespace {

using Kind = Criterion::Kind;

struct KindRow {
  std::string_view name;
  Kind kind;
  openssh::Release since = {};
  bool with_equals = true;  // from 9.9p2 on, "user=alice" is one word
};

constexpr std::array kKinds = {
    KindRow{"host", Kind::kHost},
    KindRow{"originalhost", Kind::kOriginalHost},
    KindRow{"user", Kind::kUser},
    KindRow{"localuser", Kind::kLocalUser},
    KindRow{"exec", Kind::kExec},
    KindRow{"localnetwork", Kind::kLocalNetwork, {9, 4}},
    KindRow{"tagged", Kind::kTagged, {9, 4}},
    KindRow{"version", Kind::kVersion, {10, 0}},
    KindRow{"command", Kind::kCommand, {10, 0}},
    KindRow{"sessiontype", Kind::kSessionType, {10, 0}, false},
};

constexpr openssh::Release kArgvMatch = {9, 9};  // earlier: strdelim()'s words

// The words of a Match line. Before 9.9 they are cut at white space and at one
// '=', with double quotes only; later as any other arguments.
class Words {
 public:
  Words(std::string_view rest, const std::vector<std::string>& arguments,
        const openssh::Version& version)
      : by_delimiter_(version.release < kArgvMatch),
        delimited_(rest),
        arguments_(arguments) {}

  std::optional<std::string> next() {
    if (by_delimiter_) {
      return delimited_.next();
    }
    if (position_ == arguments_.size()) {
      return std::nullopt;
    }
    return arguments_[position_++];
  }

  void drop_rest() { dropped_ = true; }

  [[nodiscard]] bool anything_left() const {
    return !dropped_ && (by_delimiter_ ? !delimited_.exhausted()
                                       : position_ < arguments_.size());
  }

 private:
  bool by_delimiter_;
  openssh::DelimitedWords delimited_;
  const std::vector<std::string>& arguments_;
  std::size_t position_ = 0;
  bool dropped_ = false;
};

const KindRow* find_kind(std::string_view name,
                         const openssh::Version& version) {
  for (const KindRow& row : kKinds) {
    if (row.name == name && version.release >= row.since) {
      return &row;
    }
  }
  return nullptr;
}

// ssh expands %-tokens of a command and gives up on those that it does not
// know, even where it would not run the command.
bool tokens_known(std::string_view command, const openssh::Version& version) {
  const std::string_view tokens = version.release >= openssh::Release{9, 6}
                                      ? "%CLdhklnpruij"
                                      : "%CLdhklnprui";
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (command[i] != '%') {
      continue;
    }
    ++i;
    if (i == command.size() ||
        tokens.find(command[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// Networks only: no negation, no pattern, no host bits.
bool is_network_list(std::string_view list, openssh::Release release) {
  constexpr std::size_t kMaxNetwork = 49;
  std::string_view rest = list;
  while (true) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view network = rest.substr(0, end);
    if (network.empty() || network.size() > kMaxNetwork ||
        network.find_first_not_of("0123456789abcdefABCDEF.:/") !=
            std::string_view::npos ||
        network.find_first_of(".:") == std::string_view::npos) {
      return false;
    }
    if (end == rest.size()) {
      return openssh::match_address_list(std::nullopt, list, release)
          .has_value();
    }
    rest.remove_prefix(end + 1);
  }
}

// "name=argument" from 9.9p2 on, for the criteria that may be written so.
std::optional<std::string> split_equals(std::string& name,
                                        const openssh::Version& version) {
  const std::size_t equals = name.find('=');
  if (!openssh::has_match_of_9_9p2(version) || equals == std::string::npos) {
    return std::nullopt;
  }
  const KindRow* const row =
      find_kind(openssh::to_lower(name.substr(0, equals)), version);
  if (row == nullptr || !row->with_equals) {
    return std::nullopt;
  }
  std::string argument = name.substr(equals + 1);
  name.resize(equals);
  return argument;
}

// A criterion with an argument. Returns why ssh refuses it.
std::optional<std::string> read_criterion(std::string name, bool negated,
                                          Words& words,
                                          const openssh::Version& version,
                                          std::vector<Criterion>& criteria) {
  std::optional<std::string> argument = split_equals(name, version);
  if (!argument) {
    argument = words.next();
  }
  const std::string lower = openssh::to_lower(name);
  const bool may_be_empty = version.release >= openssh::Release{10, 0} &&
                            (lower == "tagged" || lower == "command");
  if (!argument || (argument->empty() && !may_be_empty) ||
      argument->starts_with('#')) {
    // Before 8.7 a '#' was an argument like any other.
    if (!argument || argument->empty() ||
        version.release >= openssh::Release{8, 7}) {
      return "Match: missing argument of a criterion";
    }
  }
  const KindRow* const row = find_kind(lower, version);
  if (row == nullptr) {
    return "Match: unknown criterion";
  }
  if (row->kind == Kind::kExec && !tokens_known(*argument, version)) {
    return "Match exec: unknown %-token";
  }
  if (row->kind == Kind::kLocalNetwork &&
      !is_network_list(*argument, version.release)) {
    return "Match localnetwork: not a list of networks";
  }
  criteria.push_back(
      {.kind = row->kind,
       .negated = negated,
       .argument =
           row->kind == Kind::kExec
               ? *std::move(argument)
               : openssh::list_as_read(*std::move(argument), version.release)});
  return std::nullopt;
}

// Returns why ssh refuses the line.
std::optional<std::string> read_criteria(Words& words,
                                         const openssh::Version& version,
                                         std::vector<Criterion>& criteria) {
  const bool hash_comments = version.release >= openssh::Release{8, 7};
  while (std::optional<std::string> word = words.next()) {
    if (word->empty() && version.release < kArgvMatch) {
      break;
    }
    if (hash_comments && word->starts_with('#')) {
      words.drop_rest();
      break;
    }
    const bool negated = word->starts_with('!');
    const std::string name = negated ? word->substr(1) : *word;
    const std::string lower = openssh::to_lower(name);
    if (lower == "all") {
      const std::optional<std::string> next = words.next();
      const bool comment = hash_comments && next && next->starts_with('#');
      if (criteria.size() > 1 || (next && !next->empty() && !comment)) {
        return "Match: all cannot be combined with other criteria";
      }
      if (comment) {
        words.drop_rest();
      }
      criteria.push_back({.kind = Kind::kAll, .negated = negated});
      return std::nullopt;
    }
    if (lower == "canonical" || lower == "final") {
      criteria.push_back(
          {.kind = lower == "final" ? Kind::kFinal : Kind::kCanonical,
           .negated = negated});
      continue;
    }
    if (std::optional<std::string> refusal =
            read_criterion(name, negated, words, version, criteria)) {
      return refusal;
    }
  }
  if (criteria.empty()) {
    return "Match: no criterion";
  }
  return std::nullopt;
}

}  // namespace

void parse_criteria(Statement& statement, std::string_view rest,
                    const openssh::Version& version) {
  Words words(rest, statement.arguments, version);
  statement.refusal = read_criteria(words, version, statement.criteria);
  if (statement.refusal) {
    return;
  }
  bool extra = words.anything_left();
  if (version.release < openssh::Release{8, 7}) {
    // A quote that is not closed was nothing at all.
    const std::optional<std::string> word = words.next();
    extra = word && !word->empty();
  }
  if (extra) {
    statement.refusal = "extra arguments at the end of the line";
  }
}

}  // namespace ssh_keepalive::ssh_config
