// docs/configuration.md against the program.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "diagnosis/presets.h"
#include "exporter/configuration.h"
#include "exporter/configuration_keys.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

std::string read_page() {
  std::ifstream file(testing::source_directory() + "/docs/configuration.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ConfigurationPage, ListsExactlyTheKeysOfTheProgram) {
  const std::string page = read_page();
  const std::regex row(R"(\| `\[(\w+)( NAME)?\]` \| `(\w+)` \|)");
  std::vector<std::string> listed;
  for (std::sregex_iterator match(page.begin(), page.end(), row), end;
       match != end; ++match) {
    listed.push_back((*match)[1].str() + "." + (*match)[3].str());
  }
  std::vector<std::string> known = known_keys();
  std::ranges::sort(listed);
  std::ranges::sort(known);
  EXPECT_EQ(listed, known);
}

TEST(ConfigurationPage, NamesEveryPresetAndProfile) {
  const std::string page = read_page();
  for (const auto& preset : diagnosis::kPathPresets) {
    EXPECT_NE(page.find("`" + std::string(preset.name) + "`"),
              std::string::npos)
        << preset.name;
  }
  for (const auto& profile : diagnosis::kComplianceProfiles) {
    EXPECT_NE(page.find("`" + std::string(profile.name) + "`"),
              std::string::npos)
        << profile.name;
  }
}

TEST(ConfigurationPage, ItsExampleIsValid) {
  const std::string page = read_page();
  constexpr std::string_view kStart = "```ini\n";
  const std::size_t start = page.find(kStart) + kStart.size();
  const std::string example =
      page.substr(start, page.find("```", start) - start);
  Settings settings;
  const Result<void> applied = apply_configuration(example, "page", settings);
  EXPECT_TRUE(applied.ok()) << applied.error().message();
  EXPECT_TRUE(settings.web.enable_lifecycle);
}

}  // namespace
}  // namespace ssh_keepalive
