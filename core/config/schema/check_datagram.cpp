// DNS_CHECK and UDP_CHECK: one datagram out, one in.
#include <algorithm>
#include <cctype>

#include "core/config/schema/lvs_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

constexpr std::size_t kLongestLabel = 63;  // RFC 1035 §2.3.4
constexpr std::size_t kLongestName = 253;  // as text, without the last dot

struct RecordType {
  using Value = std::string;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
    if (word == nullptr) return std::nullopt;
    remark_surplus(node, 2, diagnostics);
    std::string upper = *word;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const char* known : {"A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"}) {
      if (upper == known) return upper;
    }
    diagnostics.error(location_of(node, 1), fmt::format("Unknown DNS check type {} - ignoring", *word), describe());
    return std::nullopt;
  }
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const { return "A, NS, CNAME, SOA, MX, TXT, AAAA, RRSIG or DNSKEY"; }
  Form form() const {
    return {Form::Kind::Choice, false, {}, {}, {}, {"A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"}};
  }
};

constexpr std::string_view kLongLabel = "has a label longer than 63 octets";

/// What is wrong with a domain name; "" = nothing. The root is ".".
std::string_view name_fault(std::string_view name) {
  if (name == ".") return {};
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty()) return "is empty";
  if (name.size() > kLongestName) return "is too long";
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t dot = std::min(name.find('.', from), name.size());
    if (dot == from) return "has empty label";
    if (dot - from > kLongestLabel) return kLongLabel;
    from = dot + 1;
  }
  return {};
}

struct DomainName {
  using Value = std::string;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
    if (word == nullptr) return std::nullopt;
    remark_surplus(node, 2, diagnostics);
    const std::string_view fault = name_fault(*word);
    if (fault.empty()) return *word;
    // keepalived takes a label that no server can be asked for; the check then fails each time
    if (fault == kLongLabel) {
      diagnostics.add({Severity::Warning,
                       ErrorClass::None,
                       location_of(node, 1),
                       fmt::format("DNS_CHECK name '{}' {} - the check can only fail", *word, fault),
                       describe(),
                       {}});
      return *word;
    }
    diagnostics.error(location_of(node, 1), fmt::format("DNS_CHECK name '{}' {} - ignoring", *word, fault), describe());
    return std::nullopt;
  }
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const { return "a domain name"; }
  Form form() const { return {Form::Kind::Word}; }
};

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

using Pattern = std::vector<std::pair<std::uint8_t, std::uint8_t>>;

/// Hexadecimal octets with their masks, blanks between them allowed; `wild`: x stands for any nibble. A single digit at
/// an end is an octet of its own. Nothing for anything else.
std::optional<Pattern> parse_pattern(const Node& node, bool wild) {
  Pattern pattern;
  for (std::size_t word = 1; word < node.words.size(); ++word) {
    bool half = false;
    for (const char c : node.words[word]) {
      if (c == ' ' || c == '\t') {
        half = false;
        continue;
      }
      const bool any = wild && (c == 'x' || c == 'X');
      const int value = any ? 0 : nibble(c);
      if (value < 0) return std::nullopt;
      const std::uint8_t mask = any ? 0 : 0x0f;
      if (half) {
        pattern.back().first = static_cast<std::uint8_t>(pattern.back().first << 4 | value);
        pattern.back().second = static_cast<std::uint8_t>(pattern.back().second << 4 | mask);
      } else {
        pattern.emplace_back(static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(0xf0 | mask));
      }
      half = !half;
    }
  }
  return pattern;
}

void read_payload(UdpDraft& draft, const Node& node, Context& context) {
  if (mandatory_word(node, 1, "hexadecimal octets", context.diagnostics) == nullptr) return;
  const auto pattern = parse_pattern(node, false);
  if (!pattern) {
    context.diagnostics.error(location_of(node, 1), "Invalid hex string for UDP_CHECK payload", "hexadecimal octets");
    return;
  }
  draft.payload.clear();
  for (const auto& [octet, mask] : *pattern) draft.payload.push_back(static_cast<char>(octet));
}

void write_payload(const UdpDraft& draft, std::vector<Node>& lines) {
  if (draft.payload.empty()) return;
  std::string text;
  for (const char c : draft.payload) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  lines.push_back(made_node("payload", {std::move(text)}));
}

void read_require_reply(UdpDraft& draft, const Node& node, Context& context) {
  const auto pattern = parse_pattern(node, true);
  if (!pattern) {
    context.diagnostics.error(location_of(node, 1), "Invalid hex string for UDP_CHECK reply",
                              "hexadecimal octets, x for any digit");
    return;
  }
  draft.require_reply = true;
  draft.expected_reply = *pattern;
}

void write_require_reply(const UdpDraft& draft, std::vector<Node>& lines) {
  if (!draft.require_reply) return;
  lines.push_back(made_node("require_reply"));
  std::string text;
  for (const auto& [octet, mask] : draft.expected_reply) {
    text += (mask & 0xf0) == 0 ? "x" : fmt::format("{:x}", octet >> 4);
    text += (mask & 0x0f) == 0 ? "x" : fmt::format("{:x}", octet & 0x0f);
  }
  if (!text.empty()) lines.back().words.push_back(std::move(text));
}

}  // namespace

const Schema<DnsDraft>& dns_check_schema() {
  static const Schema<DnsDraft> schema = [] {
    std::vector<Row<DnsDraft>> rows = endpoint_rows<DnsDraft>();
    rows.push_back(field<DnsDraft>("type", &DnsCheck::type, RecordType{}, "Type of record asked for.", "1.3.0"));
    rows.push_back(field<DnsDraft>("name", &DnsCheck::name, DomainName{}, "Name asked for.", "1.3.0"));
    return Schema<DnsDraft>{"DNS_CHECK", "Up while a name server answers a query.", std::move(rows)};
  }();
  return schema;
}

const Schema<UdpDraft>& udp_check_schema() {
  static const Schema<UdpDraft> schema = [] {
    std::vector<Row<UdpDraft>> rows = endpoint_rows<UdpDraft>();
    rows.push_back(special<UdpDraft>("payload", Word{"hexadecimal octets"}, read_payload, write_payload,
                                     "What is sent; nothing by default.", "2.2.0"));
    rows.push_back(special<UdpDraft>("require_reply", "hexadecimal octets, x for any digit, or nothing",
                                     read_require_reply, write_require_reply, "An answer is needed, and must begin so.",
                                     "2.1.0"));
    rows.push_back(field<UdpDraft>("min_reply_length", &UdpCheck::min_reply_length, Integer{0, 65535},
                                   "Fewest octets of an answer.", "2.2.0")
                       .in("octets"));
    rows.push_back(field<UdpDraft>("max_reply_length", &UdpCheck::max_reply_length, Integer{0, 65535},
                                   "Most octets of an answer.", "2.2.0")
                       .in("octets"));
    return Schema<UdpDraft>{"UDP_CHECK", "Up while a port is not refused, or answers.", std::move(rows)};
  }();
  return schema;
}

}  // namespace holdfast::config
