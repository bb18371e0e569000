#include "core/log/bounded_queue.h"

#include <catch2/catch.hpp>

using namespace holdfast;

namespace {

LogLine line(std::string text) {
  return {Level::Info, 1, "Keepalived", 7, std::move(text)};
}

std::vector<std::string> drain(BoundedLogQueue& queue) {
  std::vector<std::string> texts;
  while (auto next = queue.pop()) texts.push_back(next->text);
  return texts;
}

}  // namespace

TEST_CASE("lines_come_out_in_order") {
  BoundedLogQueue queue(3);
  CHECK(queue.push(line("a")));
  CHECK(queue.push(line("b")));
  CHECK(drain(queue) == std::vector<std::string>{"a", "b"});
  CHECK(queue.empty());
}

TEST_CASE("newest_lines_are_dropped_and_counted_where_they_are_missing") {
  BoundedLogQueue queue(3);
  for (const char* text : {"a", "b", "c"}) CHECK(queue.push(line(text)));
  CHECK_FALSE(queue.push(line("d")));
  CHECK_FALSE(queue.push(line("e")));
  queue.pop();
  CHECK_FALSE(queue.push(line("f")));  // the line about the loss needs room too
  queue.pop();
  CHECK(queue.push(line("g")));
  CHECK(drain(queue) == std::vector<std::string>{"c", "3 log lines lost", "g"});
  CHECK(queue.lost_in_all() == 3);
}

TEST_CASE("loss_is_told_even_when_nothing_follows") {
  BoundedLogQueue queue(1);
  queue.push(line("a"));
  queue.push(line("b"));
  CHECK_FALSE(queue.empty());
  CHECK(drain(queue) == std::vector<std::string>{"a", "1 log lines lost"});
  CHECK(queue.empty());
}

TEST_CASE("loss_line_carries_the_ident_of_what_was_lost") {
  BoundedLogQueue queue(0);
  queue.push(line("a"));
  const auto told = queue.pop();
  REQUIRE(told);
  CHECK(*told == LogLine{Level::Warning, 1, "Keepalived", 7, "1 log lines lost"});
}
