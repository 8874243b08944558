#include "exporter/alertmanager/description.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

#include "diagnosis/texts.h"
#include "exporter/report/identities.h"
#include "exporter/report/report_words.h"

namespace ssh_keepalive::alertmanager {
namespace {

using diagnosis::Finding;
using diagnosis::Remedy;

// Files may be many and have long names; a pager shows a few lines.
constexpr std::size_t kMaxFindingBytes = 600;

std::string cut(std::string text) {
  constexpr std::string_view kDots = "...";
  if (text.size() <= kMaxFindingBytes) {
    return text;
  }
  std::size_t end = kMaxFindingBytes - kDots.size();
  constexpr unsigned char kTopBits = 0xC0;
  constexpr unsigned char kContinues = 0x80;  // UTF-8
  while (end > 0 &&
         (static_cast<unsigned char>(text[end]) & kTopBits) == kContinues) {
    --end;
  }
  text.resize(end);
  return text += kDots;
}

std::string remedy_words(const Remedy& remedy) {
  std::string words = place_words(remedy);
  if (!words.empty() && !remedy.text.empty()) {
    words += ": ";
  }
  words += diagnosis::plain_text(remedy.text);
  if (!remedy.command.empty()) {
    words += (words.empty() ? "" : ", then ") +
             diagnosis::plain_text(remedy.command);
  }
  const std::string manager = manager_words(remedy);
  return manager.empty() ? words : words + " (" + manager + ")";
}

std::string sentence_of(Finding finding) {
  finding = without_identities(std::move(finding));
  return cut(fmt::format(
      "{}: {}. Expected: {}. Remedy: {}.", finding.subject, finding.observed,
      finding.expected,
      finding.remedy ? remedy_words(*finding.remedy) : "see the runbook"));
}

}  // namespace

std::string description_of(const std::vector<Finding>& findings) {
  std::string text;
  for (std::size_t i = 0; i < findings.size() && i < kMaxDescribed; ++i) {
    text += (i > 0 ? "\n" : "") + sentence_of(findings[i]);
  }
  if (findings.size() > kMaxDescribed) {
    text += fmt::format("\nAnd {} more: the command check lists them.",
                        findings.size() - kMaxDescribed);
  }
  return text;
}

}  // namespace ssh_keepalive::alertmanager
