#include "core/config/schema/virtual_address.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <limits>

#include "core/base/text.h"
#include "core/config/lint_address.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

namespace {

struct ScopeName {
  std::string_view name;
  std::uint8_t value;
};
constexpr std::array<ScopeName, 5> kScopes{
    {{"global", 0}, {"site", 200}, {"link", 253}, {"host", 254}, {"nowhere", 255}}};

std::optional<std::uint8_t> parse_scope(const std::string& word) {
  for (const ScopeName& scope : kScopes) {
    if (scope.name == word) return scope.value;
  }
  std::uint8_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error == std::errc{} && end == word.data() + word.size()) return value;
  return std::nullopt;
}

std::string scope_text(std::uint8_t value) {
  for (const ScopeName& scope : kScopes) {
    if (scope.value == value) return std::string(scope.name);
  }
  return std::to_string(value);
}

bool may_be_a_name(const std::string& word) {
  return !word.empty() && std::string_view("+-0123456789").find(word.front()) == std::string_view::npos;
}

/// Reads one entry word by word; each option takes its words and reports what is wrong with them.
class EntryReader {
 public:
  EntryReader(const Node& node, EntryPlace place, Diagnostics& diagnostics)
      : node_(node), place_(place), diagnostics_(diagnostics) {}

  std::optional<VirtualAddress> read() {
    if (!read_address()) return std::nullopt;
    for (at_ = 1; at_ < node_.words.size(); ++at_) read_option(node_.words[at_]);
    if (dropped_ || !lint_address(entry_, node_, diagnostics_)) return std::nullopt;
    return entry_;
  }

 private:
  void error(std::size_t word, std::string text, std::string expected, std::string hint = {}) {
    diagnostics_.error(location_of(node_, word), std::move(text), std::move(expected), std::move(hint));
  }

  bool read_address() {
    const std::string& word = node_.words.front();
    if (const auto whole = IpPrefix::parse(word)) {
      entry_.prefix = *whole;
      return true;
    }
    const std::size_t slash = std::min(word.find('/'), word.size());
    const auto address = IpAddress::parse(word.substr(0, slash));
    if (!address) {
      error(0, fmt::format("VRRP parsed invalid IP {}. skipping IP...", word),
            "an IP address with an optional /prefix");
      return false;
    }
    entry_.prefix = {*address, address->max_prefix_length()};
    error(0,
          fmt::format("Invalid address prefix len {} for address {} - using {}",
                      word.substr(std::min(slash + 1, word.size())), word, address->max_prefix_length()),
          fmt::format("a prefix length 0..{}", address->max_prefix_length()));
    return true;
  }

  const std::string* argument(std::string_view expected) {
    if (at_ + 1 < node_.words.size()) return &node_.words[++at_];
    error(at_, fmt::format("{} of {} has no value - ignoring", node_.words[at_], node_.words.front()),
          std::string(expected));
    ++at_;
    return nullptr;
  }

  void read_option(const std::string& word) {
    if (read_flag(word)) return;
    if (word == "dev") return read_device();
    if (word == "label") return keep(&AddressDetails::label, name("a label of up to 15 octets", 15));
    if (word == "scope") return read_scope();
    if (word == "broadcast" || word == "brd") return read_broadcast();
    if (word == "peer") return read_peer();
    if (word == "preferred_lft") return read_lifetime();
    if (word == "track_group" && place_ == EntryPlace::Static)
      return keep(&AddressDetails::track_group, name("a track_group name"));
    if (word == "use_vmac" && place_ == EntryPlace::Instance) return read_vmac();
    error(at_, fmt::format("Unknown configuration entry '{}' for ip address - ignoring", word),
          "an option of an address", std::string(nearest(word, address_entry_table().words())));
  }

  bool read_flag(const std::string& word) {
    bool* flag = word == "home"            ? &entry_.home
                 : word == "-nodad"        ? &entry_.duplicate_address_detection
                 : word == "mngtmpaddr"    ? &entry_.mngtmpaddr
                 : word == "noprefixroute" ? &entry_.noprefixroute
                 : word == "autojoin"      ? &entry_.autojoin
                 : word == "no_track"      ? &entry_.no_track
                                           : nullptr;
    if (flag != nullptr) *flag = true;
    return flag != nullptr;
  }

