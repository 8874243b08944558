#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_UNIQUE_FD_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace ssh_keepalive {

// Owns a file descriptor; closes it when it goes. Move-only, and never
// converts to int by itself.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, kNone)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset(std::exchange(other.fd_, kNone));
    }
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(kNone); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  // Hands the descriptor over: the caller closes it.
  [[nodiscard]] int release() { return std::exchange(fd_, kNone); }

 private:
  static constexpr int kNone = -1;

  void reset(int fd) {
    if (fd_ >= 0) {
      ::close(fd_);
    }
    fd_ = fd;
  }

  int fd_ = kNone;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_UNIQUE_FD_H_
