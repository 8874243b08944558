// Usage: soak --scrapes N [--leak KIND] FOLDER HOST...
// Scrapes each HOST, which is / or a recorded one, by turns and N times in all,
// and asks for everything else that costs something now and then, while
// connections come and go. Fails where this process has grown meanwhile:
// usage.h. It wants a network namespace of its own. FOLDER is for its files.
// --leak: leaks heap, resident memory, descriptors or threads on purpose.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "tests/soak/connections.h"
#include "tests/soak/host.h"
#include "tests/soak/leak.h"
#include "tests/soak/usage.h"

namespace ssh_keepalive::soak {
namespace {

struct Options {
  std::int64_t scrapes = 0;
  Leak leak = Leak::kNone;
  std::filesystem::path folder;
  std::vector<std::string> roots;
};

// Scrapes after which all that takes turns has come round. Growth is told from
// one such moment to another.
constexpr std::int64_t kRound = 200;
constexpr std::int64_t kScrapesToADocument = 20;
constexpr std::int64_t kScrapesToAnEnd = 10;
constexpr std::size_t kConnections = 10;
constexpr int kRows = 10;
constexpr std::int64_t kWarmUp = 2;  // rounds at the least

class Soak {
 public:
  explicit Soak(Options options) : options_(std::move(options)) {
    for (const std::string& root : options_.roots) {
      const std::filesystem::path folder =
          options_.folder / std::to_string(hosts_.size());
      std::filesystem::create_directories(folder);
      hosts_.push_back(
          std::make_unique<Host>(root, folder, connections_.port()));
    }
  }

  // Whether nothing has grown.
  bool run() {
    const std::int64_t rounds =
        std::max<std::int64_t>(options_.scrapes / kRound, kWarmUp + 1);
    // Caches fill, malloc finds its size, and as many ends are kept as may be.
    const std::int64_t to_warm_up =
        std::max<std::int64_t>(rounds / kRows, kWarmUp);
    std::printf("%12s %12s %12s %12s %8s %12s\n", "scrapes", "heap", "resident",
                "descriptors", "threads", "ends");
    run_rounds(to_warm_up);
    const Usage before = show(std::nullopt);
    Usage after = before;
    for (std::int64_t row = 0, done = to_warm_up; row < kRows; ++row) {
      const std::int64_t until =
          to_warm_up + (rounds - to_warm_up) * (row + 1) / kRows;
      if (until > done) {
        run_rounds(until - done);
        done = until;
        after = show(before);
      }
    }
    return judge(before, after);
  }

 private:
  void run_rounds(std::int64_t rounds) {
    for (std::int64_t round = 0; round < rounds; ++round) {
      for (std::int64_t i = 0; i < kRound; ++i) {
        scrape(i);
      }
      for (const auto& host : hosts_) {
        host->save_ends();
        // Twice, so that the configuration of before is in force.
        host->reload();
        host->get("/metrics", true);
        host->reload();
        host->get("/metrics", true);
      }
    }
  }

  void scrape(std::int64_t number) {
    hosts_.at(number % hosts_.size())->get("/metrics", true);
    ++scrapes_;
    leak_some(options_.leak);
    if (number % kScrapesToAnEnd == 0) {
      connections_.replace_oldest();
    }
    if (number % kScrapesToADocument == 0) {
      for (const auto& host : hosts_) {
        host->get("/api/v1/report", false);
        host->get("/api/v1/sessions", true);
        host->get("/", true);
      }
    }
  }

  Usage show(const std::optional<Usage>& before) {
    const Usage usage = usage_at_rest(before);
    std::printf("%12lld %12lld %12lld %12lld %8lld %12lld\n",
                static_cast<long long>(scrapes_),
                static_cast<long long>(usage.heap_bytes),
                static_cast<long long>(usage.resident_bytes),
                static_cast<long long>(usage.descriptors),
                static_cast<long long>(usage.threads),
                static_cast<long long>(ends()));
    std::fflush(stdout);
    return usage;
  }

  [[nodiscard]] std::uint64_t ends() const {
    std::uint64_t count = 0;
    for (const auto& host : hosts_) {
      for (const auto& [kind, ends] : host->counts().ends) {
        count += ends;
      }
    }
    return count;
  }

  bool judge(const Usage& before, const Usage& after) {
    const std::vector<std::string> growth = growth_beyond_bound(before, after);
    for (const std::string& line : growth) {
      std::printf("It has grown. %s.\n", line.c_str());
    }
    const bool is_recording = ends() > 0;
    if (!is_recording) {
      std::printf("No end was recorded, so that recording was not tried.\n");
    }
    return growth.empty() && is_recording;
  }

  Options options_;
  Connections connections_{kConnections};
  std::vector<std::unique_ptr<Host>> hosts_;
  std::int64_t scrapes_ = 0;
};

int main_of(int argc, char** argv) {
  Options options;
  std::string leak = "none";
  CLI::App app;
  app.add_option("--scrapes", options.scrapes)->required();
  app.add_option("--leak", leak);
  app.add_option("folder", options.folder)->required();
  app.add_option("hosts", options.roots)->required();
  CLI11_PARSE(app, argc, argv);
  const std::optional<Leak> parsed = parse_leak(leak);
  if (!parsed) {
    std::fprintf(stderr, "soak: no such leak: %s\n", leak.c_str());
    return 64;
  }
  options.leak = *parsed;
  return Soak(options).run() ? 0 : 1;
}

}  // namespace
}  // namespace ssh_keepalive::soak

int main(int argc, char** argv) {
  // As in the exporter's own main().
  constexpr int kMaxHeaps = 2;
  ::mallopt(M_ARENA_MAX, kMaxHeaps);
  try {
    return ssh_keepalive::soak::main_of(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "soak: %s\n", error.what());
    return 1;
  }
}
