#ifndef SSH_KEEPALIVE_EXPORTER_CLI_CHECK_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_CHECK_H_

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/registry.h"
#include "diagnosis/report.h"
#include "diagnosis/what_if.h"
#include "exporter/cli/output_format.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

// The exit codes of `check` (docs/commands.md), which monitoring systems know.
enum class CheckExit : int {
  kOk = 0,
  kWarning = 1,
  kCritical = 2,
  kUnknown = 3  // it could not look, or was called wrongly
};

CheckExit exit_of(const diagnosis::Report& report);

struct CheckCommand {
  OutputFormat format = OutputFormat::kText;  // kText or kJson
  bool colour = false;
  std::string what_if;  // --what-if; empty: none
};

// `check`: one look at this host by all collectors that `settings` enable. What
// could not be read goes to `err`; the checks that need it are not evaluated.
CheckExit run_check(const CheckCommand& command, const Settings& settings,
                    const CollectorInput& input, std::ostream& out,
                    std::ostream& err);

// What a line would change: findings that go and come, sessions whose fate
// becomes another.
struct Comparison {
  std::string line;
  diagnosis::LineOf of = diagnosis::LineOf::kSysctl;
  const Facts& facts;
  const diagnosis::Report& before;
  const diagnosis::Report& after;
};

// The places of the sessions that would meet another fate. One that is dying is
// not opened anew.
std::vector<std::size_t> changed_sessions(const Comparison& comparison);

std::string comparison_text(const Comparison& comparison, bool colour);
std::string comparison_json(const Comparison& comparison);

// The report for people: the verdict, the findings with their remedies, then
// what each layer does.
std::string check_text(const Facts& facts, const diagnosis::Report& report,
                       bool colour);

// The document of the reference pages.
std::string check_json(const Facts& facts, const diagnosis::Report& report);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_CHECK_H_
