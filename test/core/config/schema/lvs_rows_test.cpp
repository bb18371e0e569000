#include "core/config/schema/lvs_rows.h"

#include <catch2/catch.hpp>

#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
ForwardingMethod method_of(const std::string& words) {
  return only_server(load_text(service("lvs_method " + words))).method;
}
}  // namespace

TEST_CASE("a forwarding method is a kind, and for a tunnel its type, port and checksum") {
  CHECK(method_of("NAT").kind == Forwarding::Nat);
  CHECK(method_of("DR").kind == Forwarding::DirectRoute);
  CHECK(method_of("TUN") == ForwardingMethod{Forwarding::Tunnel, TunnelType::Ipip, 0, TunnelChecksum::None});
  CHECK(method_of("TUN type gue port 6080 remcsum") ==
        ForwardingMethod{Forwarding::Tunnel, TunnelType::Gue, 6080, TunnelChecksum::Remote});
  CHECK(method_of("TUN type gre csum") ==
        ForwardingMethod{Forwarding::Tunnel, TunnelType::Gre, 0, TunnelChecksum::Checksum});
}

TEST_CASE("tunnel options that do not go together are refused in keepalived's words") {
  CHECK(mentions(load_text(service("lvs_method TUN type foo")), "Unknown tunnel type foo for virtual server."));
  CHECK(mentions(load_text(service("lvs_method TUN type gue")), "gue tunnels require port, otherwise cannot have"));
  CHECK(mentions(load_text(service("lvs_method TUN type gre port 5")), "gue tunnels require port"));
  CHECK(mentions(load_text(service("lvs_method TUN type gre remcsum")), "gre tunnels do not support remote checksum"));
  CHECK(mentions(load_text(service("lvs_method TUN csum")), "ipip tunnels do not support checksum"));
  CHECK(mentions(load_text(service("lvs_method TUN foo")), "Invalid tunnel option foo for virtual server."));
  CHECK(mentions(load_text(service("lvs_method TUN type")), "missing a parameter after keyword `type`"));
  CHECK(mentions(load_text(service("lvs_method dr")), "PARSER : unknown [dr] routing method for virtual server."));
}

TEST_CASE("an address that is none is refused with the keyword") {
  CHECK(
      mentions(load_text(service("", "TCP_CHECK {\n bindto x\n}")), "k.conf:8:9: Invalid bindto address x - ignoring"));
}
