#include "checker/logic/failure.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace holdfast::checker;

TEST_CASE("every failure has a word of its own") {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Failure::FileValue); ++i) {
    const std::string_view word = failure_word(static_cast<Failure>(i));
    INFO(i << " " << word);
    CHECK(words.insert(word).second);
    CHECK(word != "unknown");
    CHECK(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
  }
}
