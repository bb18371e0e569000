// authentication and auth_hmac of a vrrp_instance.
#include <algorithm>
#include <charconv>

#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using I = InstanceDraft;

void read_auth_type(I& instance, const Node& node, Context& context) {
  const auto type = Choice{{"PASS", "AH"}}.parse(node, context.diagnostics);
  if (!type) return;
  instance.authentication = *type == "AH" ? Authentication::Ah : Authentication::Pass;
}

void write_auth_type(const I& instance, std::vector<Node>& lines) {
  lines.push_back(made_node("auth_type", {instance.authentication == Authentication::Ah ? "AH" : "PASS"}));
}

void read_auth_pass(I& instance, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "a password of up to 8 octets", context.diagnostics);
  if (word == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  if (word->size() > 8)
    context.diagnostics.warning(location_of(node, 1), "Truncating auth_pass to 8 characters",
                                "8 octets or less, the same on every router: VRRP version 2 sends no more");
  instance.auth_pass = word->substr(0, 8);
}

void write_auth_pass(const I& instance, std::vector<Node>& lines) {
  if (!instance.auth_pass.empty()) lines.push_back(made_node("auth_pass", {*instance.auth_pass}));
}

/// The octets behind "hex:"; nothing when they are not pairs of hexadecimal digits.
std::optional<std::string> octets_of_hex(std::string_view digits) {
  std::string octets;
  if (digits.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned octet = 0;
    const auto [end, error] = std::from_chars(digits.data() + i, digits.data() + i + 2, octet, 16);
    if (error != std::errc() || end != digits.data() + i + 2) return std::nullopt;
    octets.push_back(static_cast<char>(octet));
  }
  return octets;
}

std::string hex_of(std::string_view octets) {
  std::string text;
  for (const char octet : octets) text += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return text;
}

/// file:PATH is gone before this is read (key_files.h), unless the file could not be.
std::optional<std::string> key_octets(const std::string& word) {
  if (word.starts_with("file:")) return std::nullopt;
  if (word.starts_with("hex:")) return octets_of_hex(std::string_view(word).substr(4));
  return word;
}

void read_hmac_key(AuthHmac& hmac, const Node& node, Context& context) {
  const auto id = parse_integer(node, 1, 1, 255, context.diagnostics);
  const std::string* word = mandatory_word(node, 2, "a key, hex:DIGITS or file:PATH", context.diagnostics);
  if (!id || word == nullptr) return;
  remark_surplus(node, 3, context.diagnostics);
  const auto octets = key_octets(*word);
  if (!octets || octets->size() < kShortestHmacKey || octets->size() > kLongestHmacKey) {
    context.diagnostics.error(location_of(node, 2), fmt::format("auth_hmac key {} cannot be used - ignoring", *id),
                              "32 to 64 octets as text, after hex: or in a file");
    return;
  }
  const auto same = [&id](const HmacKey& key) { return key.id == *id; };
  if (std::ranges::any_of(hmac.keys, same)) {
    context.diagnostics.error(node.at, fmt::format("auth_hmac key {} is given twice - ignoring the second", *id),
                              "each number once");
    return;
  }
  hmac.keys.push_back({static_cast<std::uint8_t>(*id), *octets});
}

void write_hmac_keys(const AuthHmac& hmac, std::vector<Node>& lines) {
  for (const HmacKey& key : hmac.keys) {
    lines.push_back(made_node("key", {std::to_string(key.id), "hex:" + hex_of(key.octets)}));
  }
}

const std::vector<std::string_view> kModes{"enforce", "permissive", "receive-only"};

void read_mode(AuthHmac& hmac, const Node& node, Context& context) {
  const auto mode = Choice{kModes}.parse(node, context.diagnostics);
  if (!mode) return;
  hmac.mode = *mode == "enforce"      ? HmacMode::Enforce
              : *mode == "permissive" ? HmacMode::Permissive
                                      : HmacMode::ReceiveOnly;
}

void write_mode(const AuthHmac& hmac, std::vector<Node>& lines) {
  lines.push_back(made_node("mode", {std::string(kModes[static_cast<std::size_t>(hmac.mode)])}));
}

}  // namespace

const Schema<InstanceDraft>& authentication_schema() {
  static const Schema<I> schema{"authentication",
                                "Password of VRRP version 2 (RFC 2338 section 5.3.6).",
                                {special<I>("auth_type", Choice{{"PASS", "AH"}}, read_auth_type, write_auth_type,
                                            "Kind of authentication.", "0.5.3"),
                                 special<I>("auth_pass", Word{"a password of up to 8 octets"}, read_auth_pass,
                                            write_auth_pass, "The password.", "0.5.3")}};
  return schema;
}

const Schema<AuthHmac>& auth_hmac_schema() {
  using H = AuthHmac;
  static const Schema<H> schema{
      "auth_hmac",
      "Keys of adverts' message authentication.",
      {special<H>("key", Shape{"a number 1..255, then the key", {Form::Kind::Words, false, "1", "255"}}, read_hmac_key,
                  write_hmac_keys, "One key.", "2.4.0"),
       field<H>("active_key", &H::active_key, Integer{1, 255}, "Key that we send with.", "2.4.0"),
       field<H>("time_window", &H::time_window, Seconds{seconds(1), seconds(300), 0},
                "Largest age of an advert, seconds.", "2.4.0"),
       inside<H>(
           "anti_replay", Choice{{"time", "monotonic"}},
           [](H& h, const std::string& word) { h.monotonic = word == "monotonic"; },
           [](const H& h) { return std::optional<std::string>(h.monotonic ? "monotonic" : "time"); },
           "How repeated adverts are found.", "2.4.0"),
       special<H>("mode", Choice{kModes}, read_mode, write_mode, "What to do with others.", "2.4.0")}};
  return schema;
}

}  // namespace holdfast::config
