#include "core/config/made_interface.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;

namespace {
MadeInterface read(std::vector<std::string> words) {
  Node line;
  line.words = std::move(words);
  return MadeInterface::read(line);
}
using Places = std::vector<std::size_t>;
}  // namespace

TEST_CASE("the words of use_vmac may stand in any order") {
  const MadeInterface made =
      read({"use_vmac", "netlink_notify_msg", "02:00:00:00:01", "group", "7", "name", "foo", "bar"});
  CHECK(made.names == Places{6, 7});
  CHECK(made.macs == Places{2});
  CHECK(made.addresses.empty());
}

TEST_CASE("use_ipvlan has modes and an address") {
  const MadeInterface made = read({"use_ipvlan", "foo", "bridge", "10.0.0.7/24", "vepa"});
  CHECK(made.names == Places{1});
  CHECK(made.modes == Places{2, 4});
  CHECK(made.addresses == Places{3});
  CHECK(read({"use_ipvlan", "fe80::1"}).addresses == Places{1});
}

TEST_CASE("a MAC address has five or six octets") {
  CHECK(mac_octets("02:00:00:00:01")->size() == 5);
  CHECK(mac_octets("2:0:0:0:1:ff")->back() == 0xff);
  for (const char* text :
       {"", ":", "02:00:00:00", "02:00:00:00:01:02:03", "02:00:00:00:01:", "02:00:00:00:0g", "002:00:00:00:01"}) {
    INFO(text);
    CHECK_FALSE(mac_octets(text));
  }
}
