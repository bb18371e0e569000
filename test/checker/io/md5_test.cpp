#include "checker/io/md5.h"

#include <catch2/catch.hpp>

using namespace holdfast::checker;

TEST_CASE("the digest of RFC 1321's test suite, in pieces too") {
  const auto whole = make_md5();
  whole->add("message digest");
  CHECK(hex(whole->finish()) == "f96b697d7cb7938d525a2f31aaf161d0");
  const auto pieces = make_md5();
  pieces->add("mess");
  pieces->add("");
  pieces->add("age digest");
  CHECK(hex(pieces->finish()) == "f96b697d7cb7938d525a2f31aaf161d0");
  CHECK(hex(make_md5()->finish()) == "d41d8cd98f00b204e9800998ecf8427e");
}
