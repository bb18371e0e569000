#include <catch2/catch.hpp>

#include "core/config/lint_definitions.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
std::string session(const std::string& name, const std::string& lines) {
  return "bfd_instance " + name + " {\n" + lines + "\n}\n";
}
int code(const std::string& text) {
  return exit_code(load_text(text).diagnostics);
}
}  // namespace

TEST_CASE("two sessions between the same addresses are one too many") {
  CHECK(mentions(load_text(session("a", " neighbor_ip 10.0.0.9") + session("b", " neighbour_ip 10.0.0.9")),
                 "k.conf:5:2: BFD instance b has the same neighbor 10.0.0.9 as a, ignoring instance"));
  const std::string both = " neighbor_ip 10.0.0.9\n source_ip 10.0.0.1";
  CHECK(code(session("a", both) + session("b", both)) == 5);
  CHECK(code(session("a", both) + session("b", " neighbor_ip 10.0.0.9\n source_ip 10.0.0.2")) == 0);
}

TEST_CASE("both addresses of a session have one family") {
  CHECK(mentions(load_text(session("a", " neighbor_ip 10.0.0.9\n source_ip fe80::1")),
                 "source fe80::1 and neighbor 10.0.0.9 are not of the same family"));
}

TEST_CASE("no packet comes farther than it lives") {
  CHECK(code(session("a", " neighbor_ip 10.0.0.9\n max_hops 10\n ttl 5")) == 5);
  CHECK(code(session("a", " neighbor_ip 10.0.0.9\n max_hops 5\n ttl 5")) == 0);
  CHECK(code(session("a", " neighbor_ip 10.0.0.9\n max_hops -1")) == 0);
}
