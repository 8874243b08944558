// How ssh walks through its files: read_config_file_depth() and
// process_config_line_depth() in OpenSSH's readconf.c.
#include "collectors/ssh_config/evaluator.h"

#include <algorithm>

#include "collectors/openssh_syntax/pattern.h"
#include "collectors/ssh_config/client_command.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr std::size_t kMaxSteps = 1'000'000;
constexpr std::size_t kMaxRefusals = 100;
constexpr std::size_t kMaxShadowed = 1000;
constexpr std::size_t kMaxPossible = 64;
constexpr std::size_t kMaxNameBytes = 1024;  // NI_MAXHOST

// Whether patterns are held against its value.
bool is_matched(Keyword keyword) {
  return keyword == Keyword::kHostname || keyword == Keyword::kUser ||
         keyword == Keyword::kTag;
}

bool is_reported(Keyword keyword) {
  return keyword >= Keyword::kServerAliveInterval &&
         keyword <= Keyword::kProxyCommand;
}

}  // namespace

Evaluator::Evaluator(const Request& request, Files& files)
    : request_(request), files_(files) {
  host_.known.push_back({.text = request.host});
}

Result<Evaluation> Evaluator::run() {
  if (request_.host.size() > kMaxNameBytes) {
    return Error{.kind = ErrorKind::kLimit,
                 .attempted = "evaluate",
                 .subject = "the host's name",
                 .reason = "longer than 1024 bytes"};
  }
  read_options();
  read_all_files();
  if (!stopped()) {
    canonicalize();
  }
  if (!stopped() && final_pass_wanted_) {
    final_pass_ = true;
    read_all_files();
  }
  if (!stopped()) {
    check_jump_loop();
  }
  if (error_) {
    return *std::move(error_);
  }
  return report();
}

void Evaluator::read_options() {
  if (request_.options) {
    kept_.push_back(request_.options);
    read_statements(*request_.options,
                    {.file = file_index(std::string(kCommandLine)),
                     .outer = decide(true),
                     .active = decide(true)});
  }
}

void Evaluator::read_all_files() {
  for (const ConfigFile& file : request_.files) {
    if (stopped()) {
      return;
    }
    read_top_file(file);
  }
}

void Evaluator::read_top_file(const ConfigFile& file) {
  Result<Files::Loaded> loaded = files_.open(file.path);
  if (!loaded.ok()) {
    const ErrorKind kind = loaded.error().kind;
    const bool optional = file.role != FileRole::kNamed;
    if (optional && kind == ErrorKind::kDenied) {
      note(loaded.error().message() + ": ssh passes over it");
    } else if (!optional || kind != ErrorKind::kAbsent) {
      error_ = std::move(loaded).error();
    }
    return;
  }
  Reading reading{.file = file_index(file.path),
                  .user_paths = file.role != FileRole::kSystem,
                  .outer = pass_active_,
                  .active = pass_active_};
  if (file.role == FileRole::kUser &&
      !files_.trusted(loaded->identity, request_.uid)) {
    refuse({.file = reading.file}, "bad owner or permissions");
    fatal_ = true;
    return;
  }
  note_change(file.path, loaded->identity);
  kept_.push_back(loaded->parsed);
  ++files_read_;
  read_statements(*loaded->parsed, reading);
}

void Evaluator::read_statements(const ParsedFile& parsed, Reading reading) {
  const std::size_t faults_before = faults();
  for (const Statement& statement : parsed.statements) {
    if (++steps_ > kMaxSteps) {
      error_ = Error{.kind = ErrorKind::kLimit,
                     .attempted = "evaluate",
                     .subject = file_names_[reading.file],
                     .reason = "too many lines, with all Includes"};
    }
    if (stopped()) {
      return;
    }
    apply(statement, reading);
  }
  // ssh gives up at the end of the file in which a fault is, and goes on with
  // what that one includes.
  fatal_ = fatal_ || faults() > faults_before;
}

void Evaluator::apply(const Statement& statement, Reading& reading) {
  if (statement.row == nullptr) {
    refuse_unless_ignored(statement, reading);
  }
  if (statement.refusal) {
    refuse(origin(reading, statement), *statement.refusal);
  }
  if (statement.row == nullptr || statement.refusal) {
    return;
  }
  if (statement.strays_below != 0 && reading.active.no() &&
      is_reported(statement.row->keyword)) {
    const Location at = location(origin(reading, statement));
    note(at.file + ":" + std::to_string(at.line) + ": " +
         std::string(statement.row->name) + " belongs to the block of line " +
         std::to_string(statement.strays_below) +
         ", which is not for this host; if it is meant for all hosts, it must "
         "stand above that line");
  }
  switch (statement.row->keyword) {
    case Keyword::kHost:
      apply_host(statement, reading);
      return;
    case Keyword::kMatch: {
      const Decision matched = matches(statement, reading);
      reading.active =
          reading.never ? decide(false) : both(reading.outer, matched);
      return;
    }
    case Keyword::kInclude:
      apply_include(statement, reading);
      return;
    case Keyword::kRefuseConnection:
      if (reading.active.yes()) {
        refuse(origin(reading, statement), "RefuseConnection");
      }
      return;
    case Keyword::kProxyJump:
    case Keyword::kProxyCommand:
      assign_proxy(statement, reading);
      return;
    default:
      assign(statement, reading);
      return;
  }
}

