#include "collectors/base/result.h"

#include <cerrno>
#include <system_error>

namespace ssh_keepalive {
namespace {

ErrorKind kind_of(int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ESRCH:
      return ErrorKind::kAbsent;
    case EACCES:
    case EPERM:
      return ErrorKind::kDenied;
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENAMETOOLONG:
      return ErrorKind::kLimit;
    case EINTR:
    case ENOBUFS:
      return ErrorKind::kInterrupted;
    case ELOOP:
      return ErrorKind::kInvalid;
    default:
      return ErrorKind::kFailed;
  }
}

}  // namespace

std::string Error::message() const {
  std::string line = attempted;
  if (!subject.empty()) {
    line += line.empty() ? "" : " ";
    line += subject;
  }
  if (!reason.empty()) {
    line += line.empty() ? "" : ": ";
    line += reason;
  }
  return line;
}

Error system_error(std::string attempted, std::string subject,
                   int errno_value) {
  // generic_category().message() is thread-safe, strerror() is not.
  return {.kind = kind_of(errno_value),
          .attempted = std::move(attempted),
          .subject = std::move(subject),
          .reason = std::generic_category().message(errno_value)};
}

}  // namespace ssh_keepalive
