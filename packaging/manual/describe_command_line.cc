// Prints what the command line takes, as JSON: the one source, beside docs/, of
// the manual pages and of the shells' completions.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "exporter/command_line.h"

namespace ssh_keepalive {
namespace {

using Json = nlohmann::ordered_json;

Json describe(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) {
    names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    names.push_back("--" + name);
  }
  return {
      {"names", names},  // empty: an argument by its place
      {"argument",
       option.get_items_expected_max() == 0 ? "" : option.get_option_text()},
      {"argument_optional", option.get_expected_min() == 0},
      {"required", option.get_required()},
      {"group", option.get_group()},
      {"help", option.get_description()}};
}

Json describe(const CLI::App& app) {
  Json options = Json::array();
  for (const CLI::Option* option : app.get_options()) {
    options.push_back(describe(*option));
  }
  Json commands = Json::array();
  for (const CLI::App* command :
       app.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(describe(*command));
  }
  return {{"name", app.get_name()},
          {"help", app.get_description()},
          {"options", options},
          {"commands", commands}};
}

}  // namespace
}  // namespace ssh_keepalive

int main() {
  try {
    ssh_keepalive::CommandLine unused;
    CLI::App app;
    ssh_keepalive::declare_command_line(app, unused);
    std::cout << ssh_keepalive::describe(app).dump(2) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
