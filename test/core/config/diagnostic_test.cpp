#include "core/config/diagnostic.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;

TEST_CASE("each severity has its exit class") {
  Diagnostics all;
  all.note({}, "n");
  CHECK_FALSE(all.has(Severity::Warning));
  all.warning({}, "w");
  all.remark({}, "r");
  CHECK_FALSE(all.has(Severity::Error));
  all.error({}, "e");
  all.fatal({}, "f");
  CHECK(all.has(Severity::Fatal));
  std::vector<ErrorClass> classes;
  for (const Diagnostic& d : all.list()) classes.push_back(d.error_class);
  CHECK(classes == std::vector<ErrorClass>{ErrorClass::None, ErrorClass::General, ErrorClass::None, ErrorClass::General,
                                           ErrorClass::GivenUp});
}

TEST_CASE("diagnostics are told in the order of the files, those without a place last") {
  Diagnostics all;
  all.error({}, "whole");
  all.error({1, 1, 1}, "second file");
  all.error({9, 2, 0}, "late");
  all.error({9, 1, 0}, "early");
  all.sort();
  std::string order;
  for (const Diagnostic& d : all.list()) order += d.text + ",";
  CHECK(order == "early,late,second file,whole,");
}
