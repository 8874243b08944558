// Usage: judge_sessions SESSIONS BLOCKS ROUNDS
// Prints three medians in milliseconds, for so many sessions of different users
// and an sshd_config with so many Match blocks: of the diagnosis, of finding
// the settings of all sessions for the first time, and of finding them again.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "diagnosis/report.h"

namespace ssh_keepalive {
namespace {

template <typename Action>
double median_milliseconds(int rounds, Action action) {
  std::vector<double> times;
  for (int i = 0; i <= rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    action();
    const std::chrono::duration<double, std::milli> time =
        std::chrono::steady_clock::now() - start;
    if (i > 0) {  // the first one fills caches
      times.push_back(time.count());
    }
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times.at(static_cast<std::size_t>(rounds) / 2);
}

void write_host(const std::filesystem::path& root, int blocks) {
  std::filesystem::create_directories(root / "etc/ssh");
  std::ofstream sshd(root / "etc/ssh/sshd_config");
  sshd << "ClientAliveInterval 60\n";
  for (int i = 0; i < blocks; ++i) {
    sshd << "Match User user" << i << " Address 10.0.0.0/8\n"
         << "  ClientAliveInterval " << 30 + i << "\n";
  }
}

std::vector<sessions::Session> make_sessions(int count) {
  std::vector<sessions::Session> all;
  for (int i = 0; i < count; ++i) {
    sessions::Session session{.role = sessions::Role::kServer,
                              .phase = sessions::Phase::kAuthenticated,
                              .keepalive = sessions::Keepalive::kOn};
    const auto byte = [](int number) {
      return static_cast<std::uint8_t>(number);
    };
    session.socket.inode = static_cast<std::uint64_t>(1000 + i);
    session.socket.local = {.address = {192, 0, 2, 1}, .port = 22};
    session.socket.peer.address = {10, 0, byte(i / 250), byte(1 + i % 250)};
    session.socket.peer.port = 50'000;
    session.socket.info = {.retransmission_timeout =
                               std::chrono::milliseconds(200 + i % 100)};
    session.owner =
        sessions::Owner{.implementation = sessions::Implementation::kOpenSsh,
                        .user = "user" + std::to_string(i % 400),
                        .tty = "pts/1",
                        .age = std::chrono::hours(1)};
    all.push_back(session);
  }
  return all;
}

int run(const std::filesystem::path& folder, int count, int blocks,
        int rounds) {
  write_host(folder, blocks);
  const HostRoot root = *HostRoot::open(folder.string());
  const CollectorInput input{root, {}};
  Facts facts;
  collect_sshd_config(input, facts);
  facts.sysctl.emplace()[netns::Name()] = {.keepalive_time_seconds = 7200,
                                           .keepalive_intvl_seconds = 75,
                                           .keepalive_probes = 9,
                                           .retries2 = 15};
  sessions::Facts& all = facts.sessions.emplace();
  all.source = sessions::Source::kNetlink;
  all.sessions = make_sessions(count);
  const processes::Time now = std::chrono::system_clock::now();
  const auto look = [&](live_settings::Memory& memory) {
    facts.live_settings =
        memory.look(root, all.sessions, *facts.sshd_config, now);
  };
  live_settings::Memory memory;
  look(memory);
  bool good = true;
  const double judging = median_milliseconds(rounds, [&] {
    const diagnosis::Report report =
        diagnosis::diagnose(facts, diagnosis::Policy());
    good = good && static_cast<int>(report.sessions.size()) == count &&
           report.sessions.back().refresh.has_value();
  });
  const double first = median_milliseconds(rounds, [&] {
    live_settings::Memory fresh;
    look(fresh);
  });
  const double again = median_milliseconds(rounds, [&] { look(memory); });
  std::printf("%.2f %.2f %.2f\n", judging, first, again);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace ssh_keepalive

int main(int argc, char** argv) {
  if (argc != 4 || std::atoi(argv[3]) < 1) {
    return 64;
  }
  std::string folder =
      (std::filesystem::temp_directory_path() / "ssh_keepalive_XXXXXX")
          .string();
  if (::mkdtemp(folder.data()) == nullptr) {
    return 1;
  }
  const int code = ssh_keepalive::run(folder, std::atoi(argv[1]),
                                      std::atoi(argv[2]), std::atoi(argv[3]));
  std::filesystem::remove_all(folder);
  return code;
}
