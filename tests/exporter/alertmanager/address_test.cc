#include "exporter/alertmanager/address.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::alertmanager {
namespace {

TEST(ParseAddress, WhereToPostAndWhatIsShown) {
  struct Case {
    const char* url;
    const char* post_url;
    const char* shown;
  };
  for (const Case& one : {
           Case{"http://localhost:9093", "http://localhost:9093/api/v2/alerts",
                "http://localhost:9093/api/v2/alerts"},
           Case{"https://am.example/", "https://am.example/api/v2/alerts",
                "https://am.example/api/v2/alerts"},
           Case{"http://[::1]:9093/a/b//",
                "http://[::1]:9093/a/b/api/v2/alerts",
                "http://[::1]:9093/a/b/api/v2/alerts"},
           Case{"https://jane:s%40cret@am.example:444",
                "https://jane:s%40cret@am.example:444/api/v2/alerts",
                "https://am.example:444/api/v2/alerts"},
           Case{"http://[fe80::1%25eth0]:9093",
                "http://[fe80::1%25eth0]:9093/api/v2/alerts",
                "http://[fe80::1%25eth0]:9093/api/v2/alerts"},
           Case{"http://%61m.example", "http://am.example/api/v2/alerts",
                "http://am.example/api/v2/alerts"},
       }) {
    const Result<Address> address = parse_address(one.url);
    ASSERT_TRUE(address.ok()) << one.url;
    EXPECT_EQ(address->post_url, one.post_url);
    EXPECT_EQ(address->shown, one.shown);
  }
}

TEST(ParseAddress, RefusesAllElseAndQuotesNothingOfIt) {
  for (const char* bad :
       {"", "localhost:9093", "http://", "ftp://s3cret", "file:///s3cret",
        "http://a:s3cret@", "http://a:99999", "http://a:x", "http://a?s3cret=1",
        "http://a#s3cret", "http://a b", "http://a\nb", "http://a\x7f",
        "http://a:s3cret@b:c@d:e", "http://[::1", "http://a%z", "http://a%25b",
        "http://a%cab"}) {
    const Result<Address> address = parse_address(bad);
    ASSERT_FALSE(address.ok()) << bad;
    EXPECT_EQ(address.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(address.error().message().find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
