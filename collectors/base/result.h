// Errors are values: what was attempted, on what, and why it failed.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_RESULT_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_RESULT_H_

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace ssh_keepalive {

// What a caller may decide on. Everything else about an error is for people.
enum class ErrorKind {
  kAbsent,       // the file, socket or feature does not exist
  kDenied,       // it exists, but this process may not see it: unknown, not bad
  kInvalid,      // it was read and does not follow its grammar
  kLimit,        // larger or more than this program is willing to take
  kInterrupted,  // the kernel changed under the read, or dropped data
  kFailed,       // any other failure of the system
};

struct Error {
  ErrorKind kind = ErrorKind::kFailed;
  std::string attempted;  // a verb phrase: "open", "parse", "bind"
  std::string subject;    // a path, file:line, an address
  std::string reason;     // "Permission denied", "not a whole number"

  // One line: "open /etc/ssh/sshd_config: Permission denied".
  [[nodiscard]] std::string message() const;

  bool operator==(const Error&) const = default;
};

// The one place that maps errno (a value > 0) to an ErrorKind and its text.
[[nodiscard]] Error system_error(std::string attempted, std::string subject,
                                 int errno_value);

// A value or an Error. Reading the wrong one is a programming error (assert).
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)  // NOLINT(google-explicit-constructor): `return value;`
      : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error)  // NOLINT(google-explicit-constructor): `return error;`
      : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  T& value() {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    assert(ok());
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error)  // NOLINT(google-explicit-constructor): `return error;`
      : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const& {
    assert(!ok());
    return *error_;
  }
  [[nodiscard]] Error&& error() && {
    assert(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_RESULT_H_
