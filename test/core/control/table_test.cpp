#include "core/control/table.h"

#include <catch2/catch.hpp>

using holdfast::control::Table;

TEST_CASE("columns are as wide as their widest cell") {
  Table table({"NAME", "N"});
  table.row({{"a"}, {"1"}});
  table.row({{"longer"}, {"2"}});
  CHECK(table.text() == "NAME    N\na       1\nlonger  2\n");
}

TEST_CASE("colour and UTF-8 do not shift the columns") {
  Table table({"NAME", "N"});
  table.row({{"bad", "\033[31mbad\033[0m"}, {"1"}});
  table.row({{"grün"}, {"2"}});
  table.note("why");
  CHECK(table.text() == "NAME  N\n\033[31mbad\033[0m   1\ngrün  2\n  why\n");
}

TEST_CASE("a table without rows is nothing") {
  CHECK(Table({"NAME"}).text().empty());
}
