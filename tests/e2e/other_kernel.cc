// Preloaded into the program (LD_PRELOAD), answers in the kernel's place what
// no test may make the real one say:
//
//   OTHER_KERNEL_SLEPT    a file: for how many seconds the host has been
//                         suspended. CLOCK_BOOTTIME and CLOCK_REALTIME are
//                         ahead by that, CLOCK_MONOTONIC is not.
//   OTHER_KERNEL_CHANGED  a file: that many dumps over netlink, one digit, say
//                         that the table changed meanwhile (NLM_F_DUMP_INTR);
//                         each counts it down.
#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

// 0 where there is no such file.
long number_in(const char* variable) {
  const char* const path = std::getenv(variable);
  const int fd = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return 0;
  }
  char text[32] = {};
  const ssize_t length = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  return length > 0 ? std::atol(text) : 0;
}

void write_digit(const char* variable, long value) {
  const int fd = ::open(std::getenv(variable), O_WRONLY | O_CLOEXEC);
  const char digit = static_cast<char>('0' + value);
  if (fd < 0 || ::write(fd, &digit, 1) != 1) {
    std::abort();
  }
  ::close(fd);
}

// A part of a dump: says in each header that the table changed. Whether the
// dump ends with it.
bool interrupt(char* bytes, std::size_t length) {
  bool is_last = false;
  nlmsghdr header;
  while (length >= sizeof header) {
    std::memcpy(&header, bytes, sizeof header);
    if ((header.nlmsg_flags & NLM_F_MULTI) == 0 ||
        header.nlmsg_len < sizeof header) {
      return false;
    }
    is_last |= header.nlmsg_type == NLMSG_DONE;
    header.nlmsg_flags |= NLM_F_DUMP_INTR;
    std::memcpy(bytes, &header, sizeof header);
    const std::size_t step = NLMSG_ALIGN(header.nlmsg_len);
    if (step >= length) {
      break;
    }
    bytes += step;
    length -= step;
  }
  return is_last;
}

}  // namespace

extern "C" int clock_gettime(clockid_t id, timespec* time) {
  const long result = ::syscall(SYS_clock_gettime, id, time);
  if (result == 0 && (id == CLOCK_BOOTTIME || id == CLOCK_REALTIME)) {
    time->tv_sec += number_in("OTHER_KERNEL_SLEPT");
  }
  return static_cast<int>(result);
}

extern "C" ssize_t recvmsg(int fd, msghdr* message, int flags) {
  constexpr const char* kChanged = "OTHER_KERNEL_CHANGED";
  const ssize_t length = ::syscall(SYS_recvmsg, fd, message, flags);
  if (length <= 0 || message->msg_iovlen != 1) {
    return length;
  }
  if (const long left = number_in(kChanged); left > 0) {
    if (interrupt(static_cast<char*>(message->msg_iov[0].iov_base),
                  static_cast<std::size_t>(length))) {
      write_digit(kChanged, left - 1);
    }
  }
  return length;
}
