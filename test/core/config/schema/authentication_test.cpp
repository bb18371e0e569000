#include <catch2/catch.hpp>

#include "core/config/schema/schemas.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("a password longer than 8 octets is cut with a message") {
  const Loaded loaded = load_text(instance("authentication {\n auth_type PASS\n auth_pass 123456789\n}"));
  CHECK(loaded.config.vrrp_instances.at(0).auth_pass == "12345678");
  CHECK(exit_code(loaded.diagnostics) == 5);
}

TEST_CASE("AH is read and said not to be used") {
  const Loaded loaded = load_text(instance("authentication {\n auth_type AH\n auth_pass x\n}"));
  CHECK(loaded.config.vrrp_instances.at(0).authentication == Authentication::Ah);
  CHECK(mentions(loaded, "auth_type AH is read but not used in this version"));
  CHECK(exit_code(loaded.diagnostics) == 0);
}

TEST_CASE("auth_hmac is validated") {
  CHECK_FALSE(load_text(instance("auth_hmac {\n key 1 hex:00\n active_key 1\n mode enforce\n}"))
                  .diagnostics.has(Severity::Warning));
  CHECK(mentions(load_text(instance("auth_hmac {\n mode strict\n}")), "invalid value 'strict' for mode"));
}
