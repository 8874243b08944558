#include "collectors/openssh_syntax/services.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <utility>

#include "collectors/base/file.h"

namespace ssh_keepalive::openssh {
namespace {

constexpr const char* kFile = "/etc/services";
constexpr std::string_view kSpaces = " \t\v\f\r";

std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kSpaces), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kSpaces));
  line.remove_prefix(word.size());
  return word;
}

std::optional<FileIdentity> identity_of(const HostRoot& root) {
  const Result<FileIdentity> identity = identify_file(root, kFile);
  return identity.ok() ? std::optional(*identity) : std::nullopt;
}

// "22/tcp": a number as strtoul(3) takes it in C's notations, and slashes.
std::optional<std::uint16_t> parse_tcp_port(std::string_view word) {
  constexpr int kDecimal = 10;
  constexpr int kOctal = 8;
  constexpr int kHexadecimal = 16;
  const std::size_t slash = word.find('/');
  const std::size_t protocol = word.find_first_not_of('/', slash);
  if (slash == word.npos || protocol == word.npos ||
      word.substr(protocol) != "tcp") {
    return std::nullopt;
  }
  word = word.substr(0, slash);
  word.remove_prefix(word.starts_with('+') ? 1 : 0);
  int base = kDecimal;
  if (word.starts_with("0x") || word.starts_with("0X")) {
    base = kHexadecimal;
    word.remove_prefix(2);
  } else if (word.starts_with('0')) {
    base = kOctal;
  }
  std::uint32_t number = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number, base);
  if (error != std::errc{} || stop != end) {
    return std::nullopt;
  }
  return static_cast<std::uint16_t>(number);
}

}  // namespace

struct Services::Database {
  explicit Database(HostRoot of) : root(std::move(of)) {}

  HostRoot root;
  std::mutex mutex;  // of all below
  bool read = false;
  std::optional<FileIdentity> identity;  // nothing: no such file
  TcpServices services;
};

TcpServices parse_services(std::string_view content) {
  TcpServices services;
  while (!content.empty()) {
    const std::size_t length = std::min(content.find('\n'), content.size());
    std::string_view line = content.substr(0, length);
    content.remove_prefix(std::min(length + 1, content.size()));
    line = line.substr(0, line.find_first_of(std::string_view("#\0", 2)));
    std::string_view name = take_word(line);
    const auto port = parse_tcp_port(take_word(line));
    for (; port && !name.empty(); name = take_word(line)) {
      services.try_emplace(std::string(name), *port);
    }
  }
  return services;
}

Services::Services(const HostRoot& root)
    : database_(std::make_shared<Database>(root)) {}

std::optional<std::uint16_t> Services::tcp_port(std::string_view name) const {
  if (!database_) {
    return std::nullopt;
  }
  const std::lock_guard lock(database_->mutex);
  if (!database_->read) {
    database_->read = true;
    if (const Result<File> file = read_file(database_->root, kFile);
        file.ok()) {
      database_->identity = file->identity;
      database_->services = parse_services(file->bytes);
    } else {
      database_->identity = identity_of(database_->root);
    }
  }
  const auto found = database_->services.find(name);
  return found == database_->services.end() ? std::nullopt
                                            : std::optional(found->second);
}

bool Services::is_current() const {
  if (!database_) {
    return true;
  }
  const std::lock_guard lock(database_->mutex);
  return !database_->read ||
         identity_of(database_->root) == database_->identity;
}

}  // namespace ssh_keepalive::openssh
