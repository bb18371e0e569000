#include "core/config/schema/option_table.h"

#include <catch2/catch.hpp>
#include <set>

using namespace holdfast::config;

TEST_CASE("an option is found by its word, a documenting row is not") {
  CHECK(route_entry_table().find("mtu") != nullptr);
  CHECK(route_entry_table().find("(destination)") == nullptr);
  CHECK(route_entry_table().find("lock") == nullptr);
}

TEST_CASE("words of each table are unique") {
  for (const OptionTable* table : option_tables()) {
    std::set<std::string> seen;
    for (const Option& option : table->options()) {
      INFO(table->path() << " " << option.keyword);
      CHECK(seen.insert(option.keyword).second);
    }
  }
}
