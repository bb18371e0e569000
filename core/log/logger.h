// What a process logs through. SinkLogger stamps the line (clock, ident and pid are given to it) and hands it to every sink.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/line.h"

namespace holdfast {

class Logger {
 public:
  virtual ~Logger() = default;
  virtual void log(Level level, std::string text) = 0;

  void alert(std::string text) { log(Level::Alert, std::move(text)); }
  void error(std::string text) { log(Level::Error, std::move(text)); }
  void warning(std::string text) { log(Level::Warning, std::move(text)); }
  void info(std::string text) { log(Level::Info, std::move(text)); }
  void detail(std::string text) { log(Level::Detail, std::move(text)); }
};

struct LoggerOptions {
  std::string ident;
  int pid = 0;
  bool detail = false;                          ///< -D
  std::function<std::int64_t()> wall_clock_us;  ///< core/runtime/clock.h
};

class SinkLogger : public Logger {
 public:
  SinkLogger(LoggerOptions options, std::vector<std::unique_ptr<LogSink>> sinks);

  void log(Level level, std::string text) override;
  /// A line that another process made: printed as it is.
  void forward(const LogLine& line);
  void flush();
  std::uint64_t lost() const;
  void set_detail(bool on) { options_.detail = on; }
  /// After daemonize() and fork.
  void set_pid(int pid) { options_.pid = pid; }
  void set_ident(std::string ident) { options_.ident = std::move(ident); }

 private:
  LoggerOptions options_;
  std::vector<std::unique_ptr<LogSink>> sinks_;
};

/// `name` + "_NAMESPACE" + "_INSTANCE", empty parts left out (behaviour.md b.4).
std::string log_ident(std::string_view name, std::string_view net_namespace, std::string_view instance);

}  // namespace holdfast
