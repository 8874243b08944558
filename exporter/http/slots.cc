#include "exporter/http/slots.h"

#include <utility>

namespace ssh_keepalive::http {

Slots::Slot::Slot(Slot&& other) noexcept
    : slots_(std::exchange(other.slots_, nullptr)) {}

Slots::Slot::~Slot() {
  if (slots_ != nullptr) {
    slots_->give_back();
  }
}

std::optional<Slots::Slot> Slots::take(int limit,
                                       std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!given_back_.wait_for(lock, patience,
                            [this, limit] { return taken_ < limit; })) {
    return std::nullopt;
  }
  ++taken_;
  return Slot(*this);
}

void Slots::give_back() {
  const std::lock_guard lock(mutex_);
  --taken_;
  given_back_.notify_one();
}

}  // namespace ssh_keepalive::http
