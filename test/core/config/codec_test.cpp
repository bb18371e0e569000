#include "core/config/codec.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::config;

namespace {

Node line(std::vector<std::string> words) {
  Node node;
  node.words = std::move(words);
  for (std::size_t i = 0; i < node.words.size(); ++i) node.columns.push_back(static_cast<std::uint16_t>(10 * i + 1));
  node.at = {1, 1, 0};
  return node;
}

/// The text of the only diagnostic, or "" when there is none.
template <class Codec>
std::string complaint(const Codec& codec, std::vector<std::string> words) {
  Diagnostics diagnostics;
  codec.parse(line(std::move(words)), diagnostics);
  return diagnostics.list().empty() ? "" : diagnostics.list().front().text;
}

template <class Codec>
auto parsed(const Codec& codec, std::vector<std::string> words) {
  Diagnostics diagnostics;
  return codec.parse(line(std::move(words)), diagnostics);
}

}  // namespace

TEST_CASE("integers are decimal, whole words, and in range") {
  const Integer codec{1, 255};
  CHECK(parsed(codec, {"k", "255"}) == 255);
  CHECK(complaint(codec, {"k", "256"}) == "number '256' outside range [1, 255]");
  CHECK(complaint(codec, {"k", "0"}) == "number '0' outside range [1, 255]");
  CHECK(complaint(codec, {"k", "1x"}) == "invalid number '1x'");
  CHECK(complaint(codec, {"k", "-1"}) == "invalid number '-1'");
  CHECK(complaint(codec, {"k", ""}) == "the empty value of k counts as 0");
  CHECK(complaint(codec, {"k", "0x10"}) == "invalid number '0x10'");
  CHECK(complaint(codec, {"k", "99999999999999999999"}) == "invalid number '99999999999999999999'");
  CHECK(parsed(Integer{-253, 253}, {"k", "-30"}) == -30);
  CHECK(parsed(Integer{0, 1000, 0}, {"k", "0x10"}) == 16);
  CHECK(parsed(Integer{0, 1000, 0}, {"k", "010"}) == 8);
}

TEST_CASE("a missing word is fatal in keepalived's words") {
  CHECK(
      complaint(Integer{1, 2}, {"priority"}) ==
      "*** Configuration line starting `priority` is missing a parameter after keyword `priority` at word position 2");
  Diagnostics diagnostics;
  Word{"a name"}.parse(line({"k"}), diagnostics);
  CHECK(diagnostics.has(Severity::Fatal));
}

TEST_CASE("surplus words are remarked, not refused") {
  Diagnostics diagnostics;
  CHECK(Integer{1, 9}.parse(line({"k", "1", "2", "3"}), diagnostics) == 1);
  REQUIRE(diagnostics.list().size() == 1);
  CHECK(diagnostics.list()[0].text == "'2 3' after 'k' is not used");
  CHECK(diagnostics.list()[0].error_class == ErrorClass::None);
  CHECK(diagnostics.list()[0].at.column == 21);
}

TEST_CASE("seconds are decimal with a limit on places") {
  const Seconds codec{Duration::zero(), seconds(100), 6};
  CHECK(parsed(codec, {"k", "1.5"}) == milliseconds(1500));
  CHECK(parsed(codec, {"k", ".000001"}) == microseconds(1));
  CHECK(parsed(codec, {"k", "2."}) == seconds(2));
  CHECK(complaint(codec, {"k", "-1"}) == "invalid number '-1'");
  CHECK(complaint(codec, {"k", "1.2.3"}) == "invalid number '1.2.3'");
  CHECK(complaint(codec, {"k", "."}) == "invalid number '.'");
  CHECK(complaint(codec, {"k", "100.1"}) == "number '100.1' outside range [0, 100]");
  CHECK(parsed(codec, {"k", "0.0000015"}) == microseconds(2));
  CHECK(complaint(codec, {"k", "0.0000015"}).starts_with("'0.0000015' has too many decimal places"));
  CHECK(complaint(codec, {"k", "1.50000000"}).empty());
  for (const auto value : {microseconds(1), milliseconds(10), seconds(7), microseconds(1'234'567)}) {
    CHECK(parsed(codec, {"k", format_seconds(value)}) == value);
  }
}

