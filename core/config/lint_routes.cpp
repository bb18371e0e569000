#include "core/config/lint_routes.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "core/base/ip_address.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

namespace {

constexpr std::string_view kOwnProtocol = "keepalived";  // 18 in rt_protos
constexpr std::string_view kOwnProtocolNumber = "18";

std::optional<Family> family_of(const std::string& word) {
  if (word == "default6" || word == "inet6") return Family::IPv6;
  if (word == "inet") return Family::IPv4;
  const auto prefix = IpPrefix::parse(word);
  return prefix ? std::optional(prefix->address.family()) : std::nullopt;
}

std::string_view name_of(Family family) {
  return family == Family::IPv4 ? "IPv4" : "IPv6";
}

/// One family for all words of a line. The first word that says one decides.
class FamilyWitness {
 public:
  FamilyWitness(const Node& node, std::string what, Diagnostics& diagnostics)
      : node_(node), what_(std::move(what)), diagnostics_(diagnostics) {}

  /// Reports the first word that does not fit; later ones are not looked at.
  void see(std::size_t at) {
    const auto family = family_of(node_.words[at]);
    if (!family || mixed_) return;
    if (!family_) {
      family_ = family;
      witness_ = at;
    } else if (*family_ != *family) {
      mixed_ = true;
      diagnostics_.error(location_of(node_, at),
                         fmt::format("{} has mixed IPv4 and IPv6: '{}' is {}, '{}' is {} - ignoring", what_,
                                     node_.words[witness_], name_of(*family_), node_.words[at], name_of(*family)),
                         fmt::format("{} throughout", name_of(*family_)));
    }
  }
  std::optional<Family> family() const { return family_; }

 private:
  const Node& node_;
  std::string what_;
  Diagnostics& diagnostics_;
  std::optional<Family> family_;
  std::size_t witness_ = 0;
  bool mixed_ = false;
};

class RouteLint {
 public:
  RouteLint(const LineOptions& route, Diagnostics& diagnostics)
      : route_(route), node_(route.node()), diagnostics_(diagnostics) {}

  void run() {
    if (!route_.destination) {
      diagnostics_.error(node_.at, "Route must have a destination", "[TYPE] DESTINATION, then options");
      return;
    }
    check_families();
    check_hops();
    check_tracking();
    check_protocol();
  }

 private:
  void check_families() {
    FamilyWitness witness(node_, "route", diagnostics_);
    witness.see(*route_.destination);
    for (const TakenOption& option : route_.all()) {
      const std::string& word = route_.word(option);
      const bool addressed = word == "via" || word == "gw" || word == "or" || word == "src" || word == "from";
      if (!addressed && word != "nexthop" && word != "inet" && word != "inet6") continue;
      for (std::size_t at = option.at; at < option.next; ++at) witness.see(at);
    }
    if (witness.family() != Family::IPv4) return;
    for (const TakenOption& option : route_.all()) check_ipv6_only(option);
  }

  void check_ipv6_only(const TakenOption& option) {
    const std::string& word = route_.word(option);
    if (word == "pref" || word == "expires") {
      diagnostics_.error(location_of(node_, option.at), fmt::format("{} is only valid for IPv6", word),
                         "an IPv6 route");
    } else if (word == "from") {
      diagnostics_.error(location_of(node_, option.at), "route from address only supported with IPv6", "an IPv6 route");
    }
  }

  void check_hops() {
    const TakenOption* hop = route_.find("nexthop");
    if (hop == nullptr || !route_.has("or")) return;
    diagnostics_.error(location_of(node_, hop->at), "Cannot specify nexthops with \"or\" route",
                       "nexthop for each of the hops");
  }

  /// A route is known again by its interface. What nobody wants tracked need not be.
  void check_tracking() {
    const TakenOption* group = route_.find("track_group");
    const bool bound = route_.has("dev") || route_.has("oif") || route_.has("vrf");
    if (group != nullptr && (!bound || route_.has("no_track"))) {
      report_unused_group(*group, bound);
    }
    if (bound || route_.has("no_track")) return;
    diagnostics_.warning(node_.at,
                         fmt::format("Warning - cannot track route {} with no interface specified: keepalived "
                                     "does not notice its removal by others, Holdfast does",
                                     node_.words[*route_.destination]),
                         "dev INTERFACE before any nexthop, or no_track");
  }

  void report_unused_group(const TakenOption& group, bool bound) {
    if (!bound) {
      diagnostics_.error(location_of(node_, group.at), "Static route cannot have track_group without an interface",
                         "dev INTERFACE");
      return;
    }
    diagnostics_.advise(location_of(node_, group.at), "Static route has both track_group and no_track: not tracking",
                        "one of both");
  }

  void check_protocol() {
    const TakenOption* protocol = route_.find("protocol");
    if (protocol == nullptr || route_.has("no_track")) return;
    const std::string& name = route_.value(*protocol);
    if (name == kOwnProtocol || name == kOwnProtocolNumber) return;
    diagnostics_.warning(location_of(node_, protocol->at),
                         "Route cannot be tracked if protocol is not keepalived (18), resetting protocol",
                         "no protocol, or no_track");
  }

