#include "collectors/sshd_config/evaluate.h"

#include <algorithm>
#include <map>
#include <utility>

#include "collectors/openssh_syntax/include.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/sshd_config/directives.h"
#include "collectors/sshd_config/listen.h"

namespace ssh_keepalive::sshd_config {
namespace {

// What Include has found so far, by pattern. sshd looks into the file system
// once for a pattern and then keeps to what it found, also while it is still
// reading what it found: a file that includes its own pattern sees those before
// it only, in the first pass.
using Found = std::map<std::string, std::vector<std::string>, std::less<>>;

// One pass over all files, as sshd makes two: the first without a connection
// sets what stands before Match blocks, the second sets what blocks say that
// match the connection.
class Pass {
 public:
  Pass(const Document& document, const Connection* connection, Found& found)
      : document_(document),
        connection_(connection),
        found_(found),
        active_(connection == nullptr) {}

  void run() { run(*document_.main, {.match_only = connection_ != nullptr}); }

  [[nodiscard]] const std::optional<Refusal>& refusal() const {
    return refusal_;
  }
  [[nodiscard]] const std::optional<Error>& unknown() const { return unknown_; }
  Settings& settings() { return settings_; }

 private:
  struct Place {
    // No Match line has been met yet, and only blocks are wanted.
    bool match_only = false;
    // The file is included where no block matches: it is only checked.
    bool never_match = false;
    int depth = 0;
  };

  void run(const File& file, Place place) {
    for (const Line& line : file.lines) {
      source_ = {file.path, line.number};
      const Keyword keyword =
          line.keyword ? line.keyword->keyword : Keyword::kOther;
      if (line.refusal) {
        refuse(*line.refusal);
      } else if (keyword == Keyword::kMatch) {
        match(line, place.never_match);
        place.match_only = false;
      } else if (keyword == Keyword::kInclude) {
        include(line, place);
      } else {
        apply(line);
      }
      if (refusal_ || unknown_) {
        return;
      }
    }
  }

  void refuse(std::string reason) {
    refusal_ = Refusal{.source = source_, .reason = std::move(reason)};
  }

  void match(const Line& line, bool never_match) {
    const auto verdict = match_line(line, document_.version,
                                    never_match ? nullptr : connection_);
    if (const auto* const reason = std::get_if<std::string>(&verdict)) {
      refuse(*reason);
      return;
    }
    active_ = !never_match && std::get<bool>(verdict);
  }

  void include(const Line& line, const Place& place) {
    const Source source = source_;
    if (line.arguments->empty()) {
      refuse("Include has no file name");
      return;
    }
    for (const std::string& argument : *line.arguments) {
      source_ = source;
      if (argument.empty()) {
        refuse("Include has an empty file name");
        return;
      }
      const std::string pattern = include_pattern(argument);
      const auto known = found_.find(pattern);
      if (known != found_.end()) {
        const std::vector<std::string> paths = known->second;
        for (const std::string& path : paths) {
          include_file(path, source, place);
        }
      } else {
        include_new(pattern, source, place);
      }
      if (refusal_ || unknown_) {
        return;
      }
    }
  }

  void include_new(const std::string& pattern, const Source& source,
                   const Place& place) {
    const auto paths = document_.patterns.find(pattern);
    if (paths == document_.patterns.end()) {
      return;
    }
    if (!paths->second.ok()) {
      unknown_ = paths->second.error();
      return;
    }
    if (paths->second->empty()) {
      found_.try_emplace(pattern);
    }
    for (const std::string& path : *paths->second) {
      include_file(path, source, place);
      if (refusal_ || unknown_) {
        return;
      }
      found_[pattern].push_back(path);
    }
  }

  void include_file(const std::string& path, const Source& source,
                    const Place& place) {
    if (refusal_ || unknown_) {
      return;
    }
    source_ = source;
    const Result<std::shared_ptr<const File>>& file =
        document_.included.at(path);
    if (!file.ok() && file.error().kind == ErrorKind::kAbsent) {
      refuse("Include names a file that cannot be opened");
      return;
    }
    if (!file.ok()) {
      unknown_ = file.error();
      unknown_->reason += " (included from " + source.file + ":" +
                          std::to_string(source.line) + ")";
      return;
    }
    if (place.depth == openssh::kMaxIncludeDepth) {
      refuse("Include is nested too deeply");
      return;
    }
    if (++inclusions_ > openssh::kMaxIncludedFiles) {
      unknown_ = Error{.kind = ErrorKind::kLimit,
                       .attempted = "read",
                       .subject = path,
                       .reason = "too many files are included"};
      return;
    }
    // A Match block in an included file ends with that file.
    const bool active = active_;
    run(**file, {.match_only = place.match_only,
                 .never_match = !place.match_only && !active,
                 .depth = place.depth + 1});
    active_ = active;
  }

