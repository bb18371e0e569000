// Lines of virtual_rules and static_rules, in iproute2's words.
#include "core/base/text.h"
#include "core/config/lint_routes.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

namespace {

constexpr std::int64_t kUnsigned = 4294967295;

Option flag(std::string keyword, std::string doc, std::string since) {
  return option(std::move(keyword), Flag{}, std::move(doc), std::move(since)).by_default("off");
}

std::vector<Option> rule_options() {
  const Word interface { "an interface name", 15 };
  const Integer number{0, kUnsigned, 0};
  const Choice action{{"unicast", "blackhole", "unreachable", "prohibit"}};
  const std::string automatic = "counted down from 16384, with a warning";
  std::vector<Option> options{
      flag("not", "Packets that do not match.", "1.2.24"),
      option("from", rule_prefix(), "Source of the packets.", "1.2.20").by_default("any"),
      option("to", rule_prefix(), "Their destination.", "1.2.20").by_default("any"),
      option("table", rule_table_value(), "Routing table to look in.", "1.2.20"),
      option("lookup", rule_table_value(), "The same as table.", "1.2.24"),
      option("priority", number, "Order of the rules; less is first.", "1.2.24").by_default(automatic),
      option("order", number, "The same as priority.", "1.2.24").by_default(automatic),
      option("preference", number, "The same as priority.", "1.2.24").by_default(automatic),
      option("tos", ds_field_value(), "Type of service.", "1.2.24").by_default("none"),
      option("dsfield", ds_field_value(), "The same as tos.", "1.2.24").by_default("none"),
      option("fwmark", mark_value(), "Firewall mark.", "1.2.24").by_default("none"),
      option("realms", realms_value(), "Realms of source and destination.", "1.2.24").by_default("none"),
      option("iif", interface, "Interface they came in by.", "1.2.24").by_default("none"),
      option("dev", interface, "The same as iif.", "1.2.24").by_default("none"),
      option("oif", interface, "Interface their socket is bound to.", "1.2.24").by_default("none"),
      option("suppress_prefixlength", number, "Leave out routes with prefixes up to it.", "1.2.24").by_default("none"),
      option("sup_pl", number, "The same as suppress_prefixlength.", "1.2.24").by_default("none"),
      option("suppress_ifgroup", group_value(), "Leave out routes by interfaces of the group.", "1.2.24")
          .by_default("none"),
      option("sup_group", group_value(), "The same as suppress_ifgroup.", "1.2.24").by_default("none"),
      option("goto", number, "Go on with the rule of that priority.", "1.2.24").by_default("none"),
      flag("nop", "Do nothing.", "1.2.24"),
      option("type", action, "What happens; also without the word type.", "1.2.24").by_default("unicast"),
      option("tunnel-id", number, "Tunnel they came by.", "1.2.24").by_default("none"),
      option("uidrange", user_range(), "Users that send them.", "1.3.5").by_default("none"),
      flag("l3mdev", "Look in the table of the VRF.", "1.4.3"),
      option("protocol", route_protocol(), "Who set the rule.", "2.0.1").by_default("keepalived (18)"),
      option("ipproto", ip_protocol(), "IP protocol.", "2.0.1").by_default("none"),
      option("sport", port_range(), "Source port.", "2.0.1").by_default("none"),
      option("dport", port_range(), "Destination port.", "2.0.1").by_default("none"),
      flag("inet", "The rule is IPv4.", "2.0.1"),
      flag("inet6", "The rule is IPv6.", "2.0.1"),
      flag("no_track", "Its removal by others is not our business.", "2.0.3"),
      option("track_group", Word{"the name of a track_group"}, "Instances that its removal faults (static only).",
             "2.0.3")
          .by_default("none"),
  };
  return options;
}

/// A word that says what happens, without the word type before it.
bool is_action(const std::string& word) {
  return word == "unicast" || word == "blackhole" || word == "unreachable" || word == "prohibit";
}

}  // namespace

const OptionTable& rule_entry_table() {
  static const OptionTable table{"rule_entry", "A line of virtual_rules or static_rules.", rule_options()};
  return table;
}

std::optional<LineOptions> read_rule_entry(const Node& node, EntryPlace place, Diagnostics& diagnostics) {
  const OptionTable& table = rule_entry_table();
  LineOptions line(node);
  for (std::size_t at = 0; at < node.words.size();) {
    const Option* option = table.find(node.words[at]);
    const bool action = is_action(node.words[at]);
    if (!action && (option == nullptr || (place == EntryPlace::Instance && node.words[at] == "track_group"))) {
      diagnostics.error(location_of(node, at), fmt::format("Unknown keyword '{}' in rule - ignoring", node.words[at]),
                        "an option of a rule", std::string(nearest(node.words[at], table.words())));
      return std::nullopt;
    }
    const auto next = action ? std::optional(at + 1) : option->read(node, at, diagnostics);
    if (!next) return std::nullopt;
    line.take(at, *next);
    at = *next;
  }
  return line;
}

std::optional<Rule> read_rule(const Node& node, EntryPlace place, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.list().size();
  const auto line = read_rule_entry(node, place, diagnostics);
  if (!line) return std::nullopt;
  lint_rule(*line, diagnostics);
  if (has_errors_since(diagnostics, before)) return std::nullopt;
  return rule_of(*line);
}

}  // namespace holdfast::config
