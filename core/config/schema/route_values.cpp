#include "core/config/schema/route_values.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

#include "core/base/ip_address.h"

namespace holdfast::config {

namespace {

constexpr std::uint64_t kUnsigned = 4294967295;

/// A number up to `most`, or a name: anything that is no number, as "10net".
bool name_or_number(std::string_view text, std::uint64_t most) {
  if (text.empty() || text.front() == '-') return false;
  const bool number = text.find_first_not_of("0123456789") == std::string_view::npos ||
                      small_number(text, std::numeric_limits<std::uint64_t>::max());
  return !number || small_number(text, most).has_value();
}

std::optional<std::uint64_t> decimal(std::string_view text, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

bool is_realms(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return name_or_number(text, 65535);
  return name_or_number(text.substr(0, slash), 65535) && name_or_number(text.substr(slash + 1), 65535);
}

bool is_time(std::string_view text) {
  if (text.ends_with("ms")) {
    text.remove_suffix(2);
  } else if (text.ends_with('s')) {
    text.remove_suffix(1);
    const std::size_t point = text.find('.');
    if (point != std::string_view::npos) return decimal(text.substr(0, point), kUnsigned) && text.size() - point <= 4;
  }
  return decimal(text, kUnsigned).has_value();
}

bool is_mark(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (!small_number(text.substr(0, slash), kUnsigned)) return false;
  return slash == text.size() || small_number(text.substr(slash + 1), kUnsigned).has_value();
}

bool is_range(std::string_view text, std::uint64_t most) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return false;
  return decimal(text.substr(0, dash), most) && decimal(text.substr(dash + 1), most);
}

bool is_label_stack(std::string_view text) {
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t slash = std::min(text.find('/', from), text.size());
    if (!decimal(text.substr(from, slash - from), 1048575)) return false;
    from = slash + 1;
  }
  return true;
}

/// Four groups of up to four hexadecimal digits, as iproute2 writes the first half of an address.
bool is_locator(std::string_view text) {
  return std::count(text.begin(), text.end(), ':') == 3 && IpAddress::parse(std::string(text) + "::").has_value();
}

Form numbered(const char* most) {
  return {Form::Kind::Words, false, "0", most};
}

}  // namespace

std::optional<std::uint64_t> small_number(std::string_view text, std::uint64_t most) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.front() == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

std::optional<std::string> Checked::parse(const Node& node, Diagnostics& diagnostics) const {
  const std::string* word = mandatory_word(node, 1, what, diagnostics);
  if (word == nullptr) return std::nullopt;
  if (good(*word)) return *word;
  diagnostics.error(location_of(node, 1), fmt::format("Invalid {} '{}'", node.words.front(), *word), describe());
  return std::nullopt;
}

Checked table_value() {
  return {"a table's name or number", [](std::string_view text) { return name_or_number(text, kUnsigned); }, {}};
}

Checked rule_table_value() {
  const auto good = [](std::string_view text) { return name_or_number(text, kUnsigned) && small_number(text, 1) != 0; };
  return {"a table's name or number, not 0", good, {}};
}

Checked scope_value() {
  return {"a scope's name or 0..255", [](std::string_view text) { return name_or_number(text, 255); }, numbered("255")};
}

Checked ds_field_value() {
  return {"a DS field's name or 0..255", [](std::string_view text) { return name_or_number(text, 255); },
          numbered("255")};
}

Checked route_protocol() {
  return {"a routing protocol's name or 0..255", [](std::string_view text) { return name_or_number(text, 255); },
          numbered("255")};
}

Checked realms_value() {
  return {"[SOURCE/]DESTINATION, names or 0..65535", is_realms, {}};
}

Checked group_value() {
  return {"an interface group's name or number", [](std::string_view text) { return name_or_number(text, kUnsigned); }};
}

Checked time_value() {
  return {"a number, perhaps with s or ms", is_time, {}};
}

Checked mark_value() {
  return {"MARK or MARK/MASK", is_mark, {}};
}

Checked user_range() {
  return {"FIRST-LAST", [](std::string_view text) { return is_range(text, kUnsigned); }, {}};
}

Checked port_range() {
  const auto good = [](std::string_view text) { return decimal(text, 65535) || is_range(text, 65535); };
  return {"PORT or FIRST-LAST", good, {}};
}

Checked ip_protocol() {
  return {"an IP protocol's name or 0..255", [](std::string_view text) { return name_or_number(text, 255); },
          numbered("255")};
}

Checked route_prefix() {
  return {"ADDRESS[/PREFIX]", [](std::string_view text) { return IpPrefix::parse(text).has_value(); }, {}};
}

Checked rule_prefix() {
  const auto good = [](std::string_view text) {
    return text == "all" || text == "any" || text == "default" || IpPrefix::parse(text).has_value();
  };
  return {"ADDRESS[/PREFIX], all or any", good, {}};
}

Checked route_destination() {
  const auto good = [](std::string_view text) {
    return text == "default" || text == "default6" || IpPrefix::parse(text).has_value();
  };
  return {"ADDRESS[/PREFIX], default or default6", good, {}};
}

Checked plain_address() {
  return {
      "an IP address", [](std::string_view text) { return IpAddress::parse(text).has_value(); }, {Form::Kind::Address}};
}

Checked label_stack() {
  return {"LABEL[/LABEL...], each 0..1048575", is_label_stack, {Form::Kind::Words, false, "0", "1048575"}};
}

Checked locator() {
  return {"four groups of hexadecimal digits", is_locator};
}

}  // namespace holdfast::config