  /// The word behind the option; null when there is none or it is too long.
  const std::string* name(std::string_view expected, std::size_t longest = 1023) {
    const std::string* word = argument(expected);
    if (word == nullptr || word->size() <= longest) return word;
    error(at_, fmt::format("'{}' is too long", *word), std::string(expected));
    return nullptr;
  }

  void keep(std::string AddressDetails::*member, const std::string* name) {
    if (name != nullptr) entry_.details.own().*member = *name;
  }

  /// keepalived drops an address with two of them.
  void read_device() {
    const bool again = !entry_.interface.empty();
    if (again) error(at_, fmt::format("{} has more than one dev - skipping it", node_.words.front()), "one dev");
    dropped_ = dropped_ || again;
    if (const std::string* interface = name("an interface name")) entry_.interface = *interface;
  }

  void read_scope() {
    const std::string* word = argument("a scope");
    if (word == nullptr) return;
    if (const auto scope = parse_scope(*word)) {
      entry_.scope = scope;
      entry_.details.own().scope_name.clear();
    } else if (may_be_a_name(*word)) {  // lint_machine says when rt_scopes does not know it either
      entry_.scope.reset();
      entry_.details.own().scope_name = *word;
    } else {
      error(at_, fmt::format("Invalid scope '{}'", *word), "global, site, link, host, nowhere or 0..255");
    }
  }

  void read_broadcast() {
    const std::string* word = argument("an IPv4 address, + or -");
    if (word == nullptr) return;
    const auto address = IpAddress::parse(*word);
    if (*word == "+" || *word == "-") {
      entry_.broadcast_kind = *word == "+" ? Broadcast::AllOnes : Broadcast::AllZeros;
    } else if (address && address->is_v4()) {
      entry_.broadcast_kind = Broadcast::Given;
      entry_.details.own().broadcast = *address;
    } else {
      error(at_, fmt::format("Invalid broadcast address '{}'", *word), "an IPv4 address, + or -");
    }
  }

  void read_peer() {
    const std::string* word = argument("an IP address with an optional /prefix");
    if (word == nullptr) return;
    const auto peer = IpPrefix::parse(*word);
    if (entry_.details->peer) return error(at_, fmt::format("a second peer, {} - ignoring", *word), "one peer");
    if (peer && peer->address.family() == entry_.prefix.address.family()) {
      entry_.details.own().peer = peer;
    } else {
      error(at_, fmt::format("Invalid peer address '{}'", *word), "an address of the same family");
    }
  }

  void read_lifetime() {
    if (at_ + 1 < node_.words.size() && node_.words[at_ + 1] == "forever") {
      ++at_;
      entry_.details.own().preferred_lft_s = std::numeric_limits<std::uint32_t>::max();
      return;
    }
    if (at_ + 1 == node_.words.size()) return (void)argument("seconds, or forever");
    const auto value = parse_integer(node_, ++at_, 0, std::numeric_limits<std::uint32_t>::max(), diagnostics_);
    if (value) entry_.details.own().preferred_lft_s = static_cast<std::uint32_t>(*value);
  }

  void read_vmac() {
    const bool named = at_ + 1 < node_.words.size() && !is_address_option(node_.words[at_ + 1]);
    entry_.details.own().use_vmac = named ? node_.words[++at_] : std::string();
  }

  static bool is_address_option(const std::string& word) { return address_entry_table().find(word) != nullptr; }

  const Node& node_;
  EntryPlace place_;
  Diagnostics& diagnostics_;
  VirtualAddress entry_;
  std::size_t at_ = 0;
  bool dropped_ = false;
};

}  // namespace

