#include "core/base/mac_address.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("the virtual router's address carries family and VRID (RFC 9568 7.3)") {
  CHECK(MacAddress::virtual_router(Family::IPv4, 51).text() == "00:00:5e:00:01:33");
  CHECK(MacAddress::virtual_router(Family::IPv6, 255).text() == "00:00:5e:00:02:ff");
  CHECK(MacAddress::broadcast().text() == "ff:ff:ff:ff:ff:ff");
}

TEST_CASE("text of an Ethernet address reads back") {
  CHECK(MacAddress::parse("02:00:5E:10:0a:ff")->text() == "02:00:5e:10:0a:ff");
  CHECK(MacAddress::parse("2:0:5e:1:a:f")->text() == "02:00:5e:01:0a:0f");
}

TEST_CASE("what is no Ethernet address is refused") {
  for (const char* text : {"", ":", "02:00:5e:10:0a", "02:00:5e:10:0a:ff:01", "02:00:5e:10:0a:", "02:00:5e:10:0a:fg",
                           "02:00:5e:10:0a:100", "02-00-5e-10-0a-ff", "02::5e:10:0a:ff", "02:00:5e:10:0a:ff "}) {
    INFO(text);
    CHECK_FALSE(MacAddress::parse(text));
  }
}
