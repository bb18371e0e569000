// JSON as keepalived writes it: on one line, keys in the order in which they come, `/` escaped. Protobuf's printer knows neither.
// Commas come before everything that is not the first in its object or array. Used by dump_json.cpp and dump_objects.cpp.
#pragma once

#include <string>
#include <utility>

namespace holdfast::vrrp {

class JsonWriter {
 public:
  void begin(char bracket);
  void end(char bracket);
  void key(const char* name);
  void raw(const std::string& value);
  void string(const std::string& value);
  std::string take() { return std::move(text_); }

 private:
  void separate();
  void quote(const std::string& value);
  void escape(char c);

  std::string text_;
  bool first_ = true;
};

}  // namespace holdfast::vrrp
