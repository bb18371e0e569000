// Lines of virtual_routes and static_routes: `[TYPE] DESTINATION options…`, in iproute2's words.
#include <algorithm>

#include "core/base/text.h"
#include "core/config/lint_routes.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

namespace {

constexpr std::int64_t kUnsigned = 4294967295;
const std::vector<std::string_view> kLock{"lock"};
const std::vector<std::string_view> kFamily{"inet", "inet6"};

bool is_route_type(std::string_view word) {
  for (const char* type : {"unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable",
                           "prohibit", "throw", "nat", "xresolve"}) {
    if (word == type) return true;
  }
  return false;
}

void report_unknown_option(const Node& node, std::size_t at, const OptionTable& table, std::string_view what,
                           Diagnostics& diagnostics) {
  diagnostics.error(location_of(node, at), fmt::format("Unknown keyword '{}' in {} - ignoring", node.words[at], what),
                    fmt::format("an option of a {}", what), std::string(nearest(node.words[at], table.words())));
}

/// `encap TYPE options…`: ends before the first word that is none of its options.
std::optional<std::size_t> read_encap(const Node& node, std::size_t at, Diagnostics& diagnostics) {
  const std::string* type = mandatory_word(node, at + 1, "ip, ip6, mpls or ila", diagnostics);
  if (type == nullptr) return std::nullopt;
  const bool ip = *type == "ip" || *type == "ip6";
  if (!ip && *type != "mpls" && *type != "ila") {
    diagnostics.error(location_of(node, at + 1), fmt::format("Unknown encap type - {}", *type), "ip, ip6, mpls or ila");
    return std::nullopt;
  }
  if (!ip) return encap_table().find(*type)->read(node, at + 1, diagnostics);
  std::size_t next = at + 2;
  while (next < node.words.size()) {
    const Option* option = encap_table().find(node.words[next]);
    if (option == nullptr || option->form.kind == Form::Kind::Nothing || option->keyword == "mpls" ||
        option->keyword == "ila") {
      break;
    }
    const auto after = option->read(node, next, diagnostics);
    if (!after) return std::nullopt;
    next = *after;
  }
  return next;
}

Option encap_option() {
  Option made = documented("encap", "ip, ip6, mpls or ila, then its options", "Wraps the packets.", "1.2.24");
  made.read = read_encap;
  return made;
}

/// Everything from the first `nexthop` to the end of the line.
std::optional<std::size_t> read_nexthops(const Node& node, std::size_t at, Diagnostics& diagnostics) {
  while (at < node.words.size()) {
    if (node.words[at] == "nexthop") {
      ++at;
      continue;
    }
    const Option* option = nexthop_table().find(node.words[at]);
    if (option == nullptr) {
      diagnostics.error(location_of(node, at),
                        fmt::format("Route has trailing nonsense after nexthops - {}", node.words[at]),
                        "an option of a nexthop", std::string(nearest(node.words[at], nexthop_table().words())));
      return std::nullopt;
    }
    const auto after = option->read(node, at, diagnostics);
    if (!after) return std::nullopt;
    at = *after;
  }
  return at;
}

Option nexthop_option() {
  Option made =
      documented("nexthop", "options of a hop, to the next nexthop or the end", "One of several hops.", "1.2.24");
  made.read = read_nexthops;
  return made;
}

/// `to [TYPE] DESTINATION`.
Option to_option() {
  Option made = documented("to", "perhaps a type, then a destination", "Before the destination.", "1.0.1");
  made.read = [](const Node& node, std::size_t at, Diagnostics& diagnostics) -> std::optional<std::size_t> {
    if (at + 1 < node.words.size() && is_route_type(node.words[at + 1])) ++at;
    const auto value = value_index(node, at, {}, "a destination", diagnostics);
    if (!value) return std::nullopt;
    route_destination().parse(option_line(node, at, *value), diagnostics);
    return *value + 1;
  };
  return made;
}

Option numeric(std::string keyword, std::string doc, bool lockable, std::string unit = {}) {
  return option(std::move(keyword), Integer{0, kUnsigned}, std::move(doc), "1.2.24",
                lockable ? kLock : std::vector<std::string_view>{})
      .in(std::move(unit));
}

Option flag(std::string keyword, std::string doc, std::string since) {
  return option(std::move(keyword), Flag{}, std::move(doc), std::move(since)).by_default("off");
}

std::vector<Option> path_options() {
  const Word interface { "an interface name", 15 };
  return {
      documented("(type)", "unicast, local, broadcast, anycast, multicast, blackhole, unreachable, prohibit or throw",
                 "Kind of route, perhaps first.", "1.2.24")
          .by_default("unicast"),
      documented("(destination)", route_destination(), "Where the route leads.", "1.0.1").by_default("required"),
      to_option(),
      option("via", plain_address(), "Gateway.", "1.0.1", kFamily).by_default("none"),
      option("gw", plain_address(), "Older spelling of via.", "1.0.1").by_default("none").now("via"),
      option("or", plain_address(), "Older way to a second gateway.", "1.1.16").by_default("none").now("nexthop"),
      option("dev", interface, "Interface to go out by.", "1.0.1").by_default("none"),
      option("oif", interface, "The same as dev.", "1.0.1").by_default("none"),
      option("src", plain_address(), "Preferred source address.", "1.0.2").by_default("none"),
      option("from", route_prefix(), "Sources it counts for (IPv6).", "1.2.24").by_default("none"),
      option("table", table_value(), "Routing table.", "1.0.2").by_default("main"),
      option("vrf", interface, "VRF whose table is used.", "2.2.5").by_default("none"),
      option("scope", scope_value(), "Scope of the destination.", "1.0.3").by_default("as iproute2, by the type"),
      option("metric", Integer{0, kUnsigned}, "Preference; less is better.", "1.1.15").by_default("0"),
      option("priority", Integer{0, kUnsigned}, "The same as metric.", "1.2.24").by_default("0"),
      option("preference", Integer{0, kUnsigned}, "The same as metric.", "1.2.24").by_default("0"),
      option("tos", ds_field_value(), "Type of service it counts for.", "1.2.24").by_default("0"),
      option("dsfield", ds_field_value(), "The same as tos.", "1.2.24").by_default("0"),
      option("protocol", route_protocol(), "Who set it.", "1.2.24").by_default("keepalived (18)"),
      option("realms", realms_value(), "Realms of source and destination.", "1.2.24").by_default("none"),
      encap_option(),
      nexthop_option(),
      option("as", plain_address(), "Of MPLS; read, but not used.", "1.2.24", {"to"}).by_default("none"),
      flag("inet", "The next address is IPv4.", "1.2.24"),
      flag("inet6", "The next address is IPv6.", "1.2.24"),
  };
}

std::vector<Option> metric_options() {
  const Choice bit{{"0", "1"}};
  return {
      numeric("mtu", "Largest packet, octets.", true, "octets").by_default("none"),
      option("hoplimit", Integer{0, 255}, "Hop limit of what goes there.", "1.2.24").in("hops").by_default("none"),
      numeric("advmss", "Segment size told to TCP peers, octets.", true, "octets").by_default("none"),
      option("rtt", time_value(), "First guess of the round trip.", "1.2.24", kLock).in("ms/8").by_default("none"),
      option("rttvar", time_value(), "First guess of its variance.", "1.2.24", kLock).in("ms/4").by_default("none"),
      numeric("reordering", "Reordering TCP expects.", true).by_default("none"),
      numeric("window", "Largest window of TCP, octets.", false, "octets").by_default("none"),
      numeric("cwnd", "Clamp of the congestion window.", true).by_default("none"),
      numeric("ssthresh", "Slow start threshold.", true).by_default("none"),
      option("rto_min", time_value(), "Least retransmission time.", "1.2.24", kLock).in("ms").by_default("none"),
      numeric("initcwnd", "First congestion window, packets.", false).by_default("none"),
      numeric("initrwnd", "First receive window, packets.", false).by_default("none"),
      option("features", Choice{{"ecn"}}, "Features of TCP.", "1.2.24").by_default("none"),
      option("quickack", Integer{0, 1}, "Acknowledge at once.", "1.2.24").by_default("none"),
      option("congctl", Word{"the name of an algorithm"}, "Congestion control.", "1.2.24", kLock).by_default("none"),
      option("pref", Choice{{"low", "medium", "high"}}, "Preference of the router (IPv6).", "1.2.24")
          .by_default("medium"),
      option("expires", Integer{0, kUnsigned}, "Seconds until it goes (IPv6).", "1.2.24").in("s").by_default("none"),
      option("fastopen_no_cookie", Integer{0, 1}, "TCP fast open without a cookie.", "1.4.3").by_default("none"),
      option("ttl-propagate", Choice{{"enabled", "disabled"}}, "Hand the TTL on (MPLS).", "2.0.8").by_default("none"),
      documented("lock", Flag{}, "Before the value of mtu, advmss, rtt, …: TCP must not change it.", "1.2.24"),
      flag("onlink", "The gateway is on the link, whatever addresses say.", "1.2.24"),
      flag("add", "Fail when there is such a route.", "2.2.5"),
      flag("append", "Behind others like it.", "2.2.5"),
      flag("prepend", "Before others like it; the default.", "2.2.5"),
      flag("no_track", "Its removal by others is not our business.", "2.0.3"),
      option("track_group", Word{"the name of a track_group"}, "Instances that its removal faults (static only).",
             "2.0.3")
          .by_default("none"),
  };
}

/// True when the word belongs to the front of the line: `[TYPE] DESTINATION`.
bool take_front(const Node& node, std::size_t at, LineOptions& line) {
  const std::string& word = node.words[at];
  if (at == 0 && is_route_type(word)) return true;
  const bool number = word.find_first_not_of("0123456789") == std::string::npos && word.size() < 3;
  if (at == 0 && number && node.words.size() > 1) return true;
  if (line.destination || !route_destination().good(word)) return false;
  line.destination = at;
  return true;
}

}  // namespace

