#include "exporter/http/page/ends.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::http {
namespace {

class EndsSection : public ::testing::Test {
 protected:
  EndsSection() {
    end_.user = "<script>jane</script>";
    end_.peer = "198.51.100.7:5";
    end_.cause = diagnosis::EndCause::kReset;
    end_.evidence = {"nobody <b>knows"};
    end_.advice = "/home/jane/.ssh/config line 3";
  }

  [[nodiscard]] std::string section(std::size_t count,
                                    bool with_identities) const {
    StoredEnds stored;
    stored.ends.assign(count, end_);
    return ends_section(stored, with_identities);
  }

  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

 private:
  diagnosis::SessionEnd end_;
};

TEST_F(EndsSection, WithoutIdentities) {
  const std::string text = section(1, false);
  EXPECT_TRUE(has(text, "<td>reset</td>"));
  EXPECT_TRUE(has(text, "nobody &lt;b&gt;knows"));
  EXPECT_FALSE(has(text, "jane"));
  EXPECT_FALSE(has(text, "198.51.100.7"));
}

TEST_F(EndsSection, WithIdentities) {
  const std::string text = section(1, true);
  EXPECT_TRUE(has(text, "&lt;script&gt;jane&lt;/script&gt;"));
  EXPECT_FALSE(has(text, "<script>"));
  EXPECT_TRUE(has(text, "198.51.100.7:5"));
  EXPECT_TRUE(has(text, "/home/jane/.ssh/config line 3"));
}

TEST_F(EndsSection, NoneAndMany) {
  EXPECT_TRUE(has(ends_section(std::nullopt, true), "Nobody records them"));
  EXPECT_TRUE(has(ends_section(StoredEnds{}, true), "None yet"));
  EXPECT_FALSE(has(section(kShownEnds, false), "earlier"));
  EXPECT_TRUE(has(section(kShownEnds + 2, false), "2 earlier ones"));
}

}  // namespace
}  // namespace ssh_keepalive::http
