#include "collectors/sessions/sessions.h"

#include <chrono>
#include <iterator>
#include <mutex>
#include <utility>

namespace ssh_keepalive::sessions {

std::vector<Error> collect(const HostRoot& root,
                           std::span<const std::uint16_t> ports,
                           const Exchange& exchange, Memory* memory,
                           std::span<const OtherLook> others, Facts& facts) {
  std::unique_lock<std::mutex> one_look_at_a_time;
  if (memory != nullptr) {
    one_look_at_a_time = memory->lock();
  }
  Look look;
  std::vector<Error> errors =
      take_look(root, ports, exchange,
                memory != nullptr ? memory->clock() : kernel_clock, look);
  facts.source = look.source;
  facts.listening_ports = look.listening_ports();
  facts.keepalive_settings = look.settings;
  facts.sessions = interpret(look, netns::Name(), memory);
  for (const OtherLook& other : others) {
    facts.other_namespaces.push_back(other.netns);
    std::vector<Session> sessions =
        interpret(*other.look, other.netns, other.memory);
    facts.sessions.insert(facts.sessions.end(),
                          std::make_move_iterator(sessions.begin()),
                          std::make_move_iterator(sessions.end()));
  }
  Owners nobody_known;
  Owners& owners = memory != nullptr ? memory->owners() : nobody_known;
  owners.complete(root, std::chrono::steady_clock::now(), facts.sessions);
  return errors;
}

std::optional<std::vector<Session>> observe(
    const HostRoot& root, std::span<const std::uint16_t> ports,
    const Exchange& exchange, Memory& memory) {
  const std::unique_lock<std::mutex> lock = memory.try_lock();
  if (!lock.owns_lock()) {
    return std::nullopt;
  }
  const auto look = take_quick_look(root, ports, exchange, memory.clock());
  if (!look) {
    return std::nullopt;
  }
  std::vector<Session> sessions = interpret(*look, netns::Name(), &memory);
  return look->complete ? std::optional(std::move(sessions)) : std::nullopt;
}

}  // namespace ssh_keepalive::sessions