const OptionTable& encap_table() {
  static const OptionTable table{
      "route_entry/encap",
      "How the packets of a route are wrapped: encap TYPE options.",
      {documented("ip", "options id, dst, src, tos, ttl, flags", "In IPv4.", "1.2.24"),
       documented("ip6", "options id, dst, src, tc, hoplimit, flags", "In IPv6.", "1.2.24"),
       option("mpls", label_stack(), "With labels of MPLS.", "1.2.24"),
       option("ila", locator(), "With another locator.", "1.2.24"),
       option("id", Integer{0, kUnsigned}, "Tunnel.", "1.2.24"), option("dst", plain_address(), "Far end.", "1.2.24"),
       option("src", plain_address(), "Near end.", "1.2.24"),
       option("tos", ds_field_value(), "Type of service (ip).", "1.2.24"),
       option("ttl", Integer{0, 255}, "Time to live (ip).", "1.2.24"),
       option("tc", ds_field_value(), "Traffic class (ip6).", "1.2.24"),
       option("hoplimit", Integer{0, 255}, "Hop limit (ip6).", "1.2.24"),
       option("flags", Integer{0, 65535, 0}, "Flags of the tunnel.", "1.2.24")}};
  return table;
}

const OptionTable& nexthop_table() {
  static const OptionTable table{
      "route_entry/nexthop",
      "One of several hops of a route: nexthop options.",
      {option("via", plain_address(), "Gateway.", "1.2.24", kFamily),
       option("dev", Word{"an interface name", 15}, "Interface to go out by.", "1.2.24"),
       option("weight", Integer{1, 256}, "Share of the traffic.", "1.2.24").by_default("1"),
       flag("onlink", "The gateway is on the link, whatever addresses say.", "1.2.24"), encap_option(),
       option("realms", realms_value(), "Realms of source and destination.", "1.2.24").by_default("none"),
       option("as", plain_address(), "Of MPLS; read, but not used.", "1.2.24", {"to"}).by_default("none"),
       flag("inet", "The next address is IPv4.", "1.2.24"), flag("inet6", "The next address is IPv6.", "1.2.24")}};
  return table;
}

