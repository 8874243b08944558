// Usage: look_for_owners SESSIONS LOOKS
// Starts three processes for each session (sshd's monitor, the user's sshd and
// a shell, by name and title), lets sessions::Owners look for whose their
// sockets are, and prints microseconds: of the first look, and the median and
// the longest of the later ones. The processes end with this one.
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/number.h"
#include "collectors/sessions/owners.h"

namespace {

using ssh_keepalive::HostRoot;
using ssh_keepalive::sessions::Owners;
using ssh_keepalive::sessions::Role;
using ssh_keepalive::sessions::Session;
using Clock = std::chrono::steady_clock;

// The memory of the command line, which a title is written over.
struct TitleMemory {
  char* start = nullptr;
  std::size_t size = 0;
};

void become(const TitleMemory& memory, const char* name,
            std::string_view title) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, name);
  std::memset(memory.start, 0, memory.size);
  std::memcpy(memory.start, title.data(),
              std::min(title.size(), memory.size - 1));
}

[[noreturn]] void wait_for_the_end(int ready) {
  const char byte = 0;
  if (::write(ready, &byte, 1) == 1) {
    while (true) {
      ::pause();
    }
  }
  std::_Exit(EXIT_FAILURE);
}

// Returns in the parent only.
void start_session(const TitleMemory& memory, int socket, int ready) {
  if (::fork() != 0) {
    ::close(socket);
    return;
  }
  become(memory, "sshd", "sshd: root [priv]");
  if (::fork() == 0) {
    become(memory, "sshd", "sshd: root@notty");
    if (::fork() == 0) {
      ::close(socket);
      become(memory, "bash", "-bash");
    }
  }
  wait_for_the_end(ready);
}

double microseconds_of(Owners& owners, std::vector<Session> sessions) {
  const Clock::time_point start = Clock::now();
  owners.complete(HostRoot::live(), start, sessions);
  const std::chrono::duration<double, std::micro> took = Clock::now() - start;
  if (!std::ranges::all_of(sessions, [](const Session& session) {
        return session.owner && session.owner->user == "root";
      })) {
    std::fputs("a session's owner was not found\n", stderr);
    std::exit(EXIT_FAILURE);
  }
  return took.count();
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    return 64;
  }
  const auto sessions_wanted =
      ssh_keepalive::parse_integer<int>(words[1]).value_or(0);
  const auto looks = ssh_keepalive::parse_integer<std::size_t>(words[2]);
  // The kernel keeps arguments and environment one after another.
  TitleMemory memory{.start = words[0]};
  char* last = words[count - 1];
  for (char** variable = environ; *variable != nullptr; ++variable) {
    last = *variable;
  }
  memory.size =
      static_cast<std::size_t>(last + std::strlen(last) - memory.start);
  std::array<int, 2> ready{};
  if (::pipe(ready.data()) != 0 || !looks || *looks == 0) {
    return EXIT_FAILURE;
  }
  ::signal(SIGCHLD, SIG_IGN);
  std::vector<Session> sessions;
  for (int i = 0; i < sessions_wanted; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    struct stat status {};
    if (socket < 0 || ::fstat(socket, &status) != 0) {
      return EXIT_FAILURE;
    }
    Session session{.role = Role::kServer};
    session.socket.inode = status.st_ino;
    sessions.push_back(session);
    start_session(memory, socket, ready[1]);
  }
  for (int i = 0; i < 3 * sessions_wanted; ++i) {
    char byte = 0;
    if (::read(ready[0], &byte, 1) != 1) {
      return EXIT_FAILURE;
    }
  }
  Owners owners;
  const double first = microseconds_of(owners, sessions);
  std::vector<double> later;
  for (std::size_t i = 0; i < *looks; ++i) {
    later.push_back(microseconds_of(owners, sessions));
  }
  std::ranges::sort(later);
  std::printf("%.1f %.1f %.1f\n", first, later[later.size() / 2], later.back());
  return EXIT_SUCCESS;
}
