#include "collectors/base/dpkg.h"

#include <cstddef>
#include <utility>

#include "collectors/base/file.h"

namespace ssh_keepalive {
namespace {

// A desktop with many packages has some 10 MB of it.
constexpr std::size_t kMaxDatabaseBytes = std::size_t{64} << 20;

// The value of a field in a paragraph of deb822(5); empty without it.
std::string_view field(std::string_view paragraph, std::string_view name) {
  const std::string start = "\n" + std::string(name) + ": ";
  const std::size_t at = paragraph.find(start);
  if (at == paragraph.npos) {
    return {};
  }
  const std::string_view rest = paragraph.substr(at + start.size());
  return rest.substr(0, rest.find('\n'));
}

}  // namespace

Result<std::string> package_version(const HostRoot& root,
                                    std::string_view package) {
  Result<File> database = read_file(root, kDpkgStatus, kMaxDatabaseBytes);
  if (!database.ok()) {
    return std::move(database).error();
  }
  const std::string text = "\n" + std::move(database->bytes);
  const std::string start = "\nPackage: " + std::string(package) + "\n";
  const std::size_t at = text.find(start);
  if (at != text.npos) {
    const std::string_view rest = std::string_view(text).substr(at);
    const std::string_view paragraph = rest.substr(0, rest.find("\n\n"));
    const std::string_view version = field(paragraph, "Version");
    if (!version.empty() &&
        field(paragraph, "Status").ends_with(" installed")) {
      return std::string(version);
    }
  }
  return Error{.kind = ErrorKind::kAbsent,
               .attempted = "find the version of",
               .subject = std::string(package),
               .reason = "it is not installed as a Debian package"};
}

}  // namespace ssh_keepalive
