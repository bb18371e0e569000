#include "core/config/definitions.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;
using Lines = std::vector<std::string>;

namespace {
Definitions definitions() {
  return {"node1",
          [](const std::string& name) { return name == "HOME" ? std::optional<std::string>("/root") : std::nullopt; },
          7};
}
}  // namespace

TEST_CASE("a definition is a name with an equals sign right behind it") {
  CHECK(defined_name("$A=1") == "A");
  CHECK(defined_name("$_a1=") == "_a1");
  CHECK_FALSE(defined_name("$A =1"));
  CHECK_FALSE(defined_name("$1=2"));
  CHECK_FALSE(defined_name("A=1"));
  CHECK_FALSE(defined_name("$A"));
}

TEST_CASE("names are replaced where blank, comma, parenthesis or the end follows, or in braces") {
  Definitions d = definitions();
  d.define("A", {"x"});
  CHECK(*d.expand("$A ${A}y ($A) $A,", "") == Lines{"x xy (x) x,"});
  CHECK(*d.expand("$Ab $A/ $B", "") == Lines{"$Ab $A/ $B"});
}

TEST_CASE("definitions may use definitions, but not themselves") {
  Definitions d = definitions();
  d.define("A", {"$B"});
  d.define("B", {"2"});
  d.define("IF", {"${IF}"});
  CHECK(*d.expand("v $A", "") == Lines{"v 2"});
  CHECK_FALSE(d.expand("interface $IF", ""));
}

TEST_CASE("text that doubles and doubles is stopped") {
  Definitions d = definitions();
  d.define("A0", {std::string(100, 'x')});
  for (int i = 1; i < 40; ++i) {
    const std::string before = "${A" + std::to_string(i - 1) + "}";
    d.define("A" + std::to_string(i), {before + before});
  }
  CHECK_FALSE(d.expand("$A39", ""));
}

TEST_CASE("a value of several lines gives several lines at the end of a line, else its first") {
  Definitions d = definitions();
  d.define("M", {"one", "two"});
  CHECK(*d.expand("x $M", "") == Lines{"x one", "two"});
  CHECK(*d.expand("$M y", "") == Lines{"one y"});
}

TEST_CASE("built-in names know folder, config-id, environment, hash, bang and a random number in range") {
  Definitions d = definitions();
  CHECK(*d.expand("${_PWD} ${_INSTANCE} ${_HASH}${_BANG} ${_ENV HOME}", "/etc") == Lines{"/etc node1 #! /root"});
  CHECK(*d.expand("${_ENV NONE}", "") == Lines{"${_ENV NONE}"});
  for (int i = 0; i < 100; ++i) {
    const int value = std::stoi(d.expand("${_RANDOM 5 7}", "")->front());
    CHECK((value >= 5 && value <= 7));
  }
}

TEST_CASE("places inside a definition have the column of its use, and end after 32767") {
  DefinitionUses uses;
  const Location use{7, 3, 0};
  const DefinitionUse first{"X", {1, 1, 0}}, second{"X", {2, 1, 0}};
  uses.add(use, {first});
  const Location inside = uses.place_inside(use, second);
  CHECK(inside != use);
  CHECK(inside.line == 7);
  CHECK(uses.resolve(inside) == use);
  CHECK(uses.at(inside) == std::vector<DefinitionUse>{second});
  CHECK(uses.at(use) == std::vector<DefinitionUse>{first});
  CHECK(uses.resolve({7, 0x9000, 1}) == Location{7, 0x9000, 1});
  Location last = inside;
  for (int more = 0; more < 40000; ++more) last = uses.place_inside(use, second);
  CHECK(last == use);
}
