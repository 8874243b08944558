#include "collectors/ssh_config/keywords.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::ssh_config {
namespace {

openssh::Version version(int major, int minor, bool debian = true) {
  return {.release = {major, minor}, .debian = debian};
}

TEST(FindKeyword, KnownFromTheirRelease) {
  EXPECT_EQ(find_keyword("channeltimeout", version(9, 5)), nullptr);
  ASSERT_NE(find_keyword("channeltimeout", version(9, 6)), nullptr);
  EXPECT_EQ(find_keyword("tag", version(9, 3)), nullptr);
  EXPECT_NE(find_keyword("tag", version(9, 4)), nullptr);
  EXPECT_EQ(find_keyword("hostbasedalgorithms", version(8, 4)), nullptr);
  EXPECT_NE(find_keyword("hostbasedalgorithms", version(8, 5)), nullptr);
  EXPECT_EQ(find_keyword("hostbasedalgorithms", version(8, 7)), nullptr);
}

TEST(FindKeyword, DebiansOwn) {
  for (const char* name : {"protocolkeepalives", "setuptimeout",
                           "gssapitrustdns", "useblacklistedkeys"}) {
    EXPECT_NE(find_keyword(name, version(9, 2)), nullptr) << name;
    EXPECT_EQ(find_keyword(name, version(9, 2, false)), nullptr) << name;
  }
}

TEST(FindKeyword, FirstLastAndNone) {
  EXPECT_NE(find_keyword("addkeystoagent", version(9, 2)), nullptr);
  EXPECT_NE(find_keyword("xauthlocation", version(9, 2)), nullptr);
  for (const char* name : {"", "a", "zzz", "ServerAliveInterval", "server",
                           "clientaliveinterval"}) {
    EXPECT_EQ(find_keyword(name, version(9, 2)), nullptr) << name;
  }
}

TEST(FindKeyword, AliasesShareAMeaning) {
  for (const char* name : {"protocolkeepalives", "setuptimeout"}) {
    EXPECT_EQ(find_keyword(name, version(9, 2))->keyword,
              Keyword::kServerAliveInterval);
  }
  EXPECT_EQ(find_keyword("keepalive", version(9, 2))->keyword,
            Keyword::kTcpKeepAlive);
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
