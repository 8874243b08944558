// docs/extend.md against the files beside this one.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "collectors/registry.h"
#include "fin_timeout.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(testing::source_directory() + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ExtendPage, ShowsTheExampleAsItIs) {
  const std::string page = content_of("/docs/extend.md");
  for (const char* file :
       {"fin_timeout.h", "fin_timeout.cc", "fin_timeout_metrics.cc"}) {
    std::string source =
        content_of("/tests/example_collector/" + std::string(file));
    ASSERT_FALSE(source.empty()) << file;
    EXPECT_NE(page.find("```cpp\n" + source + "```\n"), std::string::npos)
        << file;
  }
}

// The page's row, with a member of Facts that this test adds.
struct MoreFacts : Facts {
  std::optional<fin_timeout::Facts> fin_timeout;
};

TEST(ExtendPage, TheRowIsOneOfTheRegistry) {
  const Collector row{
      "fin_timeout", "how long closed connections wait for their peer",
      [](const CollectorInput& input, Facts& facts) {
        return fin_timeout::collect(
            input.root, static_cast<MoreFacts&>(facts).fin_timeout.emplace());
      },
      [](const Facts& facts, std::vector<prometheus::MetricFamily>& families) {
        const auto& found = static_cast<const MoreFacts&>(facts).fin_timeout;
        if (found) {
          fin_timeout::append_metrics(*found, families);
        }
      }};
  const testing::TemporaryDirectory host;
  host.write("/proc/sys/net/ipv4/tcp_fin_timeout", "60\n");
  MoreFacts facts;
  EXPECT_TRUE(
      row.collect({.root = *HostRoot::open(host.path().string())}, facts)
          .empty());
  std::vector<prometheus::MetricFamily> families;
  row.append_metrics(facts, families);
  ASSERT_EQ(families.size(), 1U);
  EXPECT_EQ(families[0].name, "ssh_keepalive_sysctl_tcp_fin_timeout_seconds");
}

}  // namespace
}  // namespace ssh_keepalive
