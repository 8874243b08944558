#include "diagnosis/finding.h"

namespace ssh_keepalive::diagnosis {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return "critical";
    case Severity::kWarning:
      return "warning";
    case Severity::kInfo:
      break;
  }
  return "info";
}

std::string_view name_of(Action action) {
  switch (action) {
    case Action::kAdd:
      return "add";
    case Action::kChange:
      return "change";
    case Action::kRemove:
      return "remove";
    case Action::kReload:
      return "reload";
    case Action::kRun:
      break;
  }
  return "run";
}

}  // namespace ssh_keepalive::diagnosis
