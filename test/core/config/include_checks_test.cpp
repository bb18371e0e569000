#include "core/config/include_checks.h"

#include <catch2/catch.hpp>

using holdfast::config::IncludeChecks;

namespace {

IncludeChecks after(IncludeChecks before, std::vector<std::string> words) {
  before.obey(words);
  return before;
}

}  // namespace

TEST_CASE("include_check without a word means all, a first word without a sign starts anew") {
  CHECK(after({}, {}) == IncludeChecks::all());
  CHECK(after(IncludeChecks::all(), {"match"}) == IncludeChecks{false, true, false, false});
  CHECK(after({}, {"+read", "+brace_match"}) == IncludeChecks{true, false, false, true});
  CHECK(after(IncludeChecks::all(), {"-read"}) == IncludeChecks{false, true, true, true});
  CHECK(after({}, {"nonsense"}) == IncludeChecks{});
}

TEST_CASE("the words of some modes give these modes again") {
  for (const IncludeChecks& checks :
       {IncludeChecks{}, IncludeChecks::all(), IncludeChecks{false, true, false, true}, IncludeChecks{true}}) {
    const std::vector<std::string> words = checks.words();
    CHECK((words.empty() ? IncludeChecks{} : after({}, words)) == checks);
  }
}
