// Hashes for containers: every bit of what goes in reaches every bit of what comes out, so that keys which differ in a few low
// bits (numbers of interfaces, neighbouring addresses) spread. Not for what others could choose in order to collide.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/base/ip_address.h"

namespace holdfast {

/// One number (the finalizer of SplitMix64).
constexpr std::uint64_t hash_of(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

/// An address, and something beside it.
inline std::uint64_t hash_of(const IpAddress& address, std::uint64_t beside) {
  std::uint64_t halves[2] = {0, 0};
  const std::uint8_t* octets = address.bytes().data();
  if (address.is_v4())
    std::memcpy(halves, octets, 4);
  else
    std::memcpy(halves, octets, 16);
  const std::uint64_t family = address.is_v4() ? 0 : 1;
  // Odd numbers without a pattern (the digits of pi), one for each part.
  return hash_of(halves[0] * 0x243f6a8885a308d3U + halves[1] * 0x13198a2e03707345U +
                 (beside * 2 + family) * 0xa4093822299f31d1U);
}

}  // namespace holdfast