const OptionTable& address_entry_table() {
  const Word interface { "an interface name", 15 };
  const auto flag = [](std::string keyword, std::string doc, std::string since) {
    return option(std::move(keyword), Flag{}, std::move(doc), std::move(since)).by_default("off");
  };
  static const OptionTable table{
      "address_entry",
      "A line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress: ADDRESS[/PREFIX] options.",
      {documented("(address)", "ADDRESS[/PREFIX]", "The address.", "0.5.3").in("bits").by_default("32 or 128"),
       option("dev", interface, "Interface it is put on.", "1.0.1").by_default("the instance's, or default_interface"),
       option("scope", scope_value(), "Scope.", "1.0.3").by_default("global, or link for a link-local address"),
       option("broadcast", Word{"an IPv4 address, + or -"}, "Broadcast address.", "1.1.3").by_default("none"),
       option("brd", Word{"an IPv4 address, + or -"}, "The same as broadcast.", "1.1.3").by_default("none"),
       option("label", Word{"a label of up to 15 octets", 15}, "Label (IPv4).", "1.1.14").by_default("none"),
       option("peer", route_prefix(), "Far end of a point-to-point link.", "2.0.0").by_default("none"),
       flag("home", "Mobile home address (IPv6).", "1.3.6"), flag("-nodad", "Detect duplicates (IPv6).", "1.3.6"),
       flag("mngtmpaddr", "The kernel makes temporary addresses of it (IPv6).", "1.3.6"),
       flag("noprefixroute", "No route to its net.", "1.3.6"),
       flag("autojoin", "Join multicast groups on Ethernet level.", "1.3.6"),
       option("preferred_lft", Word{"seconds, or forever"}, "How long it is preferred for new connections.", "2.0.20")
           .in("s")
           .by_default("forever; 0 for an IPv6 address with /128"),
       flag("no_track", "Its removal by others is not our business.", "2.0.3"),
       option("track_group", Word{"the name of a track_group"}, "Instances that its removal faults (static only).",
              "2.0.3")
           .by_default("none"),
       option("use_vmac", Word{"an interface name, or nothing"}, "Put it on a VMAC of its own interface.", "2.2.0")
           .by_default("off")}};
  return table;
}

std::optional<VirtualAddress> read_address_entry(const Node& node, EntryPlace place, Diagnostics& diagnostics) {
  return EntryReader(node, place, diagnostics).read();
}

Node write_address_entry(const VirtualAddress& entry) {
  Node node = made_node(entry.details->peer ? entry.prefix.address.text() : entry.prefix.text());
  const auto put = [&](std::string_view option, const std::string& value) {
    node.words.emplace_back(option);
    node.words.push_back(value);
  };
  const auto flag = [&](std::string_view option, bool on) {
    if (on) node.words.emplace_back(option);
  };
  if (!entry.interface.empty()) put("dev", entry.interface);
  if (entry.scope) put("scope", scope_text(*entry.scope));
  if (!entry.details->scope_name.empty()) put("scope", entry.details->scope_name);
  if (entry.broadcast_kind == Broadcast::Given) put("broadcast", entry.details->broadcast.text());
  if (entry.broadcast_kind == Broadcast::AllOnes) put("broadcast", "+");
  if (entry.broadcast_kind == Broadcast::AllZeros) put("broadcast", "-");
  if (!entry.details->label.empty()) put("label", entry.details->label);
  if (entry.details->peer) put("peer", entry.details->peer->text());
  flag("home", entry.home);
  flag("-nodad", entry.duplicate_address_detection);
  flag("mngtmpaddr", entry.mngtmpaddr);
  flag("noprefixroute", entry.noprefixroute);
  flag("autojoin", entry.autojoin);
  if (entry.details->preferred_lft_s) {
    const bool forever = *entry.details->preferred_lft_s == std::numeric_limits<std::uint32_t>::max();
    put("preferred_lft", forever ? "forever" : std::to_string(*entry.details->preferred_lft_s));
  }
  flag("no_track", entry.no_track);
  if (!entry.details->track_group.empty()) put("track_group", entry.details->track_group);
  if (entry.details->use_vmac) {
    node.words.emplace_back("use_vmac");
    if (!entry.details->use_vmac->empty()) node.words.push_back(*entry.details->use_vmac);
  }
  return node;
}

}  // namespace holdfast::config
