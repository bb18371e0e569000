#include "core/mail/logic/address.h"

#include <algorithm>

namespace holdfast::mail {

namespace {

bool control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || control(text.front()))) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || control(text.back()))) text.remove_suffix(1);
  return text;
}

bool sendable(std::string_view address) {
  return !address.empty() && address.size() <= 320 && std::none_of(address.begin(), address.end(), [](char c) {
    return control(c) || c == ' ' || c == '<' || c == '>';
  });
}

/// RFC 5322 §3.2.3, atext, and octets that are no ASCII.
bool word_octet(char c) {
  constexpr std::string_view kOthers = " !#$%&'*+-/=?^_`{|}~";
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || static_cast<unsigned char>(c) >= 0x80 || kOthers.find(c) != std::string_view::npos;
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  text = trimmed(text);
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos) {
    if (!sendable(text)) return std::nullopt;
    return Address{{}, std::string(text)};
  }
  if (!text.ends_with('>')) return std::nullopt;
  const std::string_view address = trimmed(text.substr(open + 1, text.size() - open - 2));
  if (!sendable(address)) return std::nullopt;
  std::string name(trimmed(text.substr(0, open)));
  std::erase_if(name, control);
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  return Address{std::move(name), std::string(address)};
}

std::string header_text(const Address& address) {
  if (address.name.empty()) return address.address;
  const bool words = std::all_of(address.name.begin(), address.name.end(), word_octet);
  return (words ? address.name : quoted(address.name)) + " <" + address.address + ">";
}

}  // namespace holdfast::mail
