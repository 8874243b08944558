#include "collectors/base/dpkg.h"

#include <gtest/gtest.h>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

Result<std::string> version_in(std::string_view database) {
  const testing::TemporaryDirectory host;
  host.write(kDpkgStatus, database);
  return package_version(*HostRoot::open(host.path().string()), "systemd");
}

TEST(PackageVersion, AsDpkgWritesIt) {
  EXPECT_EQ(*version_in("Package: a\nStatus: install ok installed\n"
                        "Version: 1\n\n"
                        "Package: systemd\nStatus: install ok installed\n"
                        "Architecture: amd64\nVersion: 252.38-1~deb12u1\n\n"
                        "Package: b\nVersion: 2\n"),
            "252.38-1~deb12u1");
}

TEST(PackageVersion, WhatIsNotInstalled) {
  for (const char* database :
       {"", "Package: systemd-sysv\nStatus: install ok installed\nVersion: 1\n",
        "Package: systemd\nStatus: deinstall ok config-files\nVersion: 1\n",
        "Package: systemd\nStatus: install ok installed\n\nVersion: 1\n",
        "Package: systemd\nStatus: install ok instal", "\xff\n\n\n"}) {
    const Result<std::string> version = version_in(database);
    ASSERT_FALSE(version.ok()) << database;
    EXPECT_EQ(version.error().kind, ErrorKind::kAbsent);
  }
}

TEST(PackageVersion, WithoutDpkg) {
  const testing::TemporaryDirectory host;
  const Result<std::string> version =
      package_version(*HostRoot::open(host.path().string()), "systemd");
  ASSERT_FALSE(version.ok());
  EXPECT_EQ(version.error().kind, ErrorKind::kAbsent);
}

}  // namespace
}  // namespace ssh_keepalive
