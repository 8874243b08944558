#include "tests/soak/usage.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

namespace ssh_keepalive::soak {
namespace {

struct Quantity {
  std::string_view name;
  std::int64_t Usage::*value;
};

constexpr std::array kQuantities = {
    Quantity{"bytes of the heap", &Usage::heap_bytes},
    Quantity{"resident bytes", &Usage::resident_bytes},
    Quantity{"descriptors", &Usage::descriptors},
    Quantity{"threads", &Usage::threads},
};

std::int64_t entries_of(const char* folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  statm >> pages >> pages;  // the second field
  return pages * ::sysconf(_SC_PAGESIZE);
}

Usage usage_now() {
  const auto heap = ::mallinfo2();
  return {.heap_bytes = static_cast<std::int64_t>(heap.uordblks + heap.hblkhd),
          .resident_bytes = resident_bytes(),
          .descriptors = entries_of("/proc/self/fd"),
          .threads = entries_of("/proc/self/task")};
}

Usage least(const Usage& one, const Usage& other) {
  Usage result;
  for (const Quantity& quantity : kQuantities) {
    result.*quantity.value =
        std::min(one.*quantity.value, other.*quantity.value);
  }
  return result;
}

}  // namespace

Usage usage_at_rest(const std::optional<Usage>& before) {
  constexpr int kFewest = 10;
  constexpr int kMost = 100;
  Usage result = usage_now();
  const auto has_grown = [&] {
    return before && !growth_beyond_bound(*before, result).empty();
  };
  for (int i = 0; i < kFewest || (i < kMost && has_grown()); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    result = least(result, usage_now());
  }
  return result;
}

std::vector<std::string> growth_beyond_bound(const Usage& before,
                                             const Usage& after) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : kQuantities) {
    const std::int64_t growth = after.*value - before.*value;
    if (growth > kBound.*value) {
      lines.push_back(fmt::format(
          "{}: from {} to {}, which is {} more; at most {} are "
          "no leak",
          name, before.*value, after.*value, growth, kBound.*value));
    }
  }
  return lines;
}

}  // namespace ssh_keepalive::soak