const OptionTable& route_entry_table() {
  static const OptionTable table{"route_entry",
                                 "A line of virtual_routes or static_routes: [TYPE] DESTINATION options.", [] {
                                   std::vector<Option> options = path_options();
                                   for (Option& more : metric_options()) options.push_back(std::move(more));
                                   return options;
                                 }()};
  return table;
}

std::optional<LineOptions> read_route_entry(const Node& node, EntryPlace place, Diagnostics& diagnostics) {
  LineOptions line(node);
  for (std::size_t at = 0; at < node.words.size();) {
    if (take_front(node, at, line)) {
      ++at;
      continue;
    }
    const Option* option = route_entry_table().find(node.words[at]);
    const bool misplaced = place == EntryPlace::Instance && node.words[at] == "track_group";
    if (option == nullptr || misplaced) {
      report_unknown_option(node, at, route_entry_table(), "route", diagnostics);
      return std::nullopt;
    }
    if (!option->instead.empty()) {
      diagnostics.warning(location_of(node, at), fmt::format("\"{}\" for routes is deprecated. Please use \"{}\"",
                                                             option->keyword, option->instead));
    }
    const auto next = option->read(node, at, diagnostics);
    if (!next) return std::nullopt;
    if (option->keyword == "to") line.destination = *next - 1;
    line.take(at, *next);
    at = *next;
  }
  return line;
}

std::optional<Route> read_route(const Node& node, EntryPlace place, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.list().size();
  const auto line = read_route_entry(node, place, diagnostics);
  if (!line) return std::nullopt;
  lint_route(*line, diagnostics);
  if (has_errors_since(diagnostics, before)) return std::nullopt;
  return route_of(*line);
}

}  // namespace holdfast::config