void Evaluator::refuse_unless_ignored(const Statement& statement,
                                      const Reading& reading) {
  Texts patterns;
  const Slot& ignored = slot(Keyword::kIgnoreUnknown);
  for (const Assignment& possible : ignored.possible) {
    patterns.known.push_back(
        {.text = possible.value->text, .cause = possible.cause});
  }
  patterns.known.push_back(
      {.text = ignored.settled ? ignored.settled->value->text : ""});
  const Decision accepted = patterns.check([&statement](std::string_view list) {
    return openssh::match_pattern_list(statement.name, list, true);
  });
  const Origin at = origin(reading, statement);
  if (accepted.no()) {
    const bool is_of_sshd = is_server_keyword(statement.name);
    refuse(at,
           is_of_sshd ? "unknown keyword: it belongs into sshd_config"
                      : "unknown keyword",
           is_of_sshd);
  } else if (accepted.maybe()) {
    const Location line = location(at);
    const Location condition = location(accepted.cause.at);
    note(line.file + ":" + std::to_string(line.line) +
         ": unknown keyword, which ssh refuses unless the condition at " +
         condition.file + ":" + std::to_string(condition.line) +
         " has IgnoreUnknown accept it");
  }
}

void Evaluator::assign(const Statement& statement, const Reading& reading) {
  const Keyword keyword = statement.row->keyword;
  const bool given = (keyword == Keyword::kUser && request_.user) ||
                     (keyword == Keyword::kPort && request_.port) ||
                     (keyword == Keyword::kHostname && final_pass_);
  if (given || !statement.value || reading.active.no()) {
    return;
  }
  const bool is_name = keyword == Keyword::kHostname;
  const std::optional<std::string> expanded =
      is_name ? expand_hostname(statement.value->text, request_.host)
              : std::nullopt;
  if (is_name && !expanded && reading.active.yes() && !slot(keyword).settled) {
    refuse_late(origin(reading, statement), "HostName: unknown %-token");
    return;
  }
  if (expanded.value_or(statement.value->text).size() > kMaxNameBytes &&
      is_matched(keyword)) {
    error_ = Error{.kind = ErrorKind::kLimit,
                   .attempted = "evaluate",
                   .subject = place_of(location(origin(reading, statement))),
                   .reason = "a name longer than 1024 bytes"};
    return;
  }
  put(keyword, statement, reading, reading.active);
}

// ProxyJump and ProxyCommand exclude each other: one slot. By the rules of 10.3
// "ProxyJump none" stops only ProxyJump; it is kept in ProxyCommand's slot.
void Evaluator::assign_proxy(const Statement& statement,
                             const Reading& reading) {
  if (!statement.value || reading.active.no()) {
    return;
  }
  const bool jump = statement.row->keyword == Keyword::kProxyJump;
  Decision active = reading.active;
  if (jump && openssh::has_proxy_jump_of_10_3(files_.version())) {
    const Slot& stop = slot(Keyword::kProxyCommand);
    if (stop.settled && !(stop.settled->at == origin(reading, statement))) {
      return;
    }
    if (!statement.value->jump) {
      put(Keyword::kProxyCommand, statement, reading, active);
      return;
    }
    if (!stop.possible.empty()) {
      active = both(active, maybe_because(stop.possible.front().cause));
    }
  }
  put(Keyword::kProxyJump, statement, reading, active);
}

// The first line that applies wins.
void Evaluator::put(Keyword keyword, const Statement& statement,
                    const Reading& reading, const Decision& active) {
  Slot& target = slot(keyword);
  const Origin at = origin(reading, statement);
  const auto same_line = [at](const Assignment& other) {
    return other.at == at;
  };
  if (target.settled) {
    if (is_reported(statement.row->keyword) && !same_line(*target.settled) &&
        shadowed_.size() < kMaxShadowed &&
        shadowed_lines_.emplace(at.file, at.line).second) {
      shadowed_.push_back({.at = location(at),
                           .keyword = std::string(statement.row->name),
                           .by = location(target.settled->at)});
    }
    return;
  }
  const Assignment assignment{
      .value = &*statement.value, .at = at, .cause = active.cause};
  if (active.yes()) {
    target.settled = assignment;
  } else if (std::none_of(target.possible.begin(), target.possible.end(),
                          same_line)) {
    if (target.possible.size() < kMaxPossible) {
      target.possible.push_back(assignment);
    } else {
      note(std::string(statement.row->name) +
           ": more than 64 lines may set it; the further ones are left out");
    }
  }
}

std::uint32_t Evaluator::file_index(const std::string& path) {
  const auto [found, added] = file_indexes_.try_emplace(
      path, static_cast<std::uint32_t>(file_names_.size()));
  if (added) {
    file_names_.push_back(path);
  }
  return found->second;
}

Origin Evaluator::origin(const Reading& reading, const Statement& statement) {
  return {.file = reading.file,
          .line = static_cast<std::uint32_t>(statement.line)};
}

Location Evaluator::location(Origin at) const {
  const std::string& file = file_names_.at(at.file);
  // An option's place is no line.
  return {.file = file, .line = file == kCommandLine ? 0 : at.line};
}

void Evaluator::refuse(Origin at, std::string reason, bool is_of_sshd) {
  if (refusals_.size() < kMaxRefusals) {
    refusals_.push_back({.at = location(at),
                         .reason = std::move(reason),
                         .is_of_sshd = is_of_sshd});
  }
}

void Evaluator::refuse_late(Origin at, std::string reason) {
  if (late_refusals_.size() < kMaxRefusals) {
    late_refusals_.push_back({.at = location(at), .reason = std::move(reason)});
  }
}

void Evaluator::note_change(const std::string& path,
                            const FileIdentity& identity) {
  if (!newest_ || identity.changed_ns > newest_->changed_ns) {
    newest_ = {.path = path, .changed_ns = identity.changed_ns};
  }
}

void Evaluator::note(std::string text) {
  if (notes_.size() < kMaxRefusals &&
      std::find(notes_.begin(), notes_.end(), text) == notes_.end()) {
    notes_.push_back(std::move(text));
  }
}

}  // namespace ssh_keepalive::ssh_config
