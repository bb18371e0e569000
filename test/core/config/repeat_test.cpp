#include "core/config/repeat.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;

namespace {
std::vector<std::string> values(const std::string& line) {
  std::vector<std::string> all;
  const auto repeat = parse_repeat(line);
  if (!repeat) return {"malformed"};
  for (const Repeat::Round& round : repeat->rounds) {
    for (const auto& [name, value] : round) all.push_back(name + "=" + value);
  }
  return all;
}
using Strings = std::vector<std::string>;
}  // namespace

TEST_CASE("~SEQ counts to the end, from a start, in steps, down, and in hex") {
  CHECK(values("~SEQ(A, 3) x") == Strings{"A=1", "A=2", "A=3"});
  CHECK(values("~SEQ(A, 3, 4) x") == Strings{"A=3", "A=4"});
  CHECK(values("~SEQ(A, 1, 5, 11) x") == Strings{"A=1", "A=6", "A=11"});
  CHECK(values("~SEQ(A, 2, -1, 1) x") == Strings{"A=2", "A=1"});
  CHECK(values("~SEQx(A, 9, 10) x") == Strings{"A=9", "A=a"});
}

TEST_CASE("~LST takes its values one by one or in groups") {
  CHECK(values("~LST(A, x,y) t") == Strings{"A=x", "A=y"});
  CHECK(values("~LST({A,B},{1,x},{2,y}) t") == Strings{"A=1", "B=x", "A=2", "B=y"});
  CHECK(parse_repeat("~LST(A, x)  rest of it ")->rest == "rest of it");
}

TEST_CASE("a repetition that is malformed, endless or huge is refused") {
  for (const char* line : {"~SEQ(A) x", "~SEQ(A, 1, 0, 5) x", "~SEQ(A, x) x", "~SEQ(A, 1", "~SEQ(A, 0, 1, 99999999) x",
                           "~SEQ 3 x", "~LST({A,B},{1}) x", "~SEQ(A,1,2,3,4) x"}) {
    INFO(line);
    CHECK_FALSE(parse_repeat(line));
  }
}
