#include "exporter/cli/check.h"

#include <ostream>

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
  const diagnosis::Report report =
      diagnosis::diagnose(facts, policy_of(settings, facts));
  out << (command.format == OutputFormat::kJson
              ? check_json(facts, report)
              : check_text(facts, report, command.colour));
  return exit_of(report);
}

}  // namespace ssh_keepalive
