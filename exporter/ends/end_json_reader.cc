// The state file back into facts, whatever is in it.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "exporter/ends/end_json.h"
#include "exporter/ends/end_limits.h"

namespace ssh_keepalive {
namespace {

using diagnosis::ClosedBy;
using diagnosis::SessionEnd;
using nlohmann::json;
using sessions::Role;
using TimePoint = std::chrono::system_clock::time_point;

constexpr std::array kRoles = {Role::kServer, Role::kClient, Role::kForwarded,
                               Role::kUnknown};
constexpr std::array kClosers = {ClosedBy::kHere, ClosedBy::kPeer};

Error invalid(std::string reason) {
  return {.kind = ErrorKind::kInvalid, .reason = std::move(reason)};
}

// A parsed document is many times as large as its text, and one that is nested
// without end all the more so.
bool is_bounded(std::string_view text) {
  constexpr int kMaxDepth = 64;
  constexpr int kMaxValues = 1'000'000;
  int depth = 0;
  int values = 1;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++depth;
      ++values;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',') {
      ++values;
    }
    if (depth > kMaxDepth || values > kMaxValues) {
      return false;
    }
  }
  return true;
}

// Reads the members of one object; the first that is not what it should be
// becomes the error.
class Members {
 public:
  Members(const json& object, std::string name, std::optional<Error>& error)
      : object_(object), name_(std::move(name)), error_(error) {
    if (!object_.is_object() && !error_) {
      error_ = invalid(name_ + ": expected an object");
    }
  }

  // Empty where it is null or left out.
  std::string text_or_none(const char* key) {
    const json* const value = find(key);
    return value == nullptr ? "" : text_of(*value, key);
  }

  std::string text(const char* key) {
    const json* const value = find(key);
    if (value == nullptr) {
      fail(key, "a text");
      return {};
    }
    return text_of(*value, key);
  }

  // Nothing where it is null or left out.
  std::optional<double> number(const char* key, double smallest,
                               double largest) {
    const json* const value = find(key);
    if (value == nullptr) {
      return std::nullopt;
    }
    const double number = value->is_number() ? value->get<double>() : NAN;
    if (!(number >= smallest && number <= largest)) {
      fail(key,
           fmt::format("a number from {:.0f} to {:.0f}", smallest, largest));
      return std::nullopt;
    }
    return number;
  }

  std::optional<TimePoint> time(const char* key) {
    const auto seconds = number(key, 0, ends::kLatestSeconds);
    return seconds ? std::optional(TimePoint(
                         std::chrono::round<std::chrono::milliseconds>(
                             std::chrono::duration<double>(*seconds))))
                   : std::nullopt;
  }

  std::optional<std::chrono::duration<double>> length(const char* key) {
    const auto seconds = number(key, 0, ends::kLongestSeconds);
    return seconds ? std::optional(std::chrono::duration<double>(*seconds))
                   : std::nullopt;
  }

  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> texts;
    const json* const value = find(key);
    if (value != nullptr && !value->is_array()) {
      fail(key, "a list of texts");
    } else if (value != nullptr) {
      for (const json& element : *value) {
        texts.push_back(text_of(element, key));
      }
    }
    return texts;
  }

  // That of `choices` whose name it is.
  template <typename Choices>
  auto choice(const char* key, std::string_view name, const Choices& choices) {
    for (const auto one : choices) {
      if (name_of(one) == name) {
        return one;
      }
    }
    fail(key, "one of the known names");
    return choices.front();
  }

  // Nothing where it is null or left out.
  const json* find(const char* key) {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  void fail(const char* key, std::string_view expected) {
    if (!error_) {
      error_ = invalid(fmt::format("{}{}{}: expected {}", name_,
                                   name_.empty() ? "" : ".", key, expected));
    }
  }

 private:
  std::string text_of(const json& value, const char* key) {
    if (!value.is_string()) {
      fail(key, "a text");
      return {};
    }
    return value.get_ref<const std::string&>();
  }

  const json& object_;
  std::string name_;
  std::optional<Error>& error_;
};

SessionEnd read_end(Members members) {
  SessionEnd end;
  const auto ended_at = members.time("ended_at");
  if (!ended_at) {
    members.fail("ended_at", "a time");
  }
  end.ended_at = ended_at.value_or(TimePoint());
  end.role = members.choice("role", members.text("role"), kRoles);
  end.netns = members.text("netns");
  end.local = members.text("local");
  end.peer = members.text("peer");
  end.user = members.text_or_none("user");
  end.tty = members.text_or_none("tty");
  end.pid =
      static_cast<int>(members.number("pid", 1, ends::kLargestPid).value_or(0));
  if (const auto lasted = members.length("lasted_seconds")) {
    end.lasted = std::chrono::floor<std::chrono::seconds>(*lasted);
  }
  end.cause =
      members.choice("cause", members.text("cause"), diagnosis::kEndCauses);
  if (members.find("closed_by") != nullptr) {
    end.closed_by =
        members.choice("closed_by", members.text("closed_by"), kClosers);
  }
  end.evidence = members.texts("evidence");
  end.advice = members.text_or_none("advice");
  return end;
}

std::vector<SessionEnd> read_ends(const json& list,
                                  std::optional<Error>& error) {
  std::vector<SessionEnd> ends;
  for (std::size_t i = 0; i < list.size() && !error; ++i) {
    ends.push_back(
        read_end(Members(list[i], fmt::format("ends[{}]", i), error)));
  }
  return ends;
}

PathIdles read_paths(const json& object, std::optional<Error>& error) {
  PathIdles paths;
  for (const auto& [netns, value] : object.items()) {
    Members members(value, "paths", error);
    paths[netns] = {
        .longest_survived = members.length("longest_survived_seconds"),
        .shortest_lost = members.length("shortest_lost_seconds")};
  }
  return paths;
}

}  // namespace

Result<StoredEnds> parse_stored_ends(std::string_view text) {
  if (!is_bounded(text)) {
    return invalid("too many values, or nested too deeply");
  }
  constexpr bool kMayThrow = false;
  const json document = json::parse(text, nullptr, kMayThrow);
  if (document.is_discarded()) {
    return invalid("not JSON");
  }
  if (!document.is_object()) {
    return invalid("not an object");
  }
  std::optional<Error> error;
  StoredEnds stored;
  Members members(document, "", error);
  const json* const version = members.find("version");
  if (version == nullptr || *version != ends::kVersion) {
    members.fail("version", fmt::format("{}", ends::kVersion));
  }
  stored.since = members.time("since");
  const json* const list = members.find("ends");
  if (list == nullptr || !list->is_array()) {
    members.fail("ends", "a list");
  } else {
    stored.ends = read_ends(*list, error);
  }
  const json* const paths = members.find("paths");
  if (paths != nullptr && !paths->is_object()) {
    members.fail("paths", "an object");
  } else if (paths != nullptr) {
    stored.paths = read_paths(*paths, error);
  }
  if (error) {
    return *std::move(error);
  }
  return stored;
}

}  // namespace ssh_keepalive
