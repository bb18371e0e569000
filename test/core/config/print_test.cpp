#include "core/config/print.h"

#include <catch2/catch.hpp>

#include "core/config/digest.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("the printed tree reads back as the same tree") {
  const std::string text =
      "global_defs {\n router_id \"a b\"\n}\nvrrp_instance \"\" {\n notify \"/x 'a \\\"b' c\" u\n empty {\n }\n x "
      "\"#!{}\"\n}\n";
  const Tree first = load_text(text).tree;
  const Tree second = load_text(print(first)).tree;
  CHECK(digest(first) == digest(second));
  CHECK(print(first) == print(second));
}

TEST_CASE("the canonical form has four blanks a level and quotes only where needed") {
  CHECK(print(load_text("a{b \"c\"\nd \"e f\"}").tree) == "a {\n    b c\n    d \"e f\"\n}\n");
}
