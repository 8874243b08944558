// Leaks on purpose: what finds none must be able to find one.
#ifndef SSH_KEEPALIVE_TESTS_SOAK_LEAK_H_
#define SSH_KEEPALIVE_TESTS_SOAK_LEAK_H_

#include <optional>
#include <string_view>

namespace ssh_keepalive::soak {

enum class Leak { kNone, kHeap, kResident, kDescriptors, kThreads };

// "none", "heap", "resident", "descriptors", "threads".
std::optional<Leak> parse_leak(std::string_view text);

// A little of it.
void leak_some(Leak leak);

}  // namespace ssh_keepalive::soak

#endif  // SSH_KEEPALIVE_TESTS_SOAK_LEAK_H_
