#include "core/config/schema/line_rows.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;

TEST_CASE("lists of lines and directives document what they take") {
  CHECK(directive_rows().rows.size() == 19);
  CHECK(line_rows().size() == 4);
  CHECK(interface_delay().most == holdfast::seconds(255));
}
