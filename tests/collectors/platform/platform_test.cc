#include "collectors/platform/platform.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support.h"

namespace ssh_keepalive::platform {
namespace {

class Platform : public ::testing::Test {
 protected:
  void write(std::string_view file, std::string_view content) const {
    directory_.write("/sys/class/dmi/id/" + std::string(file), content);
  }

  Facts read() {
    Facts facts{.known = true, .cloud = Cloud::kGcp};
    errors_ = collect(*HostRoot::open(directory_.path().string()), facts);
    return facts;
  }

  testing::TemporaryDirectory directory_;
  std::vector<Error> errors_;
};

constexpr Facts kUnknown{.known = false, .cloud = std::nullopt};
constexpr Facts kNone{.known = true, .cloud = std::nullopt};

TEST_F(Platform, Aws) {
  write("sys_vendor", "Amazon EC2\n");
  write("product_name", "t3.micro\n");
  EXPECT_EQ(read(), (Facts{.known = true, .cloud = Cloud::kAws}));
  EXPECT_TRUE(errors_.empty());
}

TEST_F(Platform, AwsOnXen) {
  write("sys_vendor", "Xen\n");
  write("bios_version", "4.11.amazon\n");
  EXPECT_EQ(read().cloud, Cloud::kAws);
  write("bios_version", "4.11\n");
  EXPECT_EQ(read(), kNone);
}

TEST_F(Platform, Gcp) {
  write("sys_vendor", "Google\n");
  write("product_name", "Google Compute Engine\n");
  EXPECT_EQ(read().cloud, Cloud::kGcp);
}

TEST_F(Platform, LaptopOfGoogle) {
  write("sys_vendor", "Google\n");
  write("product_name", "Eve\n");
  EXPECT_EQ(read(), kNone);
}

TEST_F(Platform, AzureAndOtherHyperV) {
  write("sys_vendor", "Microsoft Corporation\n");
  EXPECT_EQ(read(), kNone);
  write("chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77\n");
  EXPECT_EQ(read().cloud, Cloud::kAzure);
  write("chassis_asset_tag", "7783-7084-3265-9085-8269-3286-7\n");
  EXPECT_EQ(read(), kNone);
  write("chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77\n");
  write("sys_vendor", "QEMU\n");
  EXPECT_EQ(read(), kNone);
}

TEST_F(Platform, WithoutSmbios) {
  EXPECT_EQ(read(), kUnknown);
  EXPECT_TRUE(errors_.empty());
  write("sys_vendor", "\n");
  EXPECT_EQ(read(), kUnknown);
}

TEST_F(Platform, Garbage) {
  write("sys_vendor", std::string("Amazon\0EC2\xff\n", 12));
  EXPECT_EQ(read(), kNone);
}

TEST_F(Platform, WhatCannotBeReadIsUnknown) {
  write("sys_vendor", std::string(5000, 'A'));
  EXPECT_EQ(read(), kUnknown);
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_EQ(errors_.front().kind, ErrorKind::kLimit);

  write("sys_vendor", "Microsoft Corporation\n");
  std::filesystem::create_directory(directory_.path() /
                                    "sys/class/dmi/id/chassis_asset_tag");
  EXPECT_EQ(read(), kUnknown);
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_EQ(errors_.front().subject, "/sys/class/dmi/id/chassis_asset_tag");
}

TEST(CloudName, All) {
  EXPECT_EQ(cloud_name(Cloud::kAws), "aws");
  EXPECT_EQ(cloud_name(Cloud::kAzure), "azure");
  EXPECT_EQ(cloud_name(Cloud::kGcp), "gcp");
}

}  // namespace
}  // namespace ssh_keepalive::platform
