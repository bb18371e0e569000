// Tried with keepalived 2.2.7.
#include <catch2/catch.hpp>

#include "core/config/lint_definitions.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
int code(const std::string& lines) {
  return exit_code(load_text(instance(lines)).diagnostics);
}
}  // namespace

TEST_CASE("an interface is made by one instance only") {
  const std::string second =
      "vrrp_instance J {\n interface eth0\n virtual_router_id 2\n virtual_ipaddress {\n 10.0.0.2\n }\n";
  CHECK(mentions(load_text(instance("use_vmac foo") + second + " use_vmac foo\n}\n"),
                 "k.conf:15:11: (J) VRRP instance I is already using foo - ignoring name"));
  CHECK_FALSE(mentions(load_text(instance("use_vmac foo") + second + " use_vmac bar\n}\n"), "already using"));
  CHECK(mentions(load_text(instance("use_ipvlan foo 10.0.0.7") + second + " use_vmac foo\n}\n"), "already using"));
}

TEST_CASE("names of made interfaces are names of interfaces, and one is enough") {
  for (const char* lines : {"use_vmac aaaaaaaaaabbbbbb", "use_vmac foo/bar", "use_vmac foo\nuse_vmac bar",
                            "use_vmac name foo bar", "use_vmac foo\nuse_ipvlan 10.0.0.7"}) {
    INFO(lines);
    CHECK(code(lines) == 5);
  }
  CHECK(code("use_vmac") == 0);
  CHECK(code("use_vmac name foo group 3 netlink_notify_msg 02:00:00:00:01") == 0);
}

TEST_CASE("a MAC address is one that an interface can have and no VRID has") {
  CHECK(mentions(load_text(instance("use_vmac 01:02:03:04:05:06")), "is multicast"));
  CHECK(mentions(load_text(instance("use_vmac 00:00:5e:00:01:06")), "RFC 9568"));
  CHECK(mentions(load_text(instance("use_vmac 02:02:03:04:05:zz")), "Invalid MAC address"));
  CHECK(code("use_vmac 02:02:03:04:05:06") == 0);
}

TEST_CASE("an ipvlan has one mode, and in IPv4 an address to send from") {
  CHECK(mentions(load_text(instance("use_ipvlan")), "has no address to send from"));
  CHECK(code("use_ipvlan") == 5);
  CHECK(code("use_ipvlan foo 10.0.0.7") == 0);
  CHECK(code("use_ipvlan private vepa 10.0.0.7") == 5);
  CHECK(mentions(load_text(instance("use_ipvlan foo fe80::1")), "does not match the family"));
  CHECK(exit_code(load_text(instance("use_ipvlan", "fe80::5")).diagnostics) == 0);
}
