// Lines of virtual_rules and static_rules as values.
#include <algorithm>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "core/config/schema/option_table.h"
#include "core/config/schema/routing_lines.h"
#include "core/config/schema/routing_words.h"

namespace holdfast::config {

namespace {

constexpr std::uint64_t kMost = kMostRoutingNumber;
constexpr std::uint32_t kEveryBit = 0xffffffff;

std::optional<RuleSpec::Range> range_in(const std::string& word) {
  const std::size_t dash = std::min(word.find('-'), word.size());
  const auto first = small_number(word.substr(0, dash), kMost);
  const auto last = dash == word.size() ? first : small_number(word.substr(dash + 1), kMost);
  if (!first || !last) return std::nullopt;
  return RuleSpec::Range(*first, *last);
}

class RuleReader {
 public:
  explicit RuleReader(const LineOptions& line) : line_(line) {}

  Rule read() {
    rule_.words = line_.node().words;
    rule_.at = line_.node().at;
    rule_.numbered = false;
    for (const TakenOption& option : line_.all()) {
      if (!read_action(option) && !read_selector(option)) read_manner(option);
    }
    if (rule_.spec.mark && !rule_.spec.mask) rule_.spec.mask = kEveryBit;
    if (!rule_.no_track) rule_.spec.protocol = RTPROT_KEEPALIVED;
    return rule_;
  }

 private:
  bool read_action(const TakenOption& option) {
    const std::string& word = line_.word(option);
    const std::string& value = line_.value(option);
    RuleSpec& spec = rule_.spec;
    if (word == "table" || word == "lookup") {
      spec.action = FR_ACT_TO_TBL;
      spec.table = known(number_in(value, NameTable::Tables));
    } else if (word == "goto") {
      spec.action = FR_ACT_GOTO;
      spec.jump = number(value);
    } else if (word == "nop") {
      spec.action = FR_ACT_NOP;
    } else if (word == "l3mdev") {
      spec.l3mdev = true;
    } else if (const std::uint8_t action = refusal(word == "type" ? value : word); action != FR_ACT_UNSPEC) {
      spec.action = action;
    } else {
      return false;
    }
    return true;
  }

  static std::uint8_t refusal(const std::string& word) {
    if (word == "blackhole") return FR_ACT_BLACKHOLE;
    if (word == "unreachable") return FR_ACT_UNREACHABLE;
    return word == "prohibit" ? FR_ACT_PROHIBIT : FR_ACT_UNSPEC;
  }

  bool read_selector(const TakenOption& option) {
    const std::string& word = line_.word(option);
    const std::string& value = line_.value(option);
    RuleSpec& spec = rule_.spec;
    if (word == "from" || word == "to")
      set_prefix(word == "from" ? spec.from : spec.to, value);
    else if (word == "tos" || word == "dsfield")
      spec.tos = static_cast<std::uint8_t>(known(number_in(value, NameTable::DsFields)));
    else if (word == "fwmark")
      set_mark(value);
    else if (word == "iif" || word == "dev")
      spec.input_interface = value;
    else if (word == "oif")
      spec.output_interface = value;
    else if (word == "tunnel-id")
      spec.tunnel = number(value);
    else if (word == "uidrange")
      spec.users = range_in(value);
    else if (word == "ipproto")
      spec.ip_protocol = static_cast<std::uint8_t>(known(number_in(value, NameTable::Realms)));
    else if (word == "sport")
      spec.source_ports = range_in(value);
    else if (word == "dport")
      spec.destination_ports = range_in(value);
    else
      return false;
    return true;
  }

  void read_manner(const TakenOption& option) {
    const std::string& word = line_.word(option);
    const std::string& value = line_.value(option);
    RuleSpec& spec = rule_.spec;
    if (word == "not") spec.inverted = true;
    if (word == "inet") spec.family = Family::IPv4;
    if (word == "inet6") spec.family = Family::IPv6;
    if (word == "realms") spec.realms = known(realms_in(value));
    if (word == "suppress_prefixlength" || word == "sup_pl") spec.suppress_prefix_length = number(value);
    if (word == "suppress_ifgroup" || word == "sup_group") {
      spec.suppress_group = known(number_in(value, NameTable::Groups));
    }
    if (word == "protocol") spec.protocol = static_cast<std::uint8_t>(known(number_in(value, NameTable::Protocols)));
    if (word == "no_track") rule_.no_track = true;
    if (word == "track_group") rule_.track_group = value;
    if (word == "priority" || word == "order" || word == "preference") {
      spec.preference = number(value);
      rule_.numbered = true;
    }
  }

  void set_prefix(std::optional<IpPrefix>& where, const std::string& value) {
    const auto prefix = IpPrefix::parse(value);
    if (!prefix) return;
    rule_.spec.family = prefix->address.family();
    if (prefix->length > 0) where = network_of(*prefix);
  }

  void set_mark(const std::string& value) {
    const std::size_t slash = std::min(value.find('/'), value.size());
    rule_.spec.mark = number(value.substr(0, slash));
    if (slash < value.size()) rule_.spec.mask = number(value.substr(slash + 1));
  }

  static std::uint32_t number(const std::string& value) {
    return static_cast<std::uint32_t>(small_number(value, kMost).value_or(0));
  }
  std::uint32_t known(std::optional<std::uint32_t> found) {
    if (!found) rule_.usable = false;
    return found.value_or(0);
  }

  const LineOptions& line_;
  Rule rule_;
};

}  // namespace

Rule rule_of(const LineOptions& line) {
  return RuleReader(line).read();
}

}  // namespace holdfast::config
