#include "exporter/log.h"

#include <fmt/chrono.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

namespace ssh_keepalive {
namespace {

struct LevelRow {
  std::string_view name;
  LogLevel level;
  spdlog::level::level_enum spdlog_level;
};

constexpr std::array kLevels = {
    LevelRow{"debug", LogLevel::kDebug, spdlog::level::debug},
    LevelRow{"info", LogLevel::kInfo, spdlog::level::info},
    LevelRow{"warn", LogLevel::kWarn, spdlog::level::warn},
    LevelRow{"error", LogLevel::kError, spdlog::level::err},
};

const LevelRow& row_of(LogLevel level) {
  return kLevels.at(static_cast<std::size_t>(level));
}

bool needs_quotes(std::string_view value) {
  return value.empty() || value.find_first_of(" =\"\\") != value.npos ||
         value.find_first_not_of(
             "!#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
             "abcdefghijklmnopqrstuvwxyz{|}~") != value.npos;
}

// A JSON string is a valid quoted logfmt value too. Invalid UTF-8 becomes
// U+FFFD instead of an exception.
std::string quoted(std::string_view value) {
  return nlohmann::json(value).dump(-1, ' ', false,
                                    nlohmann::json::error_handler_t::replace);
}

std::string utc_timestamp() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::floor<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(static_cast<std::time_t>(seconds.count())),
                     (now - seconds).count());
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (const LevelRow& row : kLevels) {
    if (row.name == text) {
      return row.level;
    }
  }
  return std::nullopt;
}

std::optional<LogFormat> parse_log_format(std::string_view text) {
  if (text == "logfmt") {
    return LogFormat::kLogfmt;
  }
  if (text == "json") {
    return LogFormat::kJson;
  }
  return std::nullopt;
}

std::string format_log_line(LogFormat format, std::string_view timestamp,
                            LogLevel level, std::string_view message,
                            std::initializer_list<LogField> fields) {
  const bool json = format == LogFormat::kJson;
  std::string line = json ? "{" : "";
  const auto append = [&](std::string_view key, std::string_view value) {
    if (line.size() > 1) {
      line += json ? "," : " ";
    }
    line += json ? quoted(key) + ":" : std::string(key) + "=";
    line += json || needs_quotes(value) ? quoted(value) : std::string(value);
  };
  append("ts", timestamp);
  append("level", row_of(level).name);
  append("msg", message);
  for (const LogField& field : fields) {
    append(field.key, field.value);
  }
  line += json ? "}" : "";
  return line;
}

Log::Log()
    : logger_(std::make_unique<spdlog::logger>(
          "ssh_keepalive_exporter",
          std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  configure(LogLevel::kInfo, LogFormat::kLogfmt);
}

Log::~Log() = default;

void Log::configure(LogLevel level, LogFormat format) {
  format_ = format;
  logger_->set_level(row_of(level).spdlog_level);
}

void Log::debug(std::string_view message,
                std::initializer_list<LogField> fields) {
  write(LogLevel::kDebug, message, fields);
}

void Log::info(std::string_view message,
               std::initializer_list<LogField> fields) {
  write(LogLevel::kInfo, message, fields);
}

void Log::warn(std::string_view message,
               std::initializer_list<LogField> fields) {
  write(LogLevel::kWarn, message, fields);
}

void Log::error(std::string_view message,
                std::initializer_list<LogField> fields) {
  write(LogLevel::kError, message, fields);
}

void Log::write(LogLevel level, std::string_view message,
                std::initializer_list<LogField> fields) {
  const spdlog::level::level_enum spdlog_level = row_of(level).spdlog_level;
  if (logger_->should_log(spdlog_level)) {
    logger_->log(spdlog_level,
                 spdlog::string_view_t(format_log_line(
                     format_, utc_timestamp(), level, message, fields)));
    logger_->flush();
  }
}

}  // namespace ssh_keepalive
