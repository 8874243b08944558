#include "exporter/configuration.h"

#include <ini.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "collectors/base/file.h"
#include "collectors/base/host_root.h"
#include "collectors/base/number.h"
#include "exporter/configuration_keys.h"

namespace ssh_keepalive {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// inih reads through this, so that lines are counted and what it would misread
// silently is refused.
class ConfigurationReader {
 public:
  ConfigurationReader(std::string_view text, const std::string& name,
                      Settings& settings)
      : text_(text), name_(name), settings_(settings) {
    if (text_.starts_with(kByteOrderMark)) {
      text_.remove_prefix(kByteOrderMark.size());
    }
  }

  Result<void> read() {
    ini_parse_stream(&ConfigurationReader::next_line, this,
                     &ConfigurationReader::handle, this);
    if (error_) {
      return *error_;
    }
    return {};
  }

 private:
  static char* next_line(char* buffer, int size, void* stream) {
    auto& reader = *static_cast<ConfigurationReader*>(stream);
    const std::optional<std::string_view> line = reader.take_line();
    if (!line || line->size() + 1 > static_cast<std::size_t>(size)) {
      return nullptr;
    }
    std::memcpy(buffer, line->data(), line->size());
    buffer[line->size()] = '\0';
    return buffer;
  }

  // The next line without its line break; nothing at the end and on an error.
  std::optional<std::string_view> take_line() {
    if (text_.empty() || error_) {
      return std::nullopt;
    }
    ++line_number_;
    const std::size_t length = std::min(text_.find('\n'), text_.size());
    const std::string_view line = text_.substr(0, length);
    text_.remove_prefix(std::min(length + 1, text_.size()));
    check_line(line);
    return error_ ? std::nullopt : std::optional(line);
  }

  void check_line(std::string_view line) {
    const std::string_view content = trim(line);
    const bool comment =
        content.empty() || content.front() == ';' || content.front() == '#';
    if (line.find('\0') != line.npos) {
      fail("the line contains a NUL byte");
    } else if (line.size() > kMaxConfigurationLine) {
      fail("the line is longer than " + std::to_string(kMaxConfigurationLine) +
           " bytes");
    } else if (!comment && line.front() != content.front()) {
      fail("the line is indented");
    } else if (content.starts_with('[')) {
      check_section(content);
    } else if (!comment && content.find_first_of("=:") == content.npos) {
      fail("expected KEY = VALUE");
    }
  }

  void check_section(std::string_view content) {
    const std::size_t end = content.find(']');
    const std::string_view rest =
        end == content.npos ? content : trim(content.substr(end + 1));
    if (end == content.npos ||
        !(rest.empty() || rest.front() == ';' || rest.front() == '#')) {
      fail("expected [SECTION]");
      return;
    }
    const std::string_view section = content.substr(1, end - 1);
    if (section.size() > kMaxSectionName) {
      fail("the section's name is longer than " +
           std::to_string(kMaxSectionName) + " bytes");
    } else if (!is_known_section(section)) {
      fail("unknown section");
    }
  }

  static int handle(void* user, const char* section, const char* key,
                    const char* value) {
    auto& reader = *static_cast<ConfigurationReader*>(user);
    if (!reader.error_) {
      reader.apply(section, key, value);
    }
    return 1;
  }

  void apply(const std::string& section, const std::string& key,
             std::string_view value) {
    if (!seen_.emplace(section, key).second) {
      fail("the key " + key + " is given twice");
      return;
    }
    const Result<void> applied = apply_key(section, key, value, settings_);
    if (!applied.ok()) {
      fail(applied.error().reason);
    }
  }

  void fail(std::string reason) {
    if (!error_) {
      error_ = Error{.kind = ErrorKind::kInvalid,
                     .subject = name_ + ":" + std::to_string(line_number_),
                     .reason = std::move(reason)};
    }
  }

  std::string_view text_;  // what is still to be read
  const std::string& name_;
  Settings& settings_;
  std::size_t line_number_ = 0;
  std::set<std::pair<std::string, std::string>> seen_;
  std::optional<Error> error_;
};

}  // namespace

Result<void> apply_configuration(std::string_view text, const std::string& name,
                                 Settings& settings) {
  return ConfigurationReader(text, name, settings).read();
}

Result<void> apply_configuration_file(const std::string& path,
                                      Settings& settings) {
  const Result<File> file = read_file(HostRoot::live(), path);
  if (!file.ok()) {
    return file.error();
  }
  return apply_configuration(file->bytes, path, settings);
}

}  // namespace ssh_keepalive
