#include "core/base/checksum.h"

#include "core/base/assert.h"

namespace holdfast {
namespace {

std::uint32_t sum_words(ByteView bytes, std::uint32_t sum) {
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) {
    sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  if (i < bytes.size()) sum += static_cast<std::uint32_t>(bytes[i] << 8);
  return sum;
}

std::uint16_t finish(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

std::uint16_t internet_checksum(ByteView bytes) {
  return finish(sum_words(bytes, 0));
}

std::uint16_t internet_checksum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                ByteView bytes) {
  ASSERT(source.family() == destination.family());
  std::uint32_t sum = sum_words(source.bytes(), 0);
  sum = sum_words(destination.bytes(), sum);
  // IPv4: zero, protocol, 16-bit length. IPv6: 32-bit length, three zeros, next header. As sums they are the same thing.
  sum += static_cast<std::uint32_t>(bytes.size());
  sum += protocol;
  return finish(sum_words(bytes, sum));
}

}  // namespace holdfast