TEST_CASE("booleans are lower case words or nothing") {
  for (const char* word : {"true", "on", "yes"}) CHECK(parsed(Boolean{}, {"k", word}) == true);
  for (const char* word : {"false", "off", "no"}) CHECK(parsed(Boolean{}, {"k", word}) == false);
  CHECK(parsed(Boolean{}, {"k"}) == true);
  CHECK(complaint(Boolean{}, {"k", "True"}) == "invalid value 'True' for k");
}

TEST_CASE("counts of 0 are raised to 1, intervals of 0 leave a message") {
  CHECK(parsed(Count{}, {"k", "0"}) == 1);
  CHECK(complaint(Interval{"vrrp_garp_interval"}, {"vrrp_garp_interval", "0"}) == "vrrp_garp_interval '0' is invalid");
  CHECK(parsed(Interval{"k"}, {"k", "0.25"}) == milliseconds(250));
}

TEST_CASE("optional numbers, lists, choices and modes") {
  CHECK(parsed(OptionalInteger{-1, 99, 99}, {"k"}) == 99);
  CHECK(parsed(OptionalInteger{-1, 99, 99}, {"k", "-1"}) == -1);
  CHECK(parsed(IntegerList{0, 3}, {"k", "0", "3"}) == std::vector<int>{0, 3});
  CHECK_FALSE(parsed(IntegerList{0, 3}, {"k", "0", "4"}));
  CHECK_FALSE(parsed(IntegerList{0, 3}, {"k"}));
  CHECK(parsed(Choice{{"VS"}, true}, {"k"}) == "");
  CHECK(complaint(Choice{{"PASS", "AH"}}, {"auth_type", "PAS"}) == "invalid value 'PAS' for auth_type");
  CHECK(parsed(FileMode{}, {"umask", "022"}) == 022U);
  CHECK(parsed(FileMode{}, {"umask", "IRUSR|IWGRP"}) == 0420U);
  CHECK(parsed(FileMode{}, {"umask", "IRUSR", "|", "IXOTH"}) == 0401U);
  CHECK(complaint(FileMode{}, {"umask", "999"}) == "Invalid umask value 999");
  CHECK(parsed(WordList{"w", 1, 2}, {"k", "a", "b"}) == std::vector<std::string>{"a", "b"});
  CHECK(complaint(Word{"a name", 3}, {"k", "abcd"}) == "'abcd' is too long");
}

TEST_CASE("addresses must be of the kind asked for") {
  CHECK(parsed(Address{}, {"k", "10.0.0.1"})->text() == "10.0.0.1");
  CHECK(parsed(Address{Address::Kind::MulticastV4}, {"k", "224.0.0.99"}));
  CHECK_FALSE(parsed(Address{Address::Kind::MulticastV4}, {"k", "10.0.0.1"}));
  CHECK_FALSE(parsed(Address{Address::Kind::MulticastV4}, {"k", "ff02::12"}));
  CHECK(parsed(Address{Address::Kind::MulticastV6}, {"k", "ff02::12"}));
  CHECK_FALSE(parsed(Address{}, {"k", "nowhere"}));
}

TEST_CASE("a script is a command line in one word, then user and group") {
  const auto command = parsed(Script{}, {"notify", "/bin/a 'b c' d\\ e", "u", "g"});
  REQUIRE(command);
  CHECK(command->argv == std::vector<std::string>{"/bin/a", "b c", "d e"});
  CHECK(command->user == "u");
  CHECK(command->group == "g");
  CHECK(parsed(Script{}, [&] {
          std::vector<std::string> words = Script{}.format(*command);
          words.insert(words.begin(), "notify");
          return words;
        }()) == command);
  CHECK(complaint(Script{}, {"notify", "/bin/a 'b"}) == "Unmatched quote in the command line");
  CHECK(complaint(Script{}, {"notify", " "}) == "notify is empty");
}
