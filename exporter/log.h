// Structured log lines on standard error, by spdlog.
#ifndef SSH_KEEPALIVE_EXPORTER_LOG_H_
#define SSH_KEEPALIVE_EXPORTER_LOG_H_

#include <atomic>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace ssh_keepalive {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

// "debug", "info", "warn", "error"; "logfmt", "json".
std::optional<LogLevel> parse_log_level(std::string_view text);
std::optional<LogFormat> parse_log_format(std::string_view text);

struct LogField {
  std::string_view key;  // a word: it is written as it is
  std::string value;     // any bytes: quoted and sanitised
};

// One line of either format, without its line break.
std::string format_log_line(LogFormat format, std::string_view timestamp,
                            LogLevel level, std::string_view message,
                            std::initializer_list<LogField> fields);

// Safe to use and to configure from several threads.
class Log {
 public:
  Log();
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  Log(Log&&) = delete;
  Log& operator=(Log&&) = delete;

  void configure(LogLevel level, LogFormat format);

  void debug(std::string_view message,
             std::initializer_list<LogField> fields = {});
  void info(std::string_view message,
            std::initializer_list<LogField> fields = {});
  void warn(std::string_view message,
            std::initializer_list<LogField> fields = {});
  void error(std::string_view message,
             std::initializer_list<LogField> fields = {});

 private:
  void write(LogLevel level, std::string_view message,
             std::initializer_list<LogField> fields);

  std::unique_ptr<spdlog::logger> logger_;
  std::atomic<LogFormat> format_{LogFormat::kLogfmt};
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_LOG_H_
