#include "core/base/bytes.h"

#include "core/base/assert.h"

namespace holdfast {

ByteView ByteReader::take(std::size_t count) {
  if (failed_ || count > remaining()) {
    failed_ = true;
    return {};
  }
  const ByteView taken = bytes_.subspan(at_, count);
  at_ += count;
  return taken;
}

std::uint64_t ByteReader::number(std::size_t octets) {
  std::uint64_t v = 0;
  for (const std::uint8_t octet : take(octets)) v = v << 8 | octet;
  return v;
}

std::uint8_t ByteReader::u8() {
  return static_cast<std::uint8_t>(number(1));
}
std::uint16_t ByteReader::u16() {
  return static_cast<std::uint16_t>(number(2));
}
std::uint32_t ByteReader::u32() {
  return static_cast<std::uint32_t>(number(4));
}
std::uint64_t ByteReader::u64() {
  return number(8);
}

void ByteWriter::number(std::uint64_t v, std::size_t octets) {
  for (std::size_t i = octets; i-- > 0;) bytes_.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
}

void ByteWriter::put(ByteView bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void ByteWriter::zeros(std::size_t count) {
  bytes_.insert(bytes_.end(), count, 0);
}

void ByteWriter::patch_u16(std::size_t at, std::uint16_t v) {
  ASSERT(at + 2 <= bytes_.size());
  bytes_[at] = static_cast<std::uint8_t>(v >> 8);
  bytes_[at + 1] = static_cast<std::uint8_t>(v);
}

}  // namespace holdfast
