#include "core/base/bytes.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("numbers are big-endian in both directions") {
  ByteWriter out;
  out.u8(0x01);
  out.u16(0x0203);
  out.u32(0x04050607);
  out.u64(0x08090a0b0c0d0e0f);
  const Bytes expected{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  CHECK(out.bytes() == expected);
  ByteReader in(out.bytes());
  CHECK(in.u8() == 0x01);
  CHECK(in.u16() == 0x0203);
  CHECK(in.u32() == 0x04050607);
  CHECK(in.u64() == 0x08090a0b0c0d0e0f);
  CHECK(in.remaining() == 0);
  CHECK_FALSE(in.failed());
}

TEST_CASE("a reader that ran past its end stays failed and gives zeros") {
  const Bytes bytes{1, 2, 3};
  ByteReader in(bytes);
  CHECK(in.u32() == 0);
  CHECK(in.failed());
  CHECK(in.u8() == 0);
  CHECK(in.take(1).empty());
  CHECK(in.remaining() == 3);
}

TEST_CASE("a reader refuses lengths that would overflow its position") {
  const Bytes bytes{1, 2, 3};
  ByteReader in(bytes);
  in.skip(1);
  CHECK(in.take(SIZE_MAX).empty());
  CHECK(in.failed());
}

TEST_CASE("taking everything, and nothing, is no failure") {
  const Bytes bytes{1, 2};
  ByteReader in(bytes);
  CHECK(in.take(0).empty());
  CHECK(in.take(2).size() == 2);
  CHECK(in.position() == 2);
  CHECK(in.take(0).empty());
  CHECK_FALSE(in.failed());
}

TEST_CASE("a patch overwrites two octets and nothing else") {
  ByteWriter out;
  out.zeros(4);
  out.patch_u16(1, 0xbeef);
  CHECK(out.bytes() == Bytes{0, 0xbe, 0xef, 0});
  out.put(Bytes{9});
  CHECK(out.size() == 5);
  CHECK(out.take() == Bytes{0, 0xbe, 0xef, 0, 9});
}
