#include "test/vrrp/logic/scenario_words.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace holdfast::test {

Words split(const std::string& text, char at) {
  Words parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

std::string spaced(std::string words) {
  std::replace(words.begin(), words.end(), '+', ' ');
  return words;
}

int number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Duration duration(const std::string& text) {
  std::size_t end = 0;
  const double value = std::stod(text, &end);
  const std::string unit = text.substr(end);
  const double scale = unit == "us" ? 1 : unit == "ms" ? 1e3 : unit == "m" ? 60e6 : unit == "h" ? 3600e6 : 1e6;
  return Duration(static_cast<std::int64_t>(value * scale + 0.5));
}

Keys keys_from(const Words& words, std::size_t first) {
  Keys keys;
  for (std::size_t i = first; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    keys[words[i].substr(0, equals)] = equals == std::string::npos ? "yes" : words[i].substr(equals + 1);
  }
  return keys;
}

Bytes bytes_of_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace holdfast::test
