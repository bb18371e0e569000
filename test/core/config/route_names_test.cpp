#include "core/config/route_names.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("lines of iproute2's files are numbers and names; the rest is passed over") {
  std::map<std::string, std::uint32_t, std::less<>> names;
  read_route_names("# reserved\n255\tlocal\n 0x10  hex # comment\n#1 off\nword name\n7\n\n300 mgmt", names);
  CHECK(names.size() == 3);
  CHECK(names["local"] == 255);
  CHECK(names["hex"] == 16);
  CHECK(names["mgmt"] == 300);
}

TEST_CASE("names of the files count beside those that ip knows itself") {
  FakeMachine machine;
  machine.route_names["/etc/iproute2/rt_tables"] = {"300 mgmt\n", "301 10net\n"};
  RouteNames names(machine);
  CHECK(names.find(NameTable::Tables, "mgmt") == 300U);
  CHECK(names.find(NameTable::Tables, "10net") == 301U);
  CHECK(names.find(NameTable::Tables, "main") == 254U);
  CHECK(names.find(NameTable::Scopes, "link") == 253U);
  CHECK(names.find(NameTable::Protocols, "bgp") == 186U);
  CHECK_FALSE(names.find(NameTable::Tables, "nosuch"));
  CHECK_FALSE(names.find(NameTable::Realms, "mgmt"));
}

TEST_CASE("messages show where names are kept") {
  FakeMachine machine;
  RouteNames names(machine, {{}, "/tmp/ip"});
  CHECK(names.examples(NameTable::Tables) == "default, local, main, or another name in /tmp/ip/rt_tables");
}
