// virtual_server_group: lines with addresses, ranges of them, or firewall marks (keywords.tsv).
#include <charconv>
#include <limits>

#include "core/config/schema/entries.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

constexpr std::uint64_t kMostAddresses = 65536;  // of one line; keepalived knows no limit

std::optional<std::uint64_t> number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The last 32 bits of an address in host order: what a range counts in.
std::uint32_t low_bits(const IpAddress& address) {
  const ByteView octets = address.bytes();
  std::uint32_t value = 0;
  for (std::size_t at = octets.size() - 4; at < octets.size(); ++at) value = value << 8 | octets[at];
  return value;
}

bool same_front(const IpAddress& a, const IpAddress& b) {
  const ByteView left = a.bytes(), right = b.bytes();
  return std::equal(left.begin(), left.end() - 4, right.begin());
}

class EntryReader {
 public:
  EntryReader(const Node& node, const std::string& group, Diagnostics& diagnostics)
      : node_(node), group_(group), diagnostics_(diagnostics) {}

  std::optional<GroupEntry> read() {
    entry_.at = node_.at;
    if (node_.words.front() == "fwmark") return read_mark() ? std::optional(entry_) : std::nullopt;
    remark_surplus(node_, 2, diagnostics_);
    return read_addresses(node_.words.front()) && read_port() ? std::optional(entry_) : std::nullopt;
  }

 private:
  bool fail(std::size_t word, std::string text, std::string expected) {
    diagnostics_.error(location_of(node_, word), std::move(text), std::move(expected));
    return false;
  }

  bool read_mark() {
    const auto mark = parse_integer(node_, 1, 1, std::numeric_limits<std::uint32_t>::max(), diagnostics_);
    if (!mark) return false;
    remark_surplus(node_, 3, diagnostics_);
    entry_.fwmark = static_cast<std::uint32_t>(*mark);
    if (node_.words.size() < 3) return true;
    if (node_.words[2] != "inet" && node_.words[2] != "inet6") {
      return fail(2, fmt::format("({}): fwmark '{}' family {} unknown - ignoring", group_, *mark, node_.words[2]),
                  "inet or inet6");
    }
    entry_.family = node_.words[2] == "inet" ? Family::IPv4 : Family::IPv6;
    entry_.family_given = true;
    return true;
  }

  bool read_port() {
    if (node_.words.size() < 2 || node_.words[1] == "0") return true;
    const auto port = parse_integer(node_, 1, 1, 65535, diagnostics_);
    if (port) entry_.port = static_cast<std::uint16_t>(*port);
    return port.has_value();
  }

  bool read_addresses(const std::string& text) {
    const std::size_t mark = text.find_first_of("-/");
    const auto first = IpAddress::parse(std::string_view(text).substr(0, mark));
    if (!first) {
      const std::string port = node_.words.size() > 1 ? " /port/" + node_.words[1] : std::string();
      return fail(0, fmt::format("Invalid virtual server group IP address {}{} - skipping", text, port),
                  "ADDRESS, ADDRESS-LAST, ADDRESS-ADDRESS or ADDRESS/BITS, then perhaps a port; or fwmark N");
    }
    entry_.first = *first;
    entry_.family = first->family();
    if (mark == std::string::npos) return true;
    const std::string_view rest = std::string_view(text).substr(mark + 1);
    return text[mark] == '/' ? read_mask(text, rest) : read_range(text, rest);
  }

  bool keep_count(std::uint64_t count) {
    entry_.count = static_cast<std::uint32_t>(count);
    if (count <= kMostAddresses) return true;
    return fail(0,
                fmt::format("Virtual server group range '{}' holds more than {} addresses - skipping",
                            node_.words.front(), kMostAddresses),
                "fewer addresses");
  }

  bool read_mask(const std::string& text, std::string_view rest) {
    const auto bits = number(rest, 10);
    const auto most = static_cast<std::uint64_t>(entry_.first.max_prefix_length());
    if (!bits || *bits > most || *bits == 0) {
      return fail(0, fmt::format("Invalid netmask - {} - skipping", text), fmt::format("a prefix length 1..{}", most));
    }
    if (most - *bits > 31) return keep_count(kMostAddresses + 1);
    const std::uint64_t count = std::uint64_t{1} << (most - *bits);
    if ((low_bits(entry_.first) & (count - 1)) != 0) {
      return fail(0, fmt::format("Address mask bits not empty - {} - skipping", text), "the first address of the net");
    }
    return keep_count(count);
  }