  const LineOptions& route_;
  const Node& node_;
  Diagnostics& diagnostics_;
};

/// Numbers may stand in any base (behaviour.md a.2).
std::optional<std::uint64_t> number_of(const LineOptions& line, const TakenOption* option) {
  constexpr std::uint64_t kMost = 4294967295;
  return option == nullptr ? std::nullopt : small_number(line.value(*option), kMost);
}

class RuleLint {
 public:
  RuleLint(const LineOptions& rule, Diagnostics& diagnostics)
      : rule_(rule), node_(rule.node()), diagnostics_(diagnostics) {}

  void run() {
    check_families();
    if (!check_action()) return;
    check_order();
    check_tracking();
  }

 private:
  void check_families() {
    FamilyWitness witness(node_, "rule", diagnostics_);
    for (const TakenOption& option : rule_.all()) {
      const std::string& word = rule_.word(option);
      if (word == "from" || word == "to") witness.see(option.next - 1);
      if (word == "inet" || word == "inet6") witness.see(option.at);
    }
  }

  static bool is_action(std::string_view word) {
    static constexpr std::array<std::string_view, 10> words{"table",       "lookup",   "nop",  "goto",   "blackhole",
                                                            "unreachable", "prohibit", "type", "l3mdev", "unicast"};
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  /// Exactly one; false when there is none.
  bool check_action() {
    const TakenOption* first = nullptr;
    for (const TakenOption& option : rule_.all()) {
      if (!is_action(rule_.word(option))) continue;
      if (first != nullptr) {
        diagnostics_.error(location_of(node_, option.at),
                           fmt::format("Rule has more than one action, '{}' and '{}' - ignoring", rule_.word(*first),
                                       rule_.word(option)),
                           "one of table, nop, goto, blackhole, prohibit, unreachable and l3mdev");
        return true;
      }
      first = &option;
    }
    if (first == nullptr) {
      diagnostics_.error(node_.at, "No action specified for rule - ignoring",
                         "table TABLE, nop, goto N, blackhole, prohibit, unreachable or l3mdev");
      return false;
    }
    check_lookup_only(*first);
    return true;
  }

  void check_lookup_only(const TakenOption& action) {
    if (rule_.value(action) == "unicast") {
      diagnostics_.error(location_of(node_, action.next - 1), "Invalid rule action unicast - ignoring", "table TABLE");
    }
    if (rule_.word(action) == "table" || rule_.word(action) == "lookup") return;
    for (const char* word : {"suppress_prefixlength", "sup_pl", "suppress_ifgroup", "sup_group", "realms"}) {
      const TakenOption* option = rule_.find(word);
      if (option == nullptr) continue;
      diagnostics_.error(
          location_of(node_, option->at),
          fmt::format("{} needs the action table, this rule has {} - ignoring", word, rule_.word(action)),
          "table TABLE");
    }
  }

  const TakenOption* preference() const {
    for (const char* word : {"preference", "priority", "order"}) {
      if (const TakenOption* option = rule_.find(word)) return option;
    }
    return nullptr;
  }

  void check_order() {
    const TakenOption* own = preference();
    const TakenOption* jump = rule_.find("goto");
    if (jump != nullptr) return check_jump(own, *jump);
    if (own != nullptr) return;
    diagnostics_.warning(node_.at,
                         "Rule has no preference specified: it gets a free one, counted down from 16384. That is "
                         "probably not what you want",
                         "preference N");
  }

  void check_jump(const TakenOption* own, const TakenOption& jump) {
    const std::string& target = rule_.value(jump);
    if (own == nullptr) {
      diagnostics_.error(location_of(node_, jump.at),
                         fmt::format("Rule has goto {} without a preference of its own - ignoring", target),
                         "preference N, less than the target");
      return;
    }
    const auto from = number_of(rule_, own), to = number_of(rule_, &jump);
    if (!from || !to || *from < *to) return;
    diagnostics_.error(
        location_of(node_, jump.at),
        fmt::format("Rule with preference {} cannot go to {}: rules are read upwards - ignoring", *from, *to),
        fmt::format("a target over {}", *from));
  }

  void check_tracking() {
    const TakenOption* group = rule_.find("track_group");
    if (group != nullptr && !rule_.has("iif") && !rule_.has("dev")) {
      diagnostics_.error(location_of(node_, group->at), "Static rule cannot have track_group without an interface",
                         "iif INTERFACE");
    } else if (group != nullptr && rule_.has("no_track")) {
      diagnostics_.advise(location_of(node_, group->at), "Static rule has both track_group and no_track: not tracking",
                          "one of both");
    }
    const TakenOption* protocol = rule_.find("protocol");
    if (protocol == nullptr || rule_.has("no_track")) return;
    const std::string& name = rule_.value(*protocol);
    if (name == kOwnProtocol || name == kOwnProtocolNumber) return;
    diagnostics_.warning(location_of(node_, protocol->at),
                         "Rule cannot be tracked if protocol is not keepalived (18), resetting protocol",
                         "no protocol, or no_track");
  }

  const LineOptions& rule_;
  const Node& node_;
  Diagnostics& diagnostics_;
};

}  // namespace

void lint_route(const LineOptions& route, Diagnostics& diagnostics) {
  RouteLint(route, diagnostics).run();
}

void lint_rule(const LineOptions& rule, Diagnostics& diagnostics) {
  RuleLint(rule, diagnostics).run();
}

}  // namespace holdfast::config
