#include "core/config/lint_quorum.h"

#include <catch2/catch.hpp>

#include "test/core/config/lvs_support.h"

using namespace holdfast::config;

TEST_CASE("a quorum that could never be reached is said, with what to write") {
  const Loaded loaded = load_text(service("quorum 5"));
  CHECK(mentions(loaded,
                 "quorum 5 for [10.0.0.1]:tcp:80 exceeds total weight of real servers 1, reducing quorum to 1, "
                 "expected quorum up to 1, or more weight"));
  CHECK(only_server(loaded).quorum == 1);
  const Loaded weightless = load_text(service("", "weight 0"));
  CHECK(mentions(weightless, "quorum 1 for [10.0.0.1]:tcp:80 exceeds total weight of real servers 0, expected"));
  CHECK(only_server(weightless).quorum == 1);
  CHECK(mentions(load_text(service("hysteresis 4")), "hysteresis 4 >= quorum 1; setting hysteresis to 0, expected"));
}

TEST_CASE("a real server that is the sorry server decides about inhibit for both") {
  const std::string sorry = " sorry_server 10.0.0.2 80\n";
  const Loaded cleared = load_text(service(sorry + " sorry_server_inhibit"));
  CHECK(mentions(cleared, "is also the sorry server, but only one of them has inhibit - clearing it"));
  CHECK(exit_code(cleared.diagnostics) == 5);
  CHECK_FALSE(only_server(cleared).sorry_server_inhibit);
  const Loaded set = load_text(service(sorry, " inhibit_on_failure"));
  CHECK(exit_code(set.diagnostics) == 5);
  CHECK(only_server(set).sorry_server_inhibit);
  CHECK(exit_code(load_text(service(sorry + " sorry_server_inhibit", " inhibit_on_failure")).diagnostics) == 0);
  CHECK(exit_code(load_text(service(" sorry_server 10.0.0.3 80\n sorry_server_inhibit")).diagnostics) == 0);
}

TEST_CASE("there is nothing to inhibit without a sorry server") {
  const Loaded loaded = load_text(service("sorry_server_inhibit"));
  CHECK(mentions(loaded, "sorry_server_inhibit without a sorry_server - ignoring"));
  CHECK_FALSE(only_server(loaded).sorry_server_inhibit);
}
