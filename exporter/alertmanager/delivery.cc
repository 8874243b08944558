#include "exporter/alertmanager/delivery.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive::alertmanager {
namespace {

using std::chrono::milliseconds;

milliseconds pause_after_failures(int failures, double jitter,
                                  milliseconds longest) {
  constexpr milliseconds kFirst{1000};
  constexpr int kDoublings = 16;
  const milliseconds full =
      std::min(longest, kFirst * (1 << std::min(failures - 1, kDoublings)));
  return std::chrono::round<milliseconds>(full * (1 - jitter / 2));
}

}  // namespace

void Delivery::offer(Message message) {
  drop(waiting_);
  waiting_ = std::move(message);
}

std::optional<Message> Delivery::take(Time now) {
  const std::optional<Time> time = next();
  if (!time || *time > now) {
    return std::nullopt;
  }
  under_way_ = std::exchange(waiting_, {});
  return under_way_;
}

void Delivery::finished(Outcome outcome, Time now, double jitter,
                        milliseconds longest_pause) {
  Message message = *std::exchange(under_way_, std::nullopt);
  if (outcome == Outcome::kTaken) {
    counts_.sent += message.size();
    failures_ = 0;
    return;
  }
  counts_.failed += message.size();
  ++failures_;
  not_before_ = now + pause_after_failures(failures_, jitter, longest_pause);
  if (outcome == Outcome::kFailed) {
    put_back(std::move(message));
  } else {
    drop(message);
  }
}

void Delivery::interrupted() {
  if (under_way_) {
    counts_.failed += under_way_->size();
    put_back(*std::exchange(under_way_, std::nullopt));
  }
}

std::optional<Delivery::Time> Delivery::next() const {
  return under_way_ || waiting_.empty() ? std::nullopt
                                        : std::optional(not_before_);
}

void Delivery::put_back(Message message) {
  if (waiting_.empty()) {
    waiting_ = std::move(message);
  } else {
    drop(message);
  }
}

void Delivery::drop(const Message& message) {
  counts_.dropped += message.size();
}

}  // namespace ssh_keepalive::alertmanager
