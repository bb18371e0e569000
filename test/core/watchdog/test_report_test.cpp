#include "core/watchdog/test_report.h"

#include <catch2/catch.hpp>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "test/core/config/support.h"

using namespace holdfast;

namespace {

google::protobuf::ListValue parsed(const std::string& text) {
  google::protobuf::ListValue list;
  REQUIRE(google::protobuf::util::JsonStringToMessage(text, &list).ok());
  return list;
}

}  // namespace

TEST_CASE("a clean configuration is an empty list") {
  CHECK(watchdog::json_report(config::load_text("instance x\n")) == "[]\n");
}

TEST_CASE("each diagnostic is an object with place, severity, code, message and hint") {
  const auto list = parsed(watchdog::json_report(config::load_text("$X=y\nuse_pid_dirr $X\n\"\xff\n")));
  REQUIRE(list.values_size() == 2);
  const auto& fields = list.values(0).struct_value().fields();
  CHECK(fields.at("file").string_value() == "k.conf");
  CHECK(fields.at("line").number_value() == 2);
  CHECK(fields.at("column").number_value() == 1);
  CHECK(fields.at("severity").string_value() == "error");
  CHECK(fields.at("code").string_value() == "general");
  CHECK(fields.at("message").string_value() == "Unknown keyword 'use_pid_dirr'");
  CHECK(fields.at("hint").string_value() == "use_pid_dir");
  const auto& definition = fields.at("definitions").list_value().values(0).struct_value().fields();
  CHECK(definition.at("name").string_value() == "X");
  CHECK(definition.at("line").number_value() == 1);
}

TEST_CASE("what concerns the whole configuration has an empty place") {
  const auto list = parsed(watchdog::json_report(config::load(config::MemoryFileSystem(), "nowhere", {})));
  REQUIRE(list.values_size() == 1);
  CHECK(list.values(0).struct_value().fields().at("file").string_value().empty());
  CHECK(list.values(0).struct_value().fields().at("line").number_value() == 0);
  CHECK(list.values(0).struct_value().fields().at("column").number_value() == 0);
  CHECK(list.values(0).struct_value().fields().contains("hint"));
  CHECK(list.values(0).struct_value().fields().at("severity").string_value() == "fatal");
}

TEST_CASE("a warning that can be mended says how, as its hint") {
  const std::string text = config::instance("authentication {\n auth_type PASS\n auth_pass 123456789\n}");
  const auto list = parsed(watchdog::json_report(config::load_text(text)));
  REQUIRE(list.values_size() == 1);
  const auto& fields = list.values(0).struct_value().fields();
  CHECK(fields.at("severity").string_value() == "warning");
  CHECK(fields.at("hint").string_value().starts_with("8 octets or less"));
}

TEST_CASE("a line of a definition has the column of its use") {
  const auto list = parsed(watchdog::json_report(config::load_text("$X=\\\n use_pid_dir\\\n foo\n  $X\n")));
  REQUIRE(list.values_size() == 1);
  const auto& fields = list.values(0).struct_value().fields();
  CHECK(fields.at("line").number_value() == 4);
  CHECK(fields.at("column").number_value() == 3);
  const auto& definition = fields.at("definitions").list_value().values(0).struct_value().fields();
  CHECK(definition.at("line").number_value() == 3);
}
