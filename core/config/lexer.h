// One line → words (behaviour.md a.1). Called by the parser for each piece of a line between braces, and by the script
// codec for the command line inside a word. Absent: comments, braces and macros, which are gone by now.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::config {

struct Words {
  std::vector<std::string> words;
  std::vector<std::size_t> offsets;  ///< of each word in the line, counted from 0
  bool unterminated = false;         ///< no closing quote; the word runs to the end of the line and is not in `words`
  std::size_t quote_at = 0;          ///< where the unterminated quote opened
};

constexpr std::string_view kBlanks = " \t\f\r\n\v";
constexpr bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
/// Where the first that is no blank stands, from `from` on; the size when there is none.
inline std::size_t skip_blanks(std::string_view text, std::size_t from = 0) {
  while (from < text.size() && is_blank(text[from])) ++from;
  return from;
}

/// Blanks separate; '"' starts a word that runs to the next '"', without escapes, and ends an unquoted word.
Words split_line(std::string_view line);

/// Both ' and " quote, and backslash escapes as in C with \E and \cX; `from` skips what is already known (the keyword).
Words split_quoted_escaped(std::string_view line, std::size_t from = 0);

/// `word` so that split_line gives it back; a word with '"' in it has no such form.
std::string quote_plain(const std::string& word);
/// `word` so that split_quoted_escaped gives it back, whatever it holds, also after comment and brace removal.
std::string quote_escaped(const std::string& word);

}  // namespace holdfast::config
