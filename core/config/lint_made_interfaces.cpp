// The words of use_vmac and use_ipvlan: names that no interface can have or that two instances want, MAC addresses that a
// macvlan cannot have, an ipvlan without an address to send from.
#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "core/config/block_lines.h"
#include "core/config/codec.h"
#include "core/config/lint_definitions.h"
#include "core/config/made_interface.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

constexpr std::size_t kLongestName = 15;

bool makes_interface(const Node& line) {
  return line.words.front() == "use_vmac" || line.words.front() == "use_ipvlan";
}

bool is_interface_name(std::string_view name) {
  return name.size() <= kLongestName && name.find_first_of("/: \t") == std::string_view::npos && name != "." &&
         name != "..";
}

class MadeLint {
 public:
  MadeLint(const Context& context, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (const VrrpInstance& instance : context.config.vrrp_instances) instances_.emplace(instance.name, &instance);
  }

  void check(const Node& block) {
    const std::string& owner = block.words[1];
    const BlockLines lines(block);
    if (lines.has("use_vmac") && lines.has("use_ipvlan")) {
      diagnostics_.error(lines.at("use_ipvlan"), fmt::format("({}) use_ipvlan beside use_vmac - ignoring", owner),
                         "one of both");
    }
    bool named = false, addressed = false;
    for (const Node& line : block.children) {
      if (!makes_interface(line)) continue;
      const MadeInterface made = MadeInterface::read(line);
      check_names(owner, line, made, named);
      for (const std::size_t at : made.macs) check_mac(line, at);
      check_modes(owner, line, made);
      for (const std::size_t at : made.addresses) check_address(owner, line, at, addressed);
    }
    if (lines.has("use_ipvlan") && !addressed) report_sourceless(owner, lines);
  }

 private:
  void check_names(const std::string& owner, const Node& line, const MadeInterface& made, bool& named) {
    for (const std::size_t at : made.names) {
      const std::string& name = line.words[at];
      if (!is_interface_name(name)) {
        diagnostics_.error(
            location_of(line, at),
            fmt::format("({}) interface name '{}' is too long or has invalid characters - ignoring", owner, name),
            "up to 15 octets without / and :");
      } else if (named) {
        diagnostics_.error(location_of(line, at),
                           fmt::format("({}) name of the interface already specified - ignoring {}", owner, name),
                           "one name");
      } else {
        named = true;
        take(owner, name, location_of(line, at));
      }
    }
  }

  void take(const std::string& owner, const std::string& name, const Location& at) {
    const auto [other, is_new] = taken_.emplace(name, owner);
    if (is_new || other->second == owner) return;
    diagnostics_.error(
        at, fmt::format("({}) VRRP instance {} is already using {} - ignoring name", owner, other->second, name),
        "an interface name of its own");
  }

  void check_mac(const Node& line, std::size_t at) {
    const std::string& word = line.words[at];
    const auto octets = mac_octets(word);
    if (!octets) {
      diagnostics_.error(location_of(line, at), fmt::format("Invalid MAC address {} - ignoring", word),
                         "five or six octets in hexadecimal, with : between them");
    } else if ((octets->front() & 1) != 0) {
      diagnostics_.error(location_of(line, at), fmt::format("MAC address {} is multicast - ignoring", word),
                         "an even first octet");
    } else if (octets->size() == 6 && octets->at(0) == 0 && octets->at(1) == 0 && octets->at(2) == 0x5e &&
               octets->at(3) == 0) {
      diagnostics_.error(location_of(line, at),
                         fmt::format("MAC address {} is one of those that RFC 9568 gives to VRIDs - ignoring", word),
                         "no MAC for that of the VRID, or another one");
    }
  }

  void check_modes(const std::string& owner, const Node& line, const MadeInterface& made) {
    if (made.modes.size() < 2) return;
    diagnostics_.error(
        location_of(line, made.modes[1]),
        fmt::format("({}) ipvlan type already specified - ignoring '{}'", owner, line.words[made.modes[1]]),
        "one of bridge, private and vepa");
  }

  void check_address(const std::string& owner, const Node& line, std::size_t at, bool& addressed) {
    const auto address = address_in(line.words[at]);
    const auto instance = instances_.find(owner);
    if (address && instance != instances_.end() && address->family() != instance->second->family) {
      diagnostics_.error(location_of(line, at),
                         fmt::format("({}) ipvlan address {} does not match the family of the instance - ignoring",
                                     owner, address->text()),
                         "an address of the family of the virtual addresses");
      return;
    }
    addressed = addressed || address.has_value();
  }

  void report_sourceless(const std::string& owner, const BlockLines& lines) {
    const auto instance = instances_.find(owner);
    if (instance == instances_.end() || instance->second->family != Family::IPv4) return;
    diagnostics_.warning(lines.at("use_ipvlan"),
                         fmt::format("({}) an IPv4 ipvlan has no address to send from: keepalived sets the instance to "
                                     "fault state",
                                     owner),
                         "use_ipvlan ADDRESS");
  }

  Diagnostics& diagnostics_;
  std::unordered_map<std::string_view, const VrrpInstance*> instances_;
  std::unordered_map<std::string, std::string> taken_;  ///< interface name to instance
};

}  // namespace

void lint_made_interfaces(const Tree& tree, const Context& context, Diagnostics& diagnostics) {
  MadeLint lint(context, diagnostics);
  for (const Node& root : tree.roots) {
    if (root.words.front() != "vrrp_instance" || root.words.size() < 2) continue;
    if (std::any_of(root.children.begin(), root.children.end(), makes_interface)) lint.check(root);
  }
}

}  // namespace holdfast::config
