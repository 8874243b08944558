#include "exporter/cli/check.h"

#include <ostream>
#include <variant>

#include "exporter/policy.h"

namespace ssh_keepalive {

CheckExit exit_of(const diagnosis::Report& report) {
  const auto gravest = verdict_of(report);
  if (!gravest) {
    return CheckExit::kUnknown;
  }
  switch (*gravest) {
    case diagnosis::Severity::kCritical:
      return CheckExit::kCritical;
    case diagnosis::Severity::kWarning:
      return CheckExit::kWarning;
    case diagnosis::Severity::kInfo:
      break;
  }
  return CheckExit::kOk;
}

std::vector<std::size_t> changed_sessions(const Comparison& comparison) {
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < comparison.before.sessions.size(); ++i) {
    const diagnosis::Fate& before = comparison.before.sessions[i].fate;
    const diagnosis::Fate& after = comparison.after.sessions[i].fate;
    if (before.kind != diagnosis::FateKind::kDying &&
        (before.kind != after.kind || before.by != after.by)) {
      changed.push_back(i);
    }
  }
  return changed;
}

CheckExit run_check(const CheckCommand& command, const Settings& settings,
                    const CollectorInput& input, std::ostream& out,
                    std::ostream& err) {
  Facts facts;
  for (std::size_t i = 0; i < kCollectors.size(); ++i) {
    if (settings.collectors.enabled.at(i)) {
      for (const Error& error : kCollectors.at(i).collect(input, facts)) {
        err << "ssh_keepalive_exporter: " << error.message() << '\n';
      }
    }
  }
  const PathIdles paths = stored_paths(settings, input.root);
  const diagnosis::Report report =
      diagnosis::diagnose(facts, policy_of(settings, facts, paths));
  if (!command.what_if.empty()) {
    const auto changed = diagnosis::what_if(facts, command.what_if);
    if (const auto* const reason = std::get_if<std::string>(&changed)) {
      err << "ssh_keepalive_exporter: --what-if: " << *reason << '\n';
      return CheckExit::kUnknown;
    }
    const auto& [of, facts_then] = std::get<diagnosis::WhatIf>(changed);
    const diagnosis::Report then =
        diagnosis::diagnose(facts_then, policy_of(settings, facts_then, paths));
    const Comparison comparison{.line = command.what_if,
                                .of = of,
                                .facts = facts,
                                .before = report,
                                .after = then};
    out << (command.format == OutputFormat::kJson
                ? comparison_json(comparison)
                : comparison_text(comparison, command.colour));
    return exit_of(then);
  }
  out << (command.format == OutputFormat::kJson
              ? check_json(facts, report)
              : check_text(facts, report, command.colour));
  return exit_of(report);
}

}  // namespace ssh_keepalive
