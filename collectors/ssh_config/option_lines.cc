// The options of ssh's command line as lines: main() in OpenSSH's ssh.c.
#include <algorithm>
#include <utility>

#include "collectors/ssh_config/client_command.h"
#include "collectors/ssh_config/destination.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr KeywordRow kUserRow{.name = "user", .keyword = Keyword::kUser};
constexpr KeywordRow kPortRow{.name = "port", .keyword = Keyword::kPort};
constexpr KeywordRow kTagRow{.name = "tag", .keyword = Keyword::kTag};
constexpr KeywordRow kJumpRow{.name = "proxyjump",
                              .keyword = Keyword::kProxyJump,
                              .arguments = Arguments::kRest};
constexpr KeywordRow kMasterRow{.name = "controlmaster",
                                .keyword = Keyword::kControlMaster};
constexpr KeywordRow kSessionRow{.name = "sessiontype",
                                 .keyword = Keyword::kSessionType};

constexpr char kBadNames[] = "a name with characters that ssh refuses";

void keep_first(std::optional<Statement>& kept, Statement statement) {
  if (!kept) {
    kept = std::move(statement);
  }
}

class Lines {
 public:
  Lines(const openssh::Version& version, const openssh::Services& services)
      : version_(version), services_(services) {}

  ParsedFile read(const ClientCommand& command) {
    for (const ClientOption& option : command.options) {
      ++place_;
      read_option(option);
    }
    ++place_;
    const bool is_subsystem = session_ && session_->value->text == "subsystem";
    if ((is_subsystem || wants_subsystem_) && command.words.empty()) {
      refuse(kSessionRow, "no subsystem is named");
    }
    add(std::move(master_));
    add(std::move(session_));
    return std::move(lines_);
  }

 private:
  void read_option(const ClientOption& option) {
    const std::string& argument = option.argument;
    switch (option.letter) {
      case 'J':
        return read_jump(argument);
      case 'M':
        return read_master();
      case 'N':
        return read_session("none", false);
      case 'P':
        return add_first(kTagRow, {.text = argument});
      case 'W':
        return read_session("none", true);
      case 'l':
        return read_user(argument);
      case 'o':
        return read_line(argument);
      case 'p':
        return read_port(argument);
      case 's':
        return read_session("subsystem", false);
      default:
        return;
    }
  }

  void read_line(std::string_view line) {
    std::optional<Statement> statement =
        parse_option(line, version_, services_);
    if (!statement) {
      return;
    }
    statement->line = place_;
    if (!statement->refusal && statement->value) {
      check_names(*statement);
      // These two are not always set by the first that comes.
      if (statement->row->keyword == Keyword::kControlMaster) {
        keep_first(master_, *std::move(statement));
        return;
      }
      if (statement->row->keyword == Keyword::kSessionType) {
        keep_first(session_, *std::move(statement));
        return;
      }
    }
    lines_.statements.push_back(*std::move(statement));
  }

  // Which names are looked at differs: 9.6 to 9.9 and, from 10.3 on, also those
  // of a line; and updates of what Debian has.
  void check_names(Statement& statement) const {
    constexpr openssh::Release kOnlyOptions{10, 0};
    const bool strict = openssh::has_proxy_jump_of_10_3(version_);
    const Keyword keyword = statement.row->keyword;
    const bool bad_user = keyword == Keyword::kUser && !find(Keyword::kUser) &&
                          (strict || version_.release < kOnlyOptions) &&
                          !valid_remote_user(statement.value->text);
    const bool bad_hops = keyword == Keyword::kProxyJump && strict &&
                          !statement.value->plain_hops;
    if (bad_user || bad_hops) {
      statement.refusal = kBadNames;
    }
  }

  void read_jump(std::string_view hops) {
    if (find(Keyword::kProxyJump) || find(Keyword::kProxyCommand)) {
      return refuse(kJumpRow, "-J behind another ProxyJump or ProxyCommand");
    }
    Statement statement{.line = place_, .name = "proxyjump", .row = &kJumpRow};
    decode_hops(statement, hops, version_, services_);
    if (!statement.refusal) {
      check_names(statement);
    }
    lines_.statements.push_back(std::move(statement));
  }

  void read_user(const std::string& user) {
    if (find(Keyword::kUser)) {
      return;
    }
    if (!valid_remote_user(user)) {
      return refuse(kUserRow, kBadNames);
    }
    add_first(kUserRow, {.text = user});
  }

  void read_port(std::string_view text) {
    if (find(Keyword::kPort)) {
      return;
    }
    const std::optional<std::uint16_t> port =
        parse_remote_port(text, services_);
    if (!port) {
      return refuse(kPortRow, "not a port");
    }
    add_first(kPortRow, {.text = std::to_string(*port), .number = *port});
  }

  // A second -M, or one behind "ControlMaster yes", has ssh ask.
  void read_master() {
    constexpr std::int64_t kYes = 1;
    constexpr std::int64_t kAsk = 3;
    const bool again = master_ && master_->value->number == kYes;
    master_ = Statement{.line = place_,
                        .name = "controlmaster",
                        .row = &kMasterRow,
                        .value = Value{.text = again ? "ask" : "true",
                                       .number = again ? kAsk : kYes}};
  }

  // `replaces`: -W, which takes the place of what was said before.
  void read_session(const char* type, bool replaces) {
    constexpr openssh::Release kOneOfThem{8, 7};
    if (session_ && session_->value->text != type && !replaces) {
      if (version_.release >= kOneOfThem) {
        return refuse(kSessionRow,
                      "-N and -s, or a SessionType, exclude "
                      "each other");
      }
      wants_subsystem_ = true;  // and must have its name, for nothing
      type = "none";
    }
    session_ = Statement{.line = place_,
                         .name = "sessiontype",
                         .row = &kSessionRow,
                         .value = Value{.text = type}};
  }

  [[nodiscard]] bool find(Keyword keyword) const {
    return std::any_of(lines_.statements.begin(), lines_.statements.end(),
                       [keyword](const Statement& statement) {
                         return statement.row != nullptr && statement.value &&
                                statement.row->keyword == keyword;
                       });
  }

  void add_first(const KeywordRow& row, Value value) {
    add(Statement{.line = place_,
                  .name = std::string(row.name),
                  .row = &row,
                  .value = std::move(value)});
  }

  void refuse(const KeywordRow& row, const char* reason) {
    add(Statement{.line = place_,
                  .name = std::string(row.name),
                  .row = &row,
                  .refusal = reason});
  }

  void add(std::optional<Statement> statement) {
    if (statement) {
      lines_.statements.push_back(*std::move(statement));
    }
  }

  const openssh::Version& version_;
  const openssh::Services& services_;
  std::size_t place_ = 0;
  ParsedFile lines_;
  // Set by the last option that says so.
  std::optional<Statement> master_;
  std::optional<Statement> session_;
  bool wants_subsystem_ = false;
};

}  // namespace

ParsedFile option_lines(const ClientCommand& command,
                        const openssh::Version& version,
                        const openssh::Services& services) {
  return Lines(version, services).read(command);
}

}  // namespace ssh_keepalive::ssh_config
