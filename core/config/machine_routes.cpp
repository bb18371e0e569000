#include "core/config/machine_routes.h"

#include <fmt/format.h>

#include "core/config/route_names.h"
#include "core/config/routing_numbers.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

namespace {

constexpr std::uint64_t kMostNumber = 4294967295;

bool names_interface(std::string_view word) {
  return word == "dev" || word == "oif" || word == "iif";
}

class RoutesOnMachine {
 public:
  RoutesOnMachine(const Machine& machine, const Tree& tree, const Config& config, Diagnostics& diagnostics)
      : machine_(machine),
        tree_(tree),
        dynamic_(config.global_defs.dynamic_interfaces),
        diagnostics_(diagnostics),
        names_(machine, route_name_folders(tree)) {}

  bool run() {
    for (const Node& root : tree_.roots) {
      if (root.words.front() == "static_routes" || root.words.front() == "static_rules") {
        check_list(root, EntryPlace::Static);
      } else if (root.words.front() == "vrrp_instance") {
        for (const Node& list : root.children) check_list(list, EntryPlace::Instance);
      }
    }
    return missing_;
  }

 private:
  void check_list(const Node& list, EntryPlace place) {
    const std::string& keyword = list.words.front();
    const bool routes = keyword == "virtual_routes" || keyword == "static_routes";
    if (!routes && keyword != "virtual_rules" && keyword != "static_rules") return;
    for (const Node& line : list.children) {
      Diagnostics said_before;
      const auto options =
          routes ? read_route_entry(line, place, said_before) : read_rule_entry(line, place, said_before);
      if (options) check_line(*options, routes ? "route" : "rule");
    }
  }

  void check_line(const LineOptions& line, std::string_view what) {
    for (const TakenOption& option : line.all()) {
      const std::string& word = line.word(option);
      if (word == "nexthop" || word == "encap") {
        check_inner(line.node(), option, what);
      } else if (option.next > option.at + 1) {
        check_value(line.node(), word, option.next - 1, what);
      }
    }
  }

  /// The options of hops and tunnels: each names its value right behind it.
  void check_inner(const Node& node, const TakenOption& span, std::string_view what) {
    for (std::size_t at = span.at + 1; at + 1 < span.next; ++at) check_value(node, node.words[at], at + 1, what);
  }

  void check_value(const Node& node, std::string_view keyword, std::size_t value, std::string_view what) {
    const std::string& word = node.words[value];
    if (names_interface(keyword)) {
      check_interface(location_of(node, value), word, what);
    } else if (keyword == "vrf") {
      check_vrf(location_of(node, value), word, what);
    } else if (keyword == "ipproto") {
      check_ip_protocol(location_of(node, value), word, what);
    } else if (const NamedOption* option = named_option(keyword)) {
      check_names(location_of(node, value), *option, word, what);
    }
  }

  /// realms is SOURCE/DESTINATION; no other name holds a '/'.
  void check_names(const Location& at, const NamedOption& option, const std::string& word, std::string_view what) {
    const std::size_t slash = option.table == NameTable::Realms ? word.find('/') : std::string::npos;
    check_name(at, option, word.substr(0, slash), what);
    if (slash != std::string::npos) check_name(at, option, word.substr(slash + 1), what);
  }

  void check_name(const Location& at, const NamedOption& option, const std::string& name, std::string_view what) {
    if (small_number(name, kMostNumber) || names_.find(option.table, name)) return;
    diagnostics_.error(at, fmt::format("{} {} not found for {} - ignoring", option.what, name, what),
                       fmt::format("a number, {}", names_.examples(option.table)));
  }

  void check_ip_protocol(const Location& at, const std::string& name, std::string_view what) {
    if (small_number(name, kMostNumber) || machine_.ip_protocol(name)) return;
    diagnostics_.error(at, fmt::format("IP protocol {} not found for {} - ignoring", name, what),
                       "a number, or a name in /etc/protocols");
  }

  void check_interface(const Location& at, const std::string& name, std::string_view what) {
    if (machine_.interface_exists(name)) return;
    missing_ = true;
    std::string text = fmt::format("WARNING - interface {} for {} doesn't exist", name, what);
    if (dynamic_) {
      diagnostics_.remark(at, std::move(text));
    } else {
      diagnostics_.warning(at, std::move(text));
    }
  }

  void check_vrf(const Location& at, const std::string& name, std::string_view what) {
    if (!machine_.interface_exists(name)) {
      diagnostics_.error(at, fmt::format("VRF {} not found for {} - ignoring", name, what), "an interface of type vrf");
    } else if (machine_.driver_of(name) != "vrf") {
      diagnostics_.error(at, fmt::format("{} is no VRF, it cannot be that of a {} - ignoring", name, what),
                         "an interface of type vrf");
    }
  }

  const Machine& machine_;
  const Tree& tree_;
  bool dynamic_;
  Diagnostics& diagnostics_;
  RouteNames names_;
  bool missing_ = false;
};

}  // namespace

bool lint_routes_on(const Machine& machine, const Tree& tree, const Config& config, Diagnostics& diagnostics) {
  return RoutesOnMachine(machine, tree, config, diagnostics).run();
}

}  // namespace holdfast::config
