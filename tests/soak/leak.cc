#include "tests/soak/leak.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::soak {
namespace {

constexpr std::array<std::pair<std::string_view, Leak>, 5> kNames = {{
    {"none", Leak::kNone},
    {"heap", Leak::kHeap},
    {"resident", Leak::kResident},
    {"descriptors", Leak::kDescriptors},
    {"threads", Leak::kThreads},
}};

// Who has used it cannot have been left out by the compiler.
void use(void* memory, std::size_t bytes) {
  if (memory != nullptr && memory != MAP_FAILED) {
    std::memset(memory, 1, bytes);
    asm volatile("" : : "r"(memory) : "memory");
  }
}

}  // namespace

std::optional<Leak> parse_leak(std::string_view text) {
  const auto* const found = std::ranges::find(
      kNames, text, &std::pair<std::string_view, Leak>::first);
  return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

void leak_some(Leak leak) {
  constexpr std::size_t kHeapBytes = 1 << 10;
  constexpr std::size_t kResidentBytes = 16 << 10;
  switch (leak) {
    case Leak::kNone:
      break;
    case Leak::kHeap:
      use(std::malloc(kHeapBytes), kHeapBytes);
      break;
    case Leak::kResident:
      use(::mmap(nullptr, kResidentBytes, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
          kResidentBytes);
      break;
    case Leak::kDescriptors:
      static_cast<void>(UniqueFd(::dup(STDOUT_FILENO)).release());
      break;
    case Leak::kThreads:
      std::thread([] { ::pause(); }).detach();
      break;
  }
}

}  // namespace ssh_keepalive::soak
