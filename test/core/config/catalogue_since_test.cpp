#include "core/config/catalogue_since.h"

#include <catch2/catch.hpp>

#include "core/config/catalogue.h"

using namespace holdfast::config;

TEST_CASE("a shared keyword is as old as the block's own fact says, else as the row") {
  CHECK(stated_since("TCP_CHECK", "connect_timeout") == "0.5.3");
  CHECK(stated_since("PING_CHECK", "connect_timeout").empty());
  for (const CatalogueBlock& block : catalogue()) {
    if (block.path != "virtual_server/real_server/TCP_CHECK") continue;
    CHECK(block.find("connect_timeout")->since == "0.5.3");
    CHECK(block.find("alpha")->since == "1.3.7");
  }
}
