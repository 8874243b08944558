#ifndef SSH_KEEPALIVE_EXPORTER_CLI_CHECK_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_CHECK_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "collectors/registry.h"
#include "diagnosis/report.h"
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
};

// `check`: one look at this host by all collectors that `settings` enable. What
// could not be read goes to `err`; the checks that need it are not evaluated.
CheckExit run_check(const CheckCommand& command, const Settings& settings,
                    const CollectorInput& input, std::ostream& out,
                    std::ostream& err);

// The report for people: the verdict, the findings with their remedies, then
// what each layer does.
std::string check_text(const Facts& facts, const diagnosis::Report& report,
                       bool colour);

// The document of the reference pages.
std::string check_json(const Facts& facts, const diagnosis::Report& report);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_CHECK_H_
