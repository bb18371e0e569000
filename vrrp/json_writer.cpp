#include "vrrp/json_writer.h"

#include <fmt/format.h>

namespace holdfast::vrrp {

void JsonWriter::begin(char bracket) {
  separate();
  text_ += bracket;
  first_ = true;
}

void JsonWriter::end(char bracket) {
  text_ += bracket;
  first_ = false;
}

void JsonWriter::key(const char* name) {
  separate();
  quote(name);
  text_ += ':';
  first_ = true;  // no comma between a key and its value
}

void JsonWriter::raw(const std::string& value) {
  separate();
  text_ += value;
}

void JsonWriter::string(const std::string& value) {
  separate();
  quote(value);
}

void JsonWriter::separate() {
  if (!first_) text_ += ',';
  first_ = false;
}

void JsonWriter::quote(const std::string& value) {
  text_ += '"';
  for (const char c : value) escape(c);
  text_ += '"';
}

void JsonWriter::escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      (text_ += '\\') += c;
      return;
    case '\b':
      text_ += "\\b";
      return;
    case '\f':
      text_ += "\\f";
      return;
    case '\n':
      text_ += "\\n";
      return;
    case '\r':
      text_ += "\\r";
      return;
    case '\t':
      text_ += "\\t";
      return;
    default:
      break;
  }
  const auto octet = static_cast<unsigned char>(c);
  if (octet < 0x20)
    text_ += fmt::format("\\u{:04x}", octet);
  else
    text_ += c;
}

}  // namespace holdfast::vrrp
