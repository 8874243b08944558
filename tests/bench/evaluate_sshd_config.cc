// Usage: evaluate_sshd_config FILE ROUNDS
// Prints two medians in microseconds: of reading, parsing and evaluating FILE
// with all that it includes for a connection, and of a collector's look while
// nothing has changed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "collectors/sshd_config/memory.h"

namespace ssh_keepalive::sshd_config {
namespace {

template <typename Action>
double median_microseconds(int rounds, Action action) {
  std::vector<double> times;
  for (int i = 0; i <= rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    action();
    const std::chrono::duration<double, std::micro> time =
        std::chrono::steady_clock::now() - start;
    if (i > 0) {  // the first one fills caches
      times.push_back(time.count());
    }
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times.at(static_cast<std::size_t>(rounds) / 2);
}

int run(const std::string& file, int rounds) {
  const HostRoot root = HostRoot::live();
  const openssh::Version version;
  const Connection connection{.user = "alice",
                              .host = "client.example.com",
                              .address = "192.0.2.7",
                              .local_address = "192.0.2.1",
                              .local_port = 22};
  bool good = true;
  const double whole = median_microseconds(rounds, [&] {
    const Result<Document> document = read_document(root, file, version);
    good = good && document.ok() && !evaluate(*document, &connection).refusal;
  });
  ConfigurationCache cache;
  const double unchanged = median_microseconds(
      rounds, [&] { good = good && cache.get(root, file, version, {}).ok(); });
  std::printf("%.1f %.1f\n", whole, unchanged);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config

int main(int argc, char** argv) {
  const int rounds = argc == 3 ? std::atoi(argv[2]) : 0;
  if (rounds < 1) {
    return 64;
  }
  return ssh_keepalive::sshd_config::run(argv[1], rounds);
}
