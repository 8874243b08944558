// Lets scrapes that arrive while an equal one runs have its text.
#ifndef SSH_KEEPALIVE_EXPORTER_SHARED_TEXTS_H_
#define SSH_KEEPALIVE_EXPORTER_SHARED_TEXTS_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ssh_keepalive {

// Safe to use from several threads.
class SharedTexts {
 public:
  struct Made {
    std::string text;
    bool is_whole = false;  // nothing in it was cut short by a deadline
  };

  // What a text is about: the settings in force, and the collectors.
  using Key = std::pair<const void*, std::vector<bool>>;

  // What `make` gives, called here, or by another caller with an equal key that
  // was at it already. Only whole texts are shared: where that one's is not,
  // or does not come within `patience`, this caller makes its own.
  std::string get(const Key& key, std::chrono::duration<double> patience,
                  const std::function<Made()>& make);

 private:
  struct Making {
    std::condition_variable over;
    bool is_over = false;
    std::optional<std::string> text;  // a whole one
  };
  void finish(const Key& key, Making& making, std::optional<std::string> text);

  std::mutex mutex_;  // guards all below
  std::map<Key, std::shared_ptr<Making>> in_the_making_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_SHARED_TEXTS_H_
