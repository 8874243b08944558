#include "collectors/netns/visit.h"

#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace ssh_keepalive::netns {
namespace {

Result<void> enter_and_act(const Visit::Door& door,
                           const std::function<void()>& action) {
  const Result<UniqueFd> handle = door();
  if (!handle.ok()) {
    return handle.error();
  }
  if (::setns(handle->get(), CLONE_NEWNET) != 0) {
    Error error = system_error("enter", "a network namespace", errno);
    if (errno == EPERM) {
      error.kind = ErrorKind::kDenied;
    }
    return error;
  }
  action();
  return {};
}

}  // namespace

bool may_enter() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3,
                                  .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  return ::syscall(SYS_capget, &header, sets.data()) == 0 &&
         (sets.at(CAP_TO_INDEX(CAP_SYS_ADMIN)).effective &
          CAP_TO_MASK(CAP_SYS_ADMIN)) != 0;
}

struct Visit::State {
  std::mutex mutex;
  std::condition_variable ended;
  std::optional<Result<void>> result;

  void end(Result<void> with) {
    const std::lock_guard lock(mutex);
    result = std::move(with);
    ended.notify_all();
  }
};

Visit::Visit(Door door, std::function<void()> action)
    : state_(std::make_shared<State>()) {
  const auto failed = [](std::string reason) {
    return Error{.attempted = "look into",
                 .subject = "a network namespace",
                 .reason = std::move(reason)};
  };
  try {
    std::thread([state = state_, door = std::move(door),
                 action = std::move(action), failed] {
      Result<void> result;
      try {
        result = enter_and_act(door, action);
      } catch (const std::exception& thrown) {
        result = failed(thrown.what());
      }
      state->end(std::move(result));
    }).detach();
  } catch (const std::system_error& no_thread) {
    state_->end(failed(no_thread.code().message()));
  }
}

std::optional<Result<void>> Visit::wait_until(
    std::chrono::steady_clock::time_point deadline) const {
  std::unique_lock lock(state_->mutex);
  state_->ended.wait_until(lock, deadline,
                           [this] { return state_->result.has_value(); });
  return state_->result;
}

bool Visit::has_ended() const {
  const std::lock_guard lock(state_->mutex);
  return state_->result.has_value();
}

}  // namespace ssh_keepalive::netns
