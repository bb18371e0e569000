#include "core/manual/manual.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("every row of the catalogue is in the reference and in the man page") {
  const auto blocks = config::catalogue();
  const std::string reference = manual::reference(blocks), page = manual::man_page(blocks);
  std::size_t rows = 0, lines = 0, entries = 0;
  for (const auto& block : blocks) rows += block.rows.size();
  for (std::size_t at = reference.find("\n| `"); at != std::string::npos; at = reference.find("\n| `", at + 1)) ++lines;
  for (std::size_t at = page.find("\n.TP\n"); at != std::string::npos; at = page.find("\n.TP\n", at + 1)) ++entries;
  CHECK(lines == rows);
  CHECK(entries == rows);
}

TEST_CASE("what would be a request or an escape in the man page is text") {
  config::RowInfo row;
  row.keyword = ".x\\y";
  const std::string page = manual::man_page({{"block", "A block.", {row}}});
  CHECK(page.find(".B \\&.x\\ey\n") != std::string::npos);
}
