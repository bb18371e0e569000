#include "core/base/hash.h"

#include <catch2/catch.hpp>
#include <set>

namespace holdfast {

TEST_CASE("neighbouring numbers and addresses spread over few bits") {
  std::set<std::uint64_t> numbers, addresses, beside;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    numbers.insert(hash_of(i) % 4096);
    addresses.insert(hash_of(IpAddress::v4(0x0a000000 + i), 7) % 4096);
    beside.insert(hash_of(IpAddress::v4(0x0a000000), i) % 4096);
  }
  for (const auto& seen : {numbers, addresses, beside}) CHECK(seen.size() > 850);  // 890 of 1000 by chance
}

TEST_CASE("every octet and the family of an address count") {
  const auto hash = [](const char* text) { return hash_of(*IpAddress::parse(text), 0); };
  std::set<std::uint64_t> seen{hash("0.0.0.0"), hash("::"),        hash("::1"),
                               hash("1::"),     hash("0:0:0:1::"), hash("0.0.0.1")};
  CHECK(seen.size() == 6);
  CHECK(hash("10.0.0.1") == hash("10.0.0.1"));
}

}  // namespace holdfast
