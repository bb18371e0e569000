#include <catch2/catch.hpp>

#include "core/config/schema/schemas.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
Loaded bfd(const std::string& lines) {
  return load_text("bfd_instance b {\n neighbor_ip 10.0.0.1\n" + lines + "\n}\n");
}
}  // namespace

TEST_CASE("a bfd_instance takes all of its keywords") {
  CHECK(messages(bfd("source_ip 10.0.0.2\nmin_rx 5.5\nmin_tx 10000\nidle_tx 1000\nmultiplier 255\npassive\nttl 1\n"
                     "hoplimit 9\nmax_hops -1\nmultihop\nweight -253 reverse\nvrrp\nchecker"))
            .empty());
}

TEST_CASE("values of a bfd_instance outside their range are reported") {
  for (const char* line : {"min_rx 0.5", "idle_tx 999", "multiplier 0", "ttl 256", "max_hops 256", "weight 254",
                           "weight 1 foo", "source_ip x", "nonsense"}) {
    INFO(line);
    CHECK(exit_code(bfd(line).diagnostics) == 5);
  }
  CHECK(exit_code(bfd("min_rx 10001").diagnostics) == 0);
}

TEST_CASE("a bfd_instance has a short name of its own and a neighbour") {
  CHECK(mentions(load_text("bfd_instance b {\n}\n"), "b has no neighbor address set"));
  CHECK(mentions(load_text("bfd_instance " + std::string(32, 'x') + " {\n}\n"), "too long"));
  CHECK(mentions(load_text("bfd_instance b {\n neighbor_ip ::1\n}\nbfd_instance b {\n}\n"), "BFD b already specified"));
}
