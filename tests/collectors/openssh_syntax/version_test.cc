#include "collectors/openssh_syntax/version.h"

#include <gtest/gtest.h>

#include "tests/support.h"

namespace ssh_keepalive::openssh {
namespace {

TEST(ParseVersion, ReleasesAndPackages) {
  EXPECT_EQ(parse_version("9.2")->release, (Release{9, 2}));
  EXPECT_FALSE(parse_version("9.2p1")->debian);
  EXPECT_EQ(parse_version("10.0p2")->release, (Release{10, 0}));
  const auto package = parse_version("1:9.2p1-2+deb12u3");
  ASSERT_TRUE(package);
  EXPECT_EQ(package->release, (Release{9, 2}));
  EXPECT_TRUE(package->debian);
  EXPECT_LT((Release{9, 2}), (Release{10, 0}));
}

TEST(ParseVersion, RefusesTheRest) {
  for (const char* bad : {"", "9", "9.", ".2", "nine.2", "9.2x", "9.2 p1",
                          "99999.1", "-1.2", "9,2"}) {
    EXPECT_FALSE(parse_version(bad)) << bad;
  }
}

TEST(InstalledVersion, OutOfDpkgsDatabase) {
  const testing::TemporaryDirectory directory;
  directory.write("var/lib/dpkg/status",
                  "Package: openssh-client\n"
                  "Status: install ok installed\n"
                  "Version: 1:9.2p1-2\n"
                  "\n"
                  "Package: openssh-server\n"
                  "Status: deinstall ok config-files\n"
                  "Version: 1:8.4p1-5\n");
  const HostRoot root = *HostRoot::open(directory.path().string());
  EXPECT_EQ(installed_version(root, "openssh-client")->text, "1:9.2p1-2");
  EXPECT_EQ(installed_version(root, "openssh-server").error().kind,
            ErrorKind::kAbsent);
  EXPECT_EQ(installed_version(root, "openssh").error().kind,
            ErrorKind::kAbsent);
}

TEST(InstalledVersion, NoDatabaseIsAbsent) {
  const testing::TemporaryDirectory directory;
  EXPECT_EQ(installed_version(*HostRoot::open(directory.path().string()),
                              "openssh-server")
                .error()
                .kind,
            ErrorKind::kAbsent);
}

TEST(ReleaseText, AsSshdCallsItself) {
  EXPECT_EQ(release_text(*parse_version("1:9.2p1-2+deb12u3")),
            "OpenSSH_9.2p1 Debian-2+deb12u3");
  EXPECT_EQ(release_text(*parse_version("1:10.0p1-7")),
            "OpenSSH_10.0p2 Debian-7");
  EXPECT_EQ(release_text(*parse_version("9.9p2")), "OpenSSH_9.9p2");
  EXPECT_EQ(release_text(*parse_version("10.2")), "OpenSSH_10.2p1");
  EXPECT_EQ(release_text({}), "OpenSSH_9.2p1");
}

TEST(HasMatchOf99p2, ByThePortableRelease) {
  for (const char* text : {"9.9p2", "1:9.9p2-1", "10.0p1", "10.3p1"}) {
    EXPECT_TRUE(has_match_of_9_9p2(*parse_version(text))) << text;
  }
  for (const char* text : {"9.9p1", "9.9", "1:9.9p1-3", "9.8p1", "8.4p1"}) {
    EXPECT_FALSE(has_match_of_9_9p2(*parse_version(text))) << text;
  }
}

TEST(IsConfirmed, DebiansReleasesOnly) {
  for (const char* text :
       {"1:8.4p1-5+deb11u3", "1:9.2p1-2", "1:10.0p1-7+deb13u4"}) {
    EXPECT_TRUE(is_confirmed(*parse_version(text))) << text;
  }
  for (const char* text : {"8.4p1", "9.2", "10.0p2", "1:9.6p1-3ubuntu13",
                           "1:8.9p1-3", "1:10.2p1-1"}) {
    EXPECT_FALSE(is_confirmed(*parse_version(text))) << text;
  }
}

TEST(IsConfirmed, ThePageTellsTheSame) {
  const Result<File> page =
      read_file(*HostRoot::open(testing::source_directory()),
                "/docs/openssh_versions.md");
  ASSERT_TRUE(page.ok());
  for (const Confirmation& confirmation : kConfirmations) {
    EXPECT_NE(page->bytes.find("| " + std::string(confirmation.package) + " |"),
              std::string::npos)
        << confirmation.package;
    EXPECT_EQ(parse_version(confirmation.package)->release,
              confirmation.release);
  }
}

TEST(HasProxyJumpOf103, ByReleaseAndDebianUpdate) {
  for (const char* text : {"10.3p1", "10.5p1", "1:8.4p1-5+deb11u7",
                           "1:9.2p1-2+deb12u10", "1:10.0p1-7+deb13u3"}) {
    EXPECT_TRUE(has_proxy_jump_of_10_3(*parse_version(text))) << text;
  }
  for (const char* text :
       {"8.4p1", "9.2p1", "10.2p1", "1:8.4p1-5+deb11u6", "1:9.2p1-2+deb12u9",
        "1:9.2p1-2", "1:10.0p1-7", "1:10.0p1-7+deb13u2", "1:9.2p1-2+deb12",
        "1:9.2p1-2+deb12u", "1:9.2p1-2+deb13u99", "1:9.2p1-2+debu10"}) {
    EXPECT_FALSE(has_proxy_jump_of_10_3(*parse_version(text))) << text;
  }
  EXPECT_FALSE(has_proxy_jump_of_10_3(Version()));
}

TEST(Versions, ChannelTypesOfClients) {
  for (const char* text : {"10.4p1", "11.0", "1:10.0p1-7+deb13u3"}) {
    EXPECT_TRUE(has_client_channel_types(*parse_version(text))) << text;
  }
  for (const char* text :
       {"9.6p1", "10.3p1", "1:10.0p1-7+deb13u2", "1:9.2p1-2+deb12u10"}) {
    EXPECT_FALSE(has_client_channel_types(*parse_version(text))) << text;
  }
}

}  // namespace
}  // namespace ssh_keepalive::openssh
