#include "tests/soak/host.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <utility>

namespace ssh_keepalive::soak {
namespace {

using std::filesystem::path;

template <typename Value>
Value value_of(Result<Value> result) {
  if (!result.ok()) {
    throw std::runtime_error(result.error().message());
  }
  return *std::move(result);
}

CommandLine command_line(const std::string& root, const path& folder) {
  return {.root = root,
          .configuration_file = (folder / "exporter.ini").string(),
          .log_level = LogLevel::kError};
}

path state_file(const path& folder) { return folder / "ends.json"; }

// One of two.
void write_configuration(const path& folder, std::uint16_t port,
                         bool is_first) {
  std::ofstream(folder / "exporter.ini")
      << fmt::format("[sessions]\nports = {}\n", port)
      << fmt::format("[ends]\nstate_file = {}\nkeep = {}\n",
                     state_file(folder).string(), is_first ? 16 : 8)
      << fmt::format("[policy]\nminimum_idle = {}\n", is_first ? "1h" : "2h");
}

Settings first_settings(const CommandLine& line, const path& folder,
                        std::uint16_t port) {
  write_configuration(folder, port, true);
  return value_of(make_settings(line));
}

}  // namespace

Host::Host(const std::string& root, path folder, std::uint16_t port)
    : folder_(std::move(folder)),
      port_(port),
      service_(command_line(root, folder_),
               first_settings(command_line(root, folder_), folder_, port),
               value_of(HostRoot::open(root)), log_),
      recorder_(service_.record_ends()),
      router_(service_, [] {}),
      watcher_(service_, recorder_, log_) {
  fill_what_is_bounded();
}

std::string Host::get(const std::string& page, bool zipped) {
  http::Response response =
      router_.handle({.method = "GET",
                      .path = page,
                      .accept_encoding = zipped ? "gzip" : "",
                      .scrape_timeout_seconds = "10"});
  if (response.status != 200) {
    throw std::runtime_error(
        fmt::format("{}: {} {}", page, response.status, response.body));
  }
  return std::move(response.body);
}

void Host::reload() {
  is_first_ = !is_first_;
  write_configuration(folder_, port_, is_first_);
  const Result<void> reloaded = service_.reload();
  if (!reloaded.ok()) {
    throw std::runtime_error(reloaded.error().message());
  }
}

// The recorder remembers the last sockets whose end it was told, up to a bound:
// that it does so is no growth. No socket has such a cookie.
void Host::fill_what_is_bounded() {
  constexpr std::uint64_t kCookies = std::uint64_t{1} << 62;
  for (std::uint64_t i = 0; i < EndTracker::kMaxTold; ++i) {
    sessions::FinalSocket final;
    final.socket.cookie = kCookies + i;
    recorder_.destroyed(final, {});
  }
}

}  // namespace ssh_keepalive::soak
