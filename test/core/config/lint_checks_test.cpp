// Tried with keepalived 2.2.7.
#include "core/config/lint_checks.h"

#include <catch2/catch.hpp>

#include "test/core/config/lvs_support.h"

using namespace holdfast::config;

TEST_CASE("a check goes out from an address of the family that it goes to") {
  const Loaded loaded = load_text(service("", "TCP_CHECK {\n connect_ip 10.0.0.3\n bindto fe80::1\n}"));
  CHECK(mentions(loaded, "k.conf:9:2: bindto fe80::1 is not of the family of 10.0.0.3"));
  CHECK(exit_code(loaded.diagnostics) == 5);
  CHECK_FALSE(only_check(loaded).endpoint.bind_address);
  const Loaded of_server = load_text(service("", "SMTP_CHECK {\n host {\n bindto fe80::1\n }\n}"));
  CHECK(mentions(of_server, "k.conf:9:2: bindto fe80::1 is not of the family of 10.0.0.2"));
  CHECK(exit_code(load_text(service("", "TCP_CHECK {\n bindto 10.0.0.9\n}")).diagnostics) == 0);
}

TEST_CASE("a link-local address needs an interface, else there is no check") {
  const Loaded loaded = load_text(service("", "TCP_CHECK {\n connect_ip fe80::1\n}"));
  CHECK(mentions(loaded, "link-local address fe80::1 cannot be reached without an interface - ignoring TCP_CHECK"));
  CHECK(only_real(loaded).checks.empty());
  CHECK(exit_code(load_text(service("", "TCP_CHECK {\n connect_ip fe80::1\n bind_if eth0\n}")).diagnostics) == 0);
}

TEST_CASE("checks without a connection have no address to agree on") {
  CHECK(exit_code(
            load_text("virtual_server fe80::1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server fe80::2 80 "
                      "{\n MISC_CHECK {\n misc_path /x\n }\n }\n}\n")
                .diagnostics) == 0);
}
