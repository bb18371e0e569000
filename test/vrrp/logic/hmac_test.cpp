#include "vrrp/logic/hmac.h"

#include <catch2/catch.hpp>
#include <string_view>

namespace holdfast::vrrp {

namespace {

ByteView view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

TEST_CASE("the keyed hashes are those of RFC 2202 and RFC 4231") {
  const std::array<std::uint8_t, 16> md5 = {0x75, 0x0c, 0x78, 0x3e, 0x6a, 0xb0, 0xb5, 0x03,
                                            0xea, 0xa8, 0x6e, 0x31, 0x0a, 0x5d, 0xb7, 0x38};
  CHECK(hmac_md5(view("Jefe"), view("what do ya want for nothing?")) == md5);
  const auto sha = hmac_sha256(view("Jefe"), view("what do ya want for nothing?"));
  CHECK(sha[0] == 0x5b);
  CHECK(sha[31] == 0x43);
}

TEST_CASE("digests are the same only when every octet is") {
  CHECK(same_digest(view("abcd"), view("abcd")));
  CHECK_FALSE(same_digest(view("abcd"), view("abce")));
  CHECK_FALSE(same_digest(view("abcd"), view("abc")));
}

}  // namespace holdfast::vrrp
