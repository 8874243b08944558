#include <cstdlib>
#include <string>
#include <string_view>

#include "exporter/command_line.h"
#include "exporter/configuration.h"

namespace ssh_keepalive {
namespace {

// systemd.exec(5): absolute paths separated by colons, of which the first is
// ours.
std::string default_state_file(const std::string& otherwise,
                               const char* state_directory,
                               const std::string& name) {
  const std::string_view all =
      state_directory == nullptr ? "" : state_directory;
  const std::string_view folder = all.substr(0, all.find(':'));
  return folder.starts_with('/') ? std::string(folder) + "/" + name : otherwise;
}

}  // namespace

Result<Settings> make_settings(const CommandLine& command_line) {
  Settings settings;
  const char* const state_directory = std::getenv("STATE_DIRECTORY");
  settings.ends.state_file = default_state_file(settings.ends.state_file,
                                                state_directory, "ends.json");
  settings.alertmanager.state_file = default_state_file(
      settings.alertmanager.state_file, state_directory, "alerts.json");
  if (command_line.configuration_file) {
    const Result<void> applied =
        apply_configuration_file(*command_line.configuration_file, settings);
    if (!applied.ok()) {
      return applied.error();
    }
  }
  settings.log.level = command_line.log_level.value_or(settings.log.level);
  settings.log.format = command_line.log_format.value_or(settings.log.format);
  if (!command_line.listen_addresses.empty()) {
    settings.web.listen_addresses = command_line.listen_addresses;
  }
  settings.web.telemetry_path =
      command_line.telemetry_path.value_or(settings.web.telemetry_path);
  settings.web.max_requests =
      command_line.max_requests.value_or(settings.web.max_requests);
  settings.web.disable_exporter_metrics |=
      command_line.disable_exporter_metrics;
  settings.web.enable_lifecycle |= command_line.enable_lifecycle;
  for (std::size_t i = 0; i < kCollectors.size(); ++i) {
    bool& enabled = settings.collectors.enabled.at(i);
    if (command_line.disable_default_collectors) {
      enabled = false;
    }
    enabled = command_line.collectors.at(i).value_or(enabled);
  }
  return settings;
}

}  // namespace ssh_keepalive
