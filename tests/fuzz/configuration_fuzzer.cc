// Any bytes as the exporter's own configuration file, as its token file and as
// each of its values: what is taken lies in the documented ranges.
#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "exporter/configuration.h"
#include "exporter/configuration_values.h"
#include "exporter/http/listen_address.h"
#include "exporter/policy.h"
#include "exporter/private_token.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/support.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using fuzzing::require;
using std::chrono::seconds;

void check_settings(const Settings& settings) {
  constexpr seconds kLongest{2'147'483'647};
  constexpr seconds kDay = std::chrono::hours(24);
  const auto is_time = [](seconds time, seconds longest) {
    return time >= seconds(1) && time <= longest;
  };
  require(settings.web.max_requests >= 1 &&
          settings.web.max_requests <= kMaxRequestsLimit);
  require(!settings.web.listen_addresses.empty());
  require(settings.web.telemetry_path.starts_with('/') &&
          settings.web.telemetry_path.size() > 1);
  require(is_time(settings.policy.minimum_idle, kLongest));
  require(is_time(settings.policy.minimum_outage_tolerance, kLongest));
  require(is_time(settings.policy.maximum_dead_peer_time, kLongest));
  require(settings.policy.safety_margin_ratio >= 0 &&
          settings.policy.safety_margin_ratio < 1);
  require(settings.ends.keep >= 1 && settings.ends.keep <= 10'000);
  require(is_time(settings.alertmanager.interval, kDay));
  require(is_time(settings.alertmanager.timeout, kDay));
  require(is_time(settings.alertmanager.longest_hold, kDay));
  require(settings.collector_settings.netns.series_limit >= 0 &&
          settings.collector_settings.netns.series_limit <= 1000);
  std::set<std::string> names;
  for (const auto& [name, value] : settings.alertmanager.labels) {
    require(!name.empty() && names.insert(name).second);
  }
  const diagnosis::Policy policy = policy_of(settings, Facts(), PathIdles());
  require(policy.minimum_idle == settings.policy.minimum_idle);
}

void check_file(std::string_view text) {
  Settings settings;
  const Result<void> applied = apply_configuration(text, "file", settings);
  if (applied.ok()) {
    check_settings(settings);
    return;
  }
  const Error& error = applied.error();
  require(error.kind == ErrorKind::kInvalid && !error.reason.empty());
  require(error.subject.starts_with("file:") &&
          error.subject.find_first_not_of("0123456789", 5) ==
              std::string::npos);
}

void check_values(std::string_view text) {
  if (const auto list = parse_list(text); list.ok()) {
    std::string joined;
    for (const std::string& word : *list) {
      require(!word.empty());
      joined += (joined.empty() ? "" : ",") + word;
    }
    const auto again = parse_list(joined);
    require(again.ok() && *again == *list);
  }
  if (const auto time = parse_duration(text); time.ok()) {
    const auto again = parse_duration(std::to_string(time->count()));
    require(again.ok() && *again == *time);
  }
  if (const auto interval = parse_watch_interval(text); interval.ok()) {
    require(*interval >= std::chrono::milliseconds(100) &&
            *interval <= seconds(86'400));
  }
  // A name would be looked up.
  const auto address = parse_listen_address(text);
  if (address.ok() &&
      (address->starts_with(':') || address->starts_with('['))) {
    const auto ports = http::to_listening_ports({*address}, true);
    require(ports.ok() && !ports->empty());
    require(http::to_listening_ports({*address}, false).ok() ==
            address->starts_with(':'));
  }
}

void check_token(std::string_view text) {
  static const testing::TemporaryDirectory tree;
  tree.write("token", text);
  Settings settings;
  settings.web.private_token_file = (tree.path() / "token").string();
  const Result<void> read = read_private_token(settings);
  const std::string& token = settings.web.private_token;
  require(read.ok() == !token.empty());
  require(!read.ok() || (token.size() >= 16 && token.size() <= 1024 &&
                         text.starts_with(token)));
  require(read.ok() || text.empty() ||
          read.error().reason.find("16 to 1024") != std::string::npos ||
          read.error().kind == ErrorKind::kLimit);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const std::string_view text(copy.data(), copy.size());
  check_file(text);
  check_values(text);
  check_token(text);
  return 0;
}
