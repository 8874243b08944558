#include "exporter/http/page/style.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exporter/http/page/palette.h"

namespace ssh_keepalive::http {
namespace {

using Rgb = std::array<double, 3>;  // 0 to 1 each

Rgb parse(std::string_view hex) {
  Rgb rgb{};
  for (std::size_t i = 0; i < rgb.size(); ++i) {
    const std::string digits(hex.substr(1 + 2 * i, 2));
    rgb.at(i) =
        static_cast<double>(std::strtol(digits.c_str(), nullptr, 16)) / 255;
  }
  return rgb;
}

Rgb blend(const Rgb& over, const Rgb& under, double opacity) {
  Rgb mixed{};
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    mixed.at(i) = over.at(i) * opacity + under.at(i) * (1 - opacity);
  }
  return mixed;
}

// WCAG 2.1: relative luminance and contrast ratio.
double luminance(const Rgb& rgb) {
  const auto linear = [](double part) {
    return part <= 0.04045 ? part / 12.92
                           : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) +
         0.0722 * linear(rgb[2]);
}

double contrast(const Rgb& a, const Rgb& b) {
  const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
  return (lighter + 0.05) / (darker + 0.05);
}

using Shade = std::string_view Colour::*;

Rgb colour(std::string_view name, Shade shade) {
  const auto* const found = std::ranges::find(kPalette, name, &Colour::name);
  EXPECT_NE(found, kPalette.end()) << name;
  return parse(found == kPalette.end() ? "#000000" : (*found).*shade);
}

void expect_contrast(std::string_view name, const Rgb& ground,
                     std::string_view on, Shade shade, double least) {
  EXPECT_GE(contrast(colour(name, shade), ground), least)
      << name << " on " << on
      << (shade == &Colour::light ? ", light" : ", dark");
}

TEST(Contrast, OfKnownPairs) {
  EXPECT_NEAR(contrast(parse("#000000"), parse("#ffffff")), 21, 1e-9);
  EXPECT_NEAR(contrast(parse("#767676"), parse("#ffffff")), 4.54, 0.01);
}

class Shades : public ::testing::TestWithParam<Shade> {};

TEST_P(Shades, TextCanBeRead) {
  constexpr double kText = 4.5;
  for (const char* ground : {"page", "card", "ok-card", "warning-card",
                             "critical-card", "unknown-card"}) {
    for (const char* name : {"text", "muted", "link", "unknown"}) {
      expect_contrast(name, colour(ground, GetParam()), ground, GetParam(),
                      kText);
    }
  }
  for (const char* name : {"ok", "warning", "critical"}) {
    for (const std::string& ground :
         {std::string("page"), std::string(name) + "-card"}) {
      expect_contrast(name, colour(ground, GetParam()), ground, GetParam(),
                      kText);
    }
  }
}

TEST_P(Shades, PictureCanBeSeen) {
  constexpr double kText = 4.5;
  constexpr double kDrawn = 3;
  const Rgb card = colour("card", GetParam());
  // Behind the path's line, and behind that of a proxy too.
  const Rgb once = blend(colour("path", GetParam()), card, 0.07);
  const Rgb twice = blend(colour("path", GetParam()), once, 0.07);
  for (const Rgb& ground : {card, once, twice}) {
    for (const char* name : {"text", "muted", "path"}) {
      expect_contrast(name, ground, "the picture", GetParam(), kText);
    }
    for (const char* name : {"span", "refresh", "ends", "kill"}) {
      expect_contrast(name, ground, "the picture", GetParam(), kDrawn);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, Shades,
                         ::testing::Values(&Colour::light, &Colour::dark),
                         [](const auto& shade) {
                           return shade.param == &Colour::light ? "light"
                                                                : "dark";
                         });

TEST(Style, HasAllColoursAndLoadsNothing) {
  for (const Colour& one : kPalette) {
    for (const std::string_view value : {one.light, one.dark}) {
      EXPECT_NE(page_style().find("--" + std::string(one.name) + ":" +
                                  std::string(value)),
                std::string::npos);
    }
    EXPECT_NE(page_style().find("var(--" + std::string(one.name) + ")"),
              std::string::npos)
        << one.name << " is not used";
  }
  EXPECT_EQ(page_style().find("url("), std::string::npos);
  EXPECT_EQ(page_style().find("@import"), std::string::npos);
  EXPECT_EQ(page_style().find('<'), std::string::npos);
}

TEST(Policy, NothingUnsafe) {
  EXPECT_EQ(page_policy().find("default-src 'none'; img-src data:; "
                               "style-src 'sha256-"),
            0U);
  EXPECT_EQ(page_policy().find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace ssh_keepalive::http
