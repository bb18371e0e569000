#include "core/base/hash.h"

#include <cstring>

namespace holdfast {

std::uint64_t hash_of(const IpAddress& address, std::uint64_t beside) {
  std::uint64_t halves[2] = {0, 0};
  const ByteView octets = address.bytes();
  std::memcpy(halves, octets.data(), octets.size());
  return hash_of(hash_of(hash_of(beside) + halves[0]) + halves[1] + (address.is_v4() ? 1U : 0U));
}

}  // namespace holdfast
