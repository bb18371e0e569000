#include "core/config/digest.h"

#include <catch2/catch.hpp>

#include "core/config/packed.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
std::uint64_t of(const std::string& text) {
  return digest(load_text(text).tree);
}
}  // namespace

TEST_CASE("comments, blanks and places do not change the digest") {
  CHECK(of("a b {\n c\n}\n") == of("# x\n\n a   b\n{\nc }\n"));
}

TEST_CASE("words, their borders and the structure do") {
  CHECK(of("a b") != of("a c"));
  CHECK(of("a bc") != of("ab c"));
  CHECK(of("a\nb") != of("a b"));
  CHECK(of("a {\n b\n}\nc") != of("a {\n b\n c\n}"));
  CHECK(of("a {\n}") != of("a"));
}

TEST_CASE("the digest is the same in every release") {
  CHECK(of("instance x\n") == 0xe444dfd75c5aae6d);
}

TEST_CASE("a packed block has the digest of its lines") {
  const std::string text =
      "virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n  TCP_CHECK {\n  }\n }\n lb_algo rr\n}\nx\n";
  const Tree packed = load_text(text).tree;
  Tree open = packed;
  open.roots[0].packed = PackedLines();
  REQUIRE(unpack(packed.roots[0].packed, open.roots[0].children));
  CHECK(open.roots[0].children.size() == 2);
  CHECK(digest(open) == digest(packed));
}
