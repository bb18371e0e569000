#include "core/config/lexer.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;
using Strings = std::vector<std::string>;

TEST_CASE("blanks separate words, and each word knows where it stands") {
  const Words words = split_line("  a\t bb \f c\r");
  CHECK(words.words == Strings{"a", "bb", "c"});
  CHECK(words.offsets == std::vector<std::size_t>{2, 5, 10});
}

TEST_CASE("a double quote starts a word, ends an unquoted one, and knows no escapes") {
  CHECK(split_line(R"(a "b c" "")").words == Strings{"a", "b c", ""});
  CHECK(split_line(R"(ab"c d"e)").words == Strings{"ab", "c d", "e"});
  CHECK(split_line(R"("a\"b)").words == Strings{"a\\", "b"});
  CHECK(split_line("it's 'a b'").words == Strings{"it's", "'a", "b'"});
}

TEST_CASE("a quote that is not closed makes the rest of the line unusable") {
  const Words words = split_line("a \"b c");
  CHECK(words.unterminated);
  CHECK(words.quote_at == 2);
  CHECK(words.words == Strings{"a"});
  CHECK(split_quoted_escaped("a 'b c").unterminated);
}

TEST_CASE("script values know both quotes and the escapes of C with E and cX") {
  CHECK(split_quoted_escaped(R"(x 'a "b' "c 'd")").words == Strings{"x", "a \"b", "c 'd"});
  CHECK(split_quoted_escaped(R"(\a\b\E\f\n\r\t\v)").words == Strings{"\a\b\x1b\f\n\r\t\v"});
  CHECK(split_quoted_escaped(R"(\101 \x41z \cA \q \1012)").words == Strings{"A", "Az", "\x01", "q", "A2"});
  CHECK(split_quoted_escaped(R"(a\0b\x00c\c d)").words == Strings{"abcd"});
  CHECK(split_quoted_escaped(R"(a\ b)").words == Strings{"a b"});
  CHECK(split_quoted_escaped("end\\").words == Strings{"end\\"});
}

TEST_CASE("what is quoted for a script value reads back as it was") {
  for (const std::string word : {"plain", "", "a b", "q\"'q", "back\\slash", "#{}!", "$X", "new\nline", "~a@b"}) {
    CHECK(split_quoted_escaped(quote_escaped(word)).words == Strings{word});
  }
}

TEST_CASE("what is quoted for a line reads back as it was") {
  for (const std::string word : {"plain", "", "a b", "#x", "{", "a\\b", "$X"})
    CHECK(split_line(quote_plain(word)).words == Strings{word});
}
