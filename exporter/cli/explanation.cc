#include "exporter/cli/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "exporter/report/duration_text.h"

namespace ssh_keepalive {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ExplainedSource& source) {
  return {{"file", source.file}, {"line", source.line}};
}

Json to_json(const std::optional<ExplainedSource>& source) {
  return source ? to_json(*source) : Json(nullptr);
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const ExplainedDaemon& daemon) {
  return {{"name", daemon.name},
          {"pid", daemon.pid},
          {"stale", or_null(daemon.stale)},
          {"loaded_timestamp_seconds", or_null(daemon.loaded_at_seconds)},
          {"reload_command", daemon.reload_command.empty()
                                 ? Json(nullptr)
                                 : Json(daemon.reload_command)}};
}

Json to_json(const Explanation& explanation) {
  Json keywords = Json::array();
  for (const ExplainedKeyword& keyword : explanation.keywords) {
    Json value;
    std::visit([&value](const auto& held) { value = held; }, keyword.value);
    keywords.push_back({{"keyword", keyword.keyword},
                        {"value", value},
                        {"unit", keyword.unit},
                        {"source", to_json(keyword.source)},
                        {"default", !keyword.source.has_value()},
                        {"note", keyword.note}});
  }
  Json shadowed = Json::array();
  for (const ExplainedShadow& shadow : explanation.shadowed) {
    shadowed.push_back({{"file", shadow.line.file},
                        {"line", shadow.line.line},
                        {"text_keyword", shadow.keyword},
                        {"by", to_json(shadow.by)}});
  }
  Json undecided = Json::array();
  for (const ExplainedUndecided& open : explanation.undecided) {
    undecided.push_back({{"keyword", open.keyword},
                         {"if_true", open.if_true},
                         {"if_false", open.if_false},
                         {"source", to_json(open.source)}});
  }
  Json document = {{"version", 1},
                   {"openssh_version", explanation.openssh_version},
                   {"confirmed", explanation.confirmed},
                   {"keywords", keywords},
                   {"shadowed", shadowed},
                   {"undecided", undecided},
                   {"notes", explanation.notes}};
  if (explanation.daemon) {
    document["daemon"] = to_json(*explanation.daemon);
  }
  return document;
}

// Line 0 is a place without lines: a command line.
std::string place(const ExplainedSource& source) {
  return source.line == 0 ? source.file
                          : fmt::format("{}:{}", source.file, source.line);
}

std::string value_text(const ExplainedKeyword& keyword) {
  if (const auto* const text = std::get_if<std::string>(&keyword.value)) {
    return *text;
  }
  const long long number = std::get<long long>(keyword.value);
  if (keyword.unit != "seconds") {
    return std::to_string(number);
  }
  constexpr long long kSpokenAlready = 120;
  return number < kSpokenAlready
             ? fmt::format("{} s", number)
             : fmt::format("{} s = {}", number,
                           duration_text(static_cast<double>(number)));
}

void print_text(const Explanation& explanation, std::ostream& out) {
  out << explanation.title << "\nOpenSSH " << explanation.openssh_version
      << (explanation.confirmed
              ? ", confirmed with the programs of this release\n\n"
              : ", not compared with the programs of this release\n\n");
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const ExplainedKeyword& keyword : explanation.keywords) {
    name_width = std::max(name_width, keyword.keyword.size());
    value_width = std::max(value_width, value_text(keyword).size());
  }
  for (const ExplainedKeyword& keyword : explanation.keywords) {
    out << fmt::format("  {:<{}}  {:<{}}  {}\n", keyword.keyword, name_width,
                       value_text(keyword), value_width,
                       keyword.source ? place(*keyword.source) : "default");
    if (!keyword.note.empty()) {
      out << fmt::format("  {:<{}}  ! {}\n", "", name_width, keyword.note);
    }
  }
  if (!explanation.undecided.empty()) {
    out << "\nUndecided, because nothing of a configuration is executed\n";
  }
  for (const ExplainedUndecided& open : explanation.undecided) {
    out << fmt::format("  {}  {} or {}{}\n", open.keyword, open.if_true,
                       open.if_false,
                       open.source ? ", by " + place(*open.source) : "");
  }
  if (!explanation.shadowed.empty()) {
    out << "\nLines that never act here\n";
  }
  for (const ExplainedShadow& shadow : explanation.shadowed) {
    out << fmt::format("  {}  {}  because of {}\n", place(shadow.line),
                       shadow.keyword, place(shadow.by));
  }
  if (!explanation.notes.empty()) {
    out << '\n';
  }
  for (const std::string& note : explanation.notes) {
    out << note << '\n';
  }
}

}  // namespace

void print_explanation(const Explanation& explanation, OutputFormat format,
                       std::ostream& out) {
  switch (format) {
    case OutputFormat::kText:
      print_text(explanation, out);
      break;
    case OutputFormat::kJson:
      out << to_json(explanation)
                 .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
          << '\n';
      break;
    case OutputFormat::kOpenSsh:
      for (const ExplainedKeyword& keyword : explanation.keywords) {
        if (!keyword.openssh_line.empty()) {
          out << keyword.openssh_line << '\n';
        }
      }
      break;
  }
}

}  // namespace ssh_keepalive
