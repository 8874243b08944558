#include "exporter/http/authorization.h"

#include <gtest/gtest.h>

#include <string>

namespace ssh_keepalive::http {
namespace {

constexpr std::string_view kToken = "0123456789abcdef";

Access with(std::string_view authorization) {
  return access_of(authorization, kToken);
}

TEST(Authorization, NothingShown) { EXPECT_EQ(with(""), Access::kPublic); }

TEST(Authorization, Bearer) {
  EXPECT_EQ(with("Bearer 0123456789abcdef"), Access::kPrivate);
  EXPECT_EQ(with("bearer   0123456789abcdef"), Access::kPrivate);
  EXPECT_EQ(with("Bearer 0123456789abcdeF"), Access::kRefused);
  EXPECT_EQ(with("Bearer 0123456789abcde"), Access::kRefused);
  EXPECT_EQ(with("Bearer 0123456789abcdef0"), Access::kRefused);
  EXPECT_EQ(with("Bearer 0123456789abcdef "), Access::kRefused);
}

TEST(Authorization, BasicWithAnyUser) {
  // ":TOKEN", "jane:TOKEN", "jane:doe:TOKEN"
  EXPECT_EQ(with("Basic OjAxMjM0NTY3ODlhYmNkZWY="), Access::kPrivate);
  EXPECT_EQ(with("BASIC amFuZTowMTIzNDU2Nzg5YWJjZGVm"), Access::kPrivate);
  EXPECT_EQ(with("Basic amFuZTpkb2U6MDEyMzQ1Njc4OWFiY2RlZg=="),
            Access::kRefused);
  // "jane:", "0123456789abcdef"
  EXPECT_EQ(with("Basic amFuZTo="), Access::kRefused);
  EXPECT_EQ(with("Basic MDEyMzQ1Njc4OWFiY2RlZg=="), Access::kRefused);
}

TEST(Authorization, Garbage) {
  for (const std::string_view text :
       {" ", "Bearer", "Bearer ", "Basic", "Basic ", "Basic !!!!",
        "Basic OjAxMjM0NTY3ODlhYmNkZWY", "Basic OjAxMjM0NTY3ODlhYmNkZWY=x",
        "Digest 0123456789abcdef", "0123456789abcdef",
        "Bearer0123456789abcdef"}) {
    EXPECT_EQ(with(text), Access::kRefused) << text;
  }
  EXPECT_EQ(with("Basic " + std::string(100'000, 'A')), Access::kRefused);
  EXPECT_EQ(with("Bearer " + std::string(100'000, 'A')), Access::kRefused);
}

// Else the empty password would be right.
TEST(Authorization, NoTokenInForce) {
  for (const std::string_view text :
       {"", "Bearer ", "Basic Og==", "Bearer x"}) {
    EXPECT_EQ(access_of(text, ""), Access::kPublic) << text;
  }
}

}  // namespace
}  // namespace ssh_keepalive::http
