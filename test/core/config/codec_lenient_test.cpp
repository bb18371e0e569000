#include <catch2/catch.hpp>

#include "core/config/codec.h"
#include "core/config/render.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

template <class Codec>
auto parse(const Codec& codec, const std::string& line, int& exit) {
  Diagnostics diagnostics;
  Node node{{}, {}, {}, {1, 1, 0}, false, {}};
  for (std::size_t from = 0; from <= line.size();) {
    const std::size_t end = std::min(line.find(' ', from), line.size());
    node.words.push_back(line.substr(from, end - from));
    from = end + 1;
  }
  auto value = codec.parse(node, diagnostics);
  exit = exit_code(diagnostics);
  return value;
}

int code(const std::string& globals) {
  return exit_code(load_text("global_defs {\n" + globals + "\n}\n").diagnostics);
}

}  // namespace

TEST_CASE("a word that is no boolean counts as true where 2.2.7 does not look at it") {
  int exit = -1;
  CHECK(parse(Switch{}, "alpha", exit) == true);
  CHECK(parse(Switch{}, "alpha no", exit) == false);
  CHECK(parse(Switch{}, "alpha foo", exit) == true);
  CHECK(exit == 0);
  CHECK(code("vrrp_strict foo") == 0);
  CHECK(code("v3_checksum_as_v2 foo") == 5);
}

TEST_CASE("a weight beyond IPVS's counts as the greatest") {
  int exit = -1;
  CHECK(parse(ServerWeight{0}, "weight 65535", exit) == 65535);
  CHECK(parse(ServerWeight{0}, "weight 70000", exit) == 65535);
  CHECK(exit == 0);
  CHECK_FALSE(parse(ServerWeight{1}, "weight 0", exit));
  CHECK(exit == 5);
  CHECK_FALSE(parse(ServerWeight{0}, "weight 99999999999", exit));
}

TEST_CASE("an empty number counts as 0, and a plus sign is one") {
  int exit = -1;
  Node node{{"priority", ""}, {1, 1}, {}, {1, 1, 0}, false, {}};
  Diagnostics diagnostics;
  CHECK(parse_integer(node, 1, 0, 9, diagnostics) == 0);
  CHECK(exit_code(diagnostics) == 0);
  CHECK_FALSE(parse_integer(node, 1, 1, 9, diagnostics));
  CHECK(parse(Integer{0, 9}, "x +3", exit) == 3);
  CHECK(parse(Seconds{holdfast::Duration::zero(), holdfast::seconds(9), 6}, "x +3", exit) == holdfast::seconds(3));
}

TEST_CASE("a line without its value ends the reading only where it ends keepalived's") {
  CHECK(code("startup_script") == 5);
  CHECK(code("smtp_helo_name") == 0);
  CHECK(code("vrrp_garp_master_delay") == 2);
}