  void apply(const Line& line) {
    if (!line.keyword) {
      refuse("the keyword is unknown");
    } else if (!active_ && !line.keyword->allowed_in_match) {
      if (connection_ == nullptr) {
        refuse("the keyword " + std::string(line.keyword->name) +
               " is not allowed in a Match block");
      }
    } else if (auto reason =
                   apply_directive(line, source_, document_.version.release,
                                   active_, settings_)) {
      refuse(std::string(line.keyword->name) + ": " + *reason);
    }
  }

  const Document& document_;
  const Connection* connection_;
  Found& found_;
  bool active_;
  Source source_;
  Settings settings_;
  std::size_t inclusions_ = 0;
  std::optional<Refusal> refusal_;
  std::optional<Error> unknown_;
};

template <typename T>
void take(const std::optional<Value<T>>& from, Value<T>& into) {
  if (from) {
    into = *from;
  }
}

// What a matching block says beats what stands before all blocks.
template <typename T>
void override_with(const std::optional<Value<T>>& from, std::string_view name,
                   Value<T>& into, std::vector<Shadowed>& shadowed) {
  if (!from) {
    return;
  }
  // A line of a `Match all` block was seen in both passes.
  std::erase_if(shadowed, [&from](const Shadowed& shadow) {
    return shadow.line == *from->source;
  });
  if (into.source && *into.source != *from->source) {
    shadowed.push_back(
        {.keyword = name, .line = *into.source, .by = *from->source});
  }
  into = *from;
}

Effective to_effective(Settings& settings) {
  constexpr int kDefaultPort = 22;
  Effective effective;
  effective.ports = settings.ports;
  if (effective.ports.empty()) {
    effective.ports.push_back({kDefaultPort, std::nullopt});
  }
  effective.listen_addresses = listen_addresses(settings, effective.ports);
  take(settings.tcp_keepalive, effective.tcp_keepalive);
  take(settings.client_alive_interval_seconds,
       effective.client_alive_interval_seconds);
  take(settings.client_alive_count_max, effective.client_alive_count_max);
  take(settings.login_grace_seconds, effective.login_grace_seconds);
  take(settings.channel_timeouts, effective.channel_timeouts);
  std::vector<std::string>& timeouts = effective.channel_timeouts.value;
  if (timeouts.size() == 1 && openssh::to_lower(timeouts.front()) == "none") {
    timeouts.clear();  // a block's `none` stays a word
  }
  take(settings.unused_connection_timeout_seconds,
       effective.unused_connection_timeout_seconds);
  effective.shadowed = std::move(settings.shadowed);
  return effective;
}

// The keywords of this program that are allowed in Match.
void override_effective(Settings& settings, Effective& effective) {
  std::vector<Shadowed>& shadowed = effective.shadowed;
  override_with(settings.client_alive_interval_seconds, "clientaliveinterval",
                effective.client_alive_interval_seconds, shadowed);
  override_with(settings.client_alive_count_max, "clientalivecountmax",
                effective.client_alive_count_max, shadowed);
  override_with(settings.channel_timeouts, "channeltimeout",
                effective.channel_timeouts, shadowed);
  override_with(settings.unused_connection_timeout_seconds,
                "unusedconnectiontimeout",
                effective.unused_connection_timeout_seconds, shadowed);
  for (const Shadowed& line : settings.shadowed) {
    if (std::ranges::find(shadowed, line.line, &Shadowed::line) ==
        shadowed.end()) {
      shadowed.push_back(line);
    }
  }
}

}  // namespace

Evaluation evaluate(const Document& document, const Connection* connection) {
  Found found;
  Pass globals(document, nullptr, found);
  globals.run();
  Evaluation evaluation{.refusal = globals.refusal(),
                        .unknown = globals.unknown()};
  if (evaluation.refusal || evaluation.unknown) {
    return evaluation;
  }
  evaluation.refusal = resolve_addresses(globals.settings());
  if (evaluation.refusal) {
    return evaluation;
  }
  evaluation.effective = to_effective(globals.settings());
  if (connection != nullptr) {
    Pass blocks(document, connection, found);
    blocks.run();
    evaluation.refusal = blocks.refusal();
    evaluation.unknown = blocks.unknown();
    override_effective(blocks.settings(), evaluation.effective);
  }
  return evaluation;
}

}  // namespace ssh_keepalive::sshd_config
