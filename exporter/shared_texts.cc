#include "exporter/shared_texts.h"

#include <utility>

namespace ssh_keepalive {

std::string SharedTexts::get(const Key& key,
                             std::chrono::duration<double> patience,
                             const std::function<Made()>& make) {
  const auto mine = std::make_shared<Making>();
  {
    std::unique_lock lock(mutex_);
    const auto [place, is_first] = in_the_making_.try_emplace(key, mine);
    if (!is_first) {
      const std::shared_ptr<Making> other = place->second;
      other->over.wait_for(lock, patience, [&] { return other->is_over; });
      if (other->text) {
        return *other->text;
      }
      lock.unlock();
      return make().text;
    }
  }
  try {
    Made made = make();
    finish(key, *mine, made.is_whole ? std::optional(made.text) : std::nullopt);
    return std::move(made.text);
  } catch (...) {  // such as std::bad_alloc: nobody waits for it in vain
    finish(key, *mine, std::nullopt);
    throw;
  }
}

void SharedTexts::finish(const Key& key, Making& making,
                         std::optional<std::string> text) {
  const std::lock_guard lock(mutex_);
  making.text = std::move(text);
  making.is_over = true;
  in_the_making_.erase(key);
  making.over.notify_all();
}

}  // namespace ssh_keepalive
