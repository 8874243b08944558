// What a network namespace is called, in metrics and elsewhere.
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_NAME_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_NAME_H_

#include <compare>
#include <string>
#include <string_view>
#include <utility>

namespace ssh_keepalive::netns {

// The namespace that this program runs in.
inline constexpr std::string_view kHost = "host";

// On /metrics all those together that have no series of their own.
inline constexpr std::string_view kOther = "other";

class Name {
 public:
  // That of the host.
  Name() : text_(kHost) {}
  // Letters, digits and `.`, `_`, `@`, `-`; unique on this host.
  explicit Name(std::string text, bool has_series = true)
      : text_(std::move(text)), has_series_(has_series) {}

  [[nodiscard]] const std::string& text() const { return text_; }

  // Whether it has series of its own: [netns] series_limit.
  [[nodiscard]] bool has_series() const { return has_series_; }

  // The value of the label `netns`.
  [[nodiscard]] std::string label() const {
    return has_series_ ? text_ : std::string(kOther);
  }

  [[nodiscard]] bool is_host() const { return text_ == kHost; }

  // Equal names are the same namespace.
  friend bool operator==(const Name& a, const Name& b) {
    return a.text_ == b.text_;
  }
  friend std::strong_ordering operator<=>(const Name& a, const Name& b) {
    return a.text_ <=> b.text_;
  }

 private:
  std::string text_;
  bool has_series_ = true;
};

}  // namespace ssh_keepalive::netns

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_NAME_H_
