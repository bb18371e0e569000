#include "core/config/schema/entries.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "core/base/text.h"

namespace holdfast::config {

namespace {

/// How many words follow an option.
using Options = std::unordered_map<std::string_view, int>;

const Options& route_options() {
  static const Options options{{"to", 1},
                               {"via", 1},
                               {"gw", 1},
                               {"or", 1},
                               {"dev", 1},
                               {"oif", 1},
                               {"src", 1},
                               {"from", 1},
                               {"table", 1},
                               {"scope", 1},
                               {"metric", 1},
                               {"priority", 1},
                               {"preference", 1},
                               {"tos", 1},
                               {"dsfield", 1},
                               {"protocol", 1},
                               {"mtu", 1},
                               {"hoplimit", 1},
                               {"advmss", 1},
                               {"rtt", 1},
                               {"rttvar", 1},
                               {"reordering", 1},
                               {"window", 1},
                               {"cwnd", 1},
                               {"ssthresh", 1},
                               {"realms", 1},
                               {"realm", 1},
                               {"rto_min", 1},
                               {"initcwnd", 1},
                               {"initrwnd", 1},
                               {"features", 1},
                               {"quickack", 1},
                               {"congctl", 1},
                               {"pref", 1},
                               {"expires", 1},
                               {"fastopen_no_cookie", 1},
                               {"ttl-propagate", 1},
                               {"lock", 0},
                               {"onlink", 0},
                               {"encap", 1},
                               {"nexthop", 0},
                               {"as", 1},
                               {"inet", 0},
                               {"inet6", 0},
                               {"add", 0},
                               {"append", 0},
                               {"prepend", 0},
                               {"vrf", 1},
                               {"no_track", 0},
                               {"track_group", 1},
                               {"weight", 1},
                               {"unicast", 0},
                               {"local", 0},
                               {"broadcast", 0},
                               {"anycast", 0},
                               {"multicast", 0},
                               {"blackhole", 0},
                               {"unreachable", 0},
                               {"prohibit", 0},
                               {"throw", 0},
                               {"id", 1},
                               {"dst", 1},
                               {"ttl", 1},
                               {"tc", 1},
                               {"flags", 1}};
  return options;
}

const Options& rule_options() {
  static const Options options{{"not", 0},         {"from", 1},
                               {"to", 1},          {"table", 1},
                               {"lookup", 1},      {"priority", 1},
                               {"order", 1},       {"preference", 1},
                               {"tos", 1},         {"dsfield", 1},
                               {"fwmark", 1},      {"realms", 1},
                               {"iif", 1},         {"dev", 1},
                               {"oif", 1},         {"suppress_prefixlength", 1},
                               {"sup_pl", 1},      {"suppress_ifgroup", 1},
                               {"sup_group", 1},   {"goto", 1},
                               {"nop", 0},         {"type", 1},
                               {"unicast", 0},     {"blackhole", 0},
                               {"unreachable", 0}, {"prohibit", 0},
                               {"tunnel-id", 1},   {"uidrange", 1},
                               {"l3mdev", 0},      {"protocol", 1},
                               {"ipproto", 1},     {"sport", 1},
                               {"dport", 1},       {"inet", 0},
                               {"inet6", 0},       {"no_track", 0},
                               {"track_group", 1}};
  return options;
}

bool is_destination(const std::string& word) {
  return word == "default" || word == "default6" || IpPrefix::parse(word).has_value();
}

/// "via inet6 A", "mtu lock N", "to blackhole D": a word that may stand between an option and its value.
bool is_modifier(const std::string& word) {
  return word == "inet" || word == "inet6" || word == "lock" || word == "to" || word == "unicast" ||
         word == "blackhole" || word == "unreachable" || word == "prohibit" || word == "throw" || word == "local";
}

void check_options(const Node& node, const Options& options, bool destination_allowed, std::string_view what,
                   Diagnostics& diagnostics) {
  std::vector<std::string_view> known;
  for (std::size_t at = 0; at < node.words.size(); ++at) {
    const std::string& word = node.words[at];
    const auto option = options.find(word);
    if (option == options.end()) {
      if (destination_allowed && is_destination(word)) continue;
      for (const auto& [name, values] : options) known.push_back(name);
      std::sort(known.begin(), known.end());
      diagnostics.error(location_of(node, at), fmt::format("Unknown keyword '{}' in {} - ignoring", word, what),
                        fmt::format("an option of a {}", what), std::string(nearest(word, known)));
      return;
    }
    if (option->second == 0) continue;
    while (at + 2 < node.words.size() && is_modifier(node.words[at + 1])) ++at;
    ++at;
    if (mandatory_word(node, at, fmt::format("a value for '{}'", word), diagnostics) == nullptr) return;
  }
}

}  // namespace

TrackEntry read_track_entry(const Node& node, int limit, Diagnostics& diagnostics) {
  TrackEntry entry{node.words.front(), {}, {}};
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    const std::string& word = node.words[at];
    if (word == "weight") {
      if (const auto weight = parse_integer(node, ++at, -limit, limit, diagnostics))
        entry.weight = static_cast<int>(*weight);
    } else if (word == "reverse" || word == "noreverse") {
      entry.reverse = word == "reverse";
    } else {
      static const std::vector<std::string_view> known{"weight", "reverse", "noreverse"};
      diagnostics.error(location_of(node, at),
                        fmt::format("unknown track option '{}' for {} - ignoring", word, entry.name),
                        "weight N, reverse or noreverse", std::string(nearest(word, known)));
      break;
    }
  }
  return entry;
}

Node write_track_entry(const TrackEntry& entry) {
  Node node = made_node(entry.name);
  if (entry.weight) {
    node.words.emplace_back("weight");
    node.words.push_back(std::to_string(*entry.weight));
  }
  if (entry.reverse) node.words.emplace_back(*entry.reverse ? "reverse" : "noreverse");
  return node;
}

void check_route_entry(const Node& node, Diagnostics& diagnostics) {
  check_options(node, route_options(), true, "route", diagnostics);
}

void check_rule_entry(const Node& node, Diagnostics& diagnostics) {
  check_options(node, rule_options(), false, "rule", diagnostics);
}

void check_no_blocks(const Node& list, Diagnostics& diagnostics) {
  for (const Node& line : list.children) {
    if (line.block)
      diagnostics.error(line.at, "Unexpected '{' - ignoring", fmt::format("no block in {}", list.words.front()));
  }
}

}  // namespace holdfast::config
