#include "core/config/lexer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace holdfast::config {

namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char named_escape(char c) {
  constexpr std::string_view kNames = "abEefnrtv";
  constexpr std::string_view kValues = "\a\b\x1b\x1b\f\n\r\t\v";
  const std::size_t found = kNames.find(c);
  return found == std::string_view::npos ? c : kValues[found];
}

/// Reads the escape after the backslash at `at`; leaves `at` behind it.
char read_escape(std::string_view line, std::size_t& at) {
  const char kind = line[++at];
  if (is_octal(kind)) {
    int value = 0;
    for (int digits = 0; digits < 3 && at < line.size() && is_octal(line[at]); ++digits)
      value = value * 8 + (line[at++] - '0');
    return static_cast<char>(value & 0xff);
  }
  if (kind == 'x' && at + 1 < line.size() && hex_value(line[at + 1]) >= 0) {
    int value = 0;
    ++at;
    for (int digits = 0; digits < 2 && at < line.size() && hex_value(line[at]) >= 0; ++digits) {
      value = value * 16 + hex_value(line[at++]);
    }
    return static_cast<char>(value);
  }
  if (kind == 'c' && at + 1 < line.size()) {
    const char control = static_cast<char>(line[at + 1] & 0x1f);
    at += 2;
    return control;
  }
  ++at;
  return named_escape(kind);
}

/// One word of the quoted and escaped form that starts at `at`; false when a quote has no end.
bool read_word(std::string_view line, std::size_t& at, std::string& word, std::size_t& quote_at) {
  char quote = 0;
  while (at < line.size() && (quote != 0 || !is_blank(line[at]))) {
    const char c = line[at];
    if (c == '\\' && at + 1 < line.size()) {
      const char escaped = read_escape(line, at);
      if (escaped != '\0') word += escaped;  // no argument of a program can hold one
      continue;
    }
    ++at;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      quote_at = at - 1;
    } else if (c == quote) {
      quote = 0;
    } else {
      word += c;
    }
  }
  return quote == 0;
}

/// As many as split_line gives, or more when there are quotes.
std::size_t most_words(std::string_view line) {
  std::size_t count = 0;
  bool blank = true;
  for (const char c : line) {
    const bool next = is_blank(c);
    count += static_cast<std::size_t>(blank && !next) + static_cast<std::size_t>(c == '"');
    blank = next;
  }
  return count;
}

}  // namespace

Words split_line(std::string_view line) {
  Words result;
  const std::size_t most = most_words(line);
  result.words.reserve(most);
  result.offsets.reserve(most);
  std::size_t at = 0;
  while ((at = skip_blanks(line, at)) < line.size()) {
    std::size_t end = 0;
    if (line[at] == '"') {
      end = line.find('"', at + 1);
      if (end == std::string_view::npos) {
        result.unterminated = true;
        result.quote_at = at;
        return result;
      }
      result.words.emplace_back(line.substr(at + 1, end - at - 1));
      result.offsets.push_back(at);
      at = end + 1;
      continue;
    }
    end = at;
    while (end < line.size() && line[end] != '"' && !is_blank(line[end])) ++end;
    result.words.emplace_back(line.substr(at, end - at));
    result.offsets.push_back(at);
    at = end;
  }
  return result;
}

Words split_quoted_escaped(std::string_view line, std::size_t from) {
  Words result;
  std::size_t at = from;
  while ((at = skip_blanks(line, at)) < line.size()) {
    const std::size_t start = at;
    std::string word;
    if (!read_word(line, at, word, result.quote_at)) {
      result.unterminated = true;
      return result;
    }
    result.words.push_back(std::move(word));
    result.offsets.push_back(start);
  }
  return result;
}

std::string quote_plain(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_of(" \t\f\r\n\v#!{}\\$~@\"") == std::string::npos;
  return plain ? word : '"' + word + '"';
}

std::string quote_escaped(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\f\r\n\v#!{}\\$~@\"'") == std::string::npos) return word;
  std::string text = "\"";
  for (const char c : word) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || c == '"' || c == '$') {
      text += fmt::format("\\x{:02x}", octet);
    } else if (c == '\\') {
      text += "\\\\";
    } else {
      text += c;
    }
  }
  return text + '"';
}

}  // namespace holdfast::config
