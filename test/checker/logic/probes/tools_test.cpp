#include "checker/logic/probes/tools.h"

#include <catch2/catch.hpp>

using namespace holdfast::checker;

TEST_CASE("octets become hexadecimal digits") {
  CHECK(hex("") == "");
  CHECK(hex(std::string("\x00\x9f\xff", 3)) == "009fff");
}

TEST_CASE("what came from outside is shown short and printable") {
  CHECK(printable("ok \x1b[31m\r\n\xff") == "ok .[31m...");
  CHECK(printable("abcdef", 3) == "abc");
}
