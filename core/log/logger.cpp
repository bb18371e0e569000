#include "core/log/logger.h"

#include <utility>

namespace holdfast {

SinkLogger::SinkLogger(LoggerOptions options, std::vector<std::unique_ptr<LogSink>> sinks)
    : options_(std::move(options)), sinks_(std::move(sinks)) {}

void SinkLogger::log(Level level, std::string text) {
  if (level == Level::Detail && !options_.detail) return;
  forward({level, options_.wall_clock_us(), options_.ident, options_.pid, std::move(text)});
}

void SinkLogger::forward(const LogLine& line) {
  for (const auto& sink : sinks_) sink->write(line);
}

void SinkLogger::flush() {
  for (const auto& sink : sinks_) sink->flush();
}

std::uint64_t SinkLogger::lost() const {
  std::uint64_t sum = 0;
  for (const auto& sink : sinks_) sum += sink->lost();
  return sum;
}

std::string log_ident(std::string_view name, std::string_view net_namespace, std::string_view instance) {
  std::string ident(name);
  for (const std::string_view part : {net_namespace, instance}) {
    if (part.empty()) continue;
    ident += '_';
    ident += part;
  }
  return ident;
}

}  // namespace holdfast
