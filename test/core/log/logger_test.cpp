#include "core/log/logger.h"

#include <catch2/catch.hpp>

using namespace holdfast;

namespace {

class RecordingSink : public LogSink {
 public:
  explicit RecordingSink(std::vector<LogLine>& lines) : lines_(lines) {}
  void write(const LogLine& line) override { lines_.push_back(line); }
  std::uint64_t lost() const override { return 2; }

 private:
  std::vector<LogLine>& lines_;
};

SinkLogger make_logger(std::vector<LogLine>& lines, bool detail) {
  std::vector<std::unique_ptr<LogSink>> sinks;
  sinks.push_back(std::make_unique<RecordingSink>(lines));
  sinks.push_back(std::make_unique<RecordingSink>(lines));
  return SinkLogger({"Keepalived_vrrp", 42, detail, [] { return std::int64_t{5}; }}, std::move(sinks));
}

}  // namespace

TEST_CASE("every_sink_gets_the_stamped_line") {
  std::vector<LogLine> lines;
  make_logger(lines, false).info("hello");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == LogLine{Level::Info, 5, "Keepalived_vrrp", 42, "hello"});
}

TEST_CASE("detail_is_written_only_when_asked_for") {
  std::vector<LogLine> lines;
  make_logger(lines, false).detail("quiet");
  CHECK(lines.empty());
  make_logger(lines, true).detail("loud");
  CHECK(lines.size() == 2);
}

TEST_CASE("line_of_another_process_keeps_its_name") {
  std::vector<LogLine> lines;
  SinkLogger logger = make_logger(lines, false);
  logger.forward({Level::Warning, 9, "Keepalived_healthcheckers", 77, "text"});
  REQUIRE_FALSE(lines.empty());
  CHECK(lines[0].pid == 77);
  CHECK(logger.lost() == 4);
}

TEST_CASE("ident_has_namespace_and_instance_appended_when_given") {
  CHECK(log_ident("Keepalived", "", "") == "Keepalived");
  CHECK(log_ident("Keepalived_vrrp", "blue", "one") == "Keepalived_vrrp_blue_one");
  CHECK(log_ident("Keepalived", "", "one") == "Keepalived_one");
}

TEST_CASE("detail_is_info_for_syslog") {
  CHECK(syslog_severity(Level::Alert) == 1);
  CHECK(syslog_severity(Level::Error) == 3);
  CHECK(syslog_severity(Level::Warning) == 4);
  CHECK(syslog_severity(Level::Info) == 6);
  CHECK(syslog_severity(Level::Detail) == 6);
}
