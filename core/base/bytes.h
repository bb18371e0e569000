// Reading and writing big-endian bytes with every length checked. A reader that has run past its end stays failed and gives
// zeros, so a codec may read a whole header and ask once at the end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace holdfast {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  /// The next `count` bytes; empty, and failed, when there are fewer.
  ByteView take(std::size_t count);
  void skip(std::size_t count) { take(count); }

  bool failed() const { return failed_; }
  std::size_t remaining() const { return bytes_.size() - at_; }
  std::size_t position() const { return at_; }

 private:
  std::uint64_t number(std::size_t octets);

  ByteView bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

class ByteWriter {
 public:
  ByteWriter() = default;
  /// Room for so many octets at first.
  explicit ByteWriter(std::size_t expected) { bytes_.reserve(expected); }
  void u8(std::uint8_t v) { number(v, 1); }
  void u16(std::uint16_t v) { number(v, 2); }
  void u32(std::uint32_t v) { number(v, 4); }
  void u64(std::uint64_t v) { number(v, 8); }
  void put(ByteView bytes);
  void zeros(std::size_t count);
  /// Overwrites two bytes already written, for a checksum or a length known late.
  void patch_u16(std::size_t at, std::uint16_t v);

  std::size_t size() const { return bytes_.size(); }
  const Bytes& bytes() const { return bytes_; }
  Bytes take() { return std::move(bytes_); }

 private:
  void number(std::uint64_t v, std::size_t octets);

  Bytes bytes_;
};

}  // namespace holdfast
