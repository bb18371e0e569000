#include <catch2/catch.hpp>

#include "core/config/schema/schemas.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("a password longer than 8 octets is cut with a message") {
  const Loaded loaded = load_text(instance("authentication {\n auth_type PASS\n auth_pass 123456789\n}"));
  CHECK(*loaded.config.vrrp_instances.at(0).auth_pass == "12345678");
  CHECK(exit_code(loaded.diagnostics) == 5);
}

TEST_CASE("AH is used, but not with state MASTER") {
  const Loaded loaded =
      load_text(instance("state MASTER\npriority 100\nauthentication {\n auth_type AH\n auth_pass x\n}"));
  CHECK(loaded.config.vrrp_instances.at(0).authentication == Authentication::Ah);
  CHECK_FALSE(loaded.config.vrrp_instances.at(0).wants_master);
  CHECK_FALSE(mentions(loaded, "not used in this version"));
}

namespace {

std::string hmac(const std::string& lines, const std::string& more = "") {
  return instance("auth_hmac {\n" + lines + "\n}\n" + more);
}
const std::string kText(32, 'k');

}  // namespace

TEST_CASE("auth_hmac is read with keys as text and as digits") {
  const Loaded loaded = load_text(hmac("key 1 " + kText + "\nkey 255 hex:" + std::string(64, 'a') +
                                       "\nactive_key 255\ntime_window 9\nanti_replay monotonic\nmode permissive"));
  CHECK(messages(loaded).empty());
  REQUIRE(loaded.config.vrrp_instances.at(0).hmac);
  const AuthHmac& read = *loaded.config.vrrp_instances[0].hmac;
  CHECK(read.keys == std::vector<HmacKey>{{1, kText}, {255, std::string(32, '\xaa')}});
  CHECK(read.active_key == 255);
  CHECK(read.time_window == holdfast::seconds(9));
  CHECK(read.monotonic);
  CHECK(read.mode == HmacMode::Permissive);
}

TEST_CASE("keys that cannot be used are refused, and auth_hmac without an active one") {
  for (const std::string& key : {std::string(31, 'k'), std::string(65, 'k'), "hex:" + std::string(63, 'a'),
                                 "hex:" + std::string(64, 'z'), std::string("file:/none")}) {
    const Loaded loaded = load_text(hmac("key 1 " + key + "\nactive_key 1"));
    CHECK(mentions(loaded, "auth_hmac key 1 cannot be used"));
    CHECK(mentions(loaded, "auth_hmac has no usable active_key"));
    CHECK_FALSE(loaded.config.vrrp_instances.at(0).hmac);
  }
  CHECK(mentions(load_text(hmac("key 1 " + kText + "\nkey 1 " + kText + "\nactive_key 1")), "given twice"));
  CHECK(mentions(load_text(hmac("mode strict")), "invalid value 'strict' for mode"));
}

TEST_CASE("auth_hmac and authentication together leave auth_hmac") {
  const Loaded loaded =
      load_text(hmac("key 1 " + kText + "\nactive_key 1", "authentication {\n auth_type PASS\n auth_pass x\n}"));
  CHECK(mentions(loaded, "auth_hmac cannot be combined with authentication"));
  CHECK(loaded.config.vrrp_instances.at(0).authentication == Authentication::None);
  CHECK(loaded.config.vrrp_instances.at(0).hmac);
}
