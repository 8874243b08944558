#include "collectors/platform/platform.h"

#include <array>
#include <cstddef>
#include <utility>

#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::platform {
namespace {

constexpr std::string_view kDirectory = "/sys/class/dmi/id/";
constexpr std::size_t kMaxBytes = 4096;  // a page: what sysfs gives at most

constexpr std::string_view kAzureAssetTag = "7783-7084-3265-9085-8269-3286-77";

struct Row {
  std::string_view file;
  std::string Dmi::*member;
};

constexpr std::array kRows = {
    Row{"sys_vendor", &Dmi::sys_vendor},
    Row{"product_name", &Dmi::product_name},
    Row{"bios_version", &Dmi::bios_version},
    Row{"chassis_asset_tag", &Dmi::chassis_asset_tag}};

}  // namespace

std::string_view cloud_name(Cloud cloud) {
  switch (cloud) {
    case Cloud::kAws:
      return "aws";
    case Cloud::kAzure:
      return "azure";
    case Cloud::kGcp:
      return "gcp";
  }
  return {};
}

std::optional<Cloud> identify(const Dmi& dmi) {
  if (dmi.sys_vendor == "Amazon EC2" ||
      (dmi.sys_vendor == "Xen" && dmi.bios_version.ends_with(".amazon"))) {
    return Cloud::kAws;
  }
  if (dmi.sys_vendor == "Google" && dmi.product_name.starts_with("Google")) {
    return Cloud::kGcp;
  }
  if (dmi.sys_vendor == "Microsoft Corporation" &&
      dmi.chassis_asset_tag == kAzureAssetTag) {
    return Cloud::kAzure;
  }
  return std::nullopt;
}

std::vector<Error> collect(const HostRoot& root, Facts& facts) {
  facts = {};
  Dmi dmi;
  std::vector<Error> errors;
  for (const Row& row : kRows) {
    const Result<File> file = read_file(
        root, std::string(kDirectory) + std::string(row.file), kMaxBytes);
    if (file.ok()) {
      dmi.*row.member = trim(file->bytes);
    } else if (file.error().kind != ErrorKind::kAbsent) {
      errors.push_back(file.error());
    }
  }
  facts.known = errors.empty() && !dmi.sys_vendor.empty();
  if (facts.known) {
    facts.cloud = identify(dmi);
  }
  return errors;
}

}  // namespace ssh_keepalive::platform