  bool read_range(const std::string& text, std::string_view rest) {
    if (const auto last = IpAddress::parse(rest)) return read_full_range(text, *last);
    const bool v4 = entry_.first.is_v4();
    const auto end = number(rest, v4 ? 10 : 16);
    if (!end) {
      return fail(0, fmt::format("Invalid range end {} - skipping", text),
                  v4 ? "the last octet, or an address" : "the last 16 bits, or an address");
    }
    if (*end > (v4 ? 0xffU : 0xffffU)) {
      return fail(0, fmt::format("Virtual server group range '{}' end '{}' too large", text, rest),
                  v4 ? "at most 255" : "at most ffff");
    }
    const std::uint32_t begin = low_bits(entry_.first) & (v4 ? 0xffU : 0xffffU);
    if (*end <= begin) return fail_order(text);
    return keep_count(*end - begin + 1);
  }

  bool read_full_range(const std::string& text, const IpAddress& last) {
    if (last.family() != entry_.first.family() || !same_front(entry_.first, last)) {
      return fail(0, fmt::format("Invalid range end {} - skipping", text), "an address of the same net");
    }
    if (low_bits(last) <= low_bits(entry_.first)) return fail_order(text);
    return keep_count(std::uint64_t{low_bits(last)} - low_bits(entry_.first) + 1);
  }

  bool fail_order(const std::string& text) {
    return fail(0, fmt::format("Address range end is not greater than address range start - {} - skipping", text),
                "a greater end");
  }

  const Node& node_;
  const std::string& group_;
  Diagnostics& diagnostics_;
  GroupEntry entry_;
};

/// The address `count - 1` behind the first.
IpAddress last_of(const GroupEntry& entry) {
  const ByteView octets = entry.first.bytes();
  std::vector<std::uint8_t> bytes(octets.begin(), octets.end());
  const std::uint32_t low = low_bits(entry.first) + entry.count - 1;
  for (std::size_t at = 0; at < 4; ++at) bytes[bytes.size() - 1 - at] = static_cast<std::uint8_t>(low >> (8 * at));
  return IpAddress::from_bytes({bytes.data(), bytes.size()}).value_or(entry.first);
}

}  // namespace

void read_group(VirtualServerGroup& group, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  bool v4 = false, v6 = false, bare_mark = false;
  for (const Node& line : node.children) {
    const auto entry = EntryReader(line, group.name, context.diagnostics).read();
    if (!entry) continue;
    bare_mark = bare_mark || (entry->fwmark && !entry->family_given);
    v4 = v4 || (!entry->fwmark && entry->family == Family::IPv4);
    v6 = v6 || (!entry->fwmark && entry->family == Family::IPv6);
    group.entries.push_back(*entry);
  }
  if (group.entries.empty()) {
    context.diagnostics.error(node.at, fmt::format("virtual server group {} has no entries - removing", group.name),
                              "lines with an address or a fwmark");
  } else if (v4 && v6 && bare_mark) {
    context.diagnostics.error(
        node.at,
        fmt::format("virtual server group {} cannot have IPv4, IPv6 and fwmark without family - removing", group.name),
        "fwmark N inet or inet6");
    group.entries.clear();
  }
}

std::vector<Node> write_group(const VirtualServerGroup& group) {
  std::vector<Node> lines;
  for (const GroupEntry& entry : group.entries) {
    Node line;
    line.at = entry.at;
    if (entry.fwmark) {
      line.words = {"fwmark", std::to_string(*entry.fwmark)};
      if (entry.family_given) line.words.emplace_back(entry.family == Family::IPv4 ? "inet" : "inet6");
    } else {
      line.words = {entry.first.text()};
      if (entry.count > 1) line.words.front() += "-" + last_of(entry).text();
      if (entry.port != 0) line.words.push_back(std::to_string(entry.port));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace holdfast::config
