#include "core/config/machine_interfaces.h"

#include <fmt/format.h>
#include <string_view>
#include <unordered_map>

#include "core/config/block_lines.h"

namespace holdfast::config {

namespace {

class InterfaceLint {
 public:
  InterfaceLint(const Tree& tree, const Config& config, const Machine& machine, bool missing, Diagnostics& diagnostics)
      : config_(config), machine_(machine), diagnostics_(diagnostics), missing_(missing) {
    for (const Node& root : tree.roots) {
      if (root.words.front() == "vrrp_instance" && root.words.size() > 1) blocks_.emplace(root.words[1], &root);
    }
  }

  void run() {
    for (const VrrpInstance& instance : config_.vrrp_instances) {
      const auto block = blocks_.find(instance.name);
      if (block == blocks_.end()) continue;
      const BlockLines lines(*block->second);
      check_own(instance, lines);
      check_kind(instance, lines);
      check_vrf(instance, lines);
      for (const TrackedInterface& track : instance.track_interfaces) check_tracked(instance, track);
      check_devices(instance.virtual_addresses, lines.at("virtual_ipaddress"));
      check_devices(instance.excluded_addresses, lines.at("virtual_ipaddress_excluded"));
      check_peers(instance, lines);
    }
    if (!missing_ || config_.global_defs.dynamic_interfaces) return;
    diagnostics_.add(
        {Severity::Fatal, ErrorClass::FatalError, {}, "Non-existent interface specified in configuration", {}, {}});
  }

 private:
  static Location interface_at(const BlockLines& lines) {
    Location at = lines.at("interface");
    const Node* line = lines.find("interface");
    if (line != nullptr && line->columns.size() > 1) at.column = line->columns[1];
    return at;
  }

  bool exists(const std::string& interface) {
    if (machine_.interface_exists(interface)) return true;
    missing_ = true;
    return false;
  }

  /// With dynamic_interfaces keepalived says nothing, and -t exits 0.
  void report(const Location& at, std::string text) {
    if (config_.global_defs.dynamic_interfaces) {
      diagnostics_.remark(at, std::move(text));
    } else {
      diagnostics_.warning(at, std::move(text));
    }
  }

  void check_own(const VrrpInstance& instance, const BlockLines& lines) {
    if (instance.interface.empty() || exists(instance.interface)) return;
    report(interface_at(lines),
           fmt::format("WARNING - interface {} for vrrp_instance {} doesn't exist", instance.interface, instance.name));
  }

  /// It may come later: until then the instance is in fault.
  void check_vrf(const VrrpInstance& instance, const BlockLines& lines) {
    if (instance.vrf.empty() || machine_.interface_exists(instance.vrf)) return;
    report(lines.at("vrf"),
           fmt::format("WARNING - VRF {} for vrrp_instance {} doesn't exist", *instance.vrf, instance.name));
  }

  /// Whether VRRP can work on it at all. keepalived refuses loopback interfaces; here they serve tests on one host.
  void check_kind(const VrrpInstance& instance, const BlockLines& lines) {
    if (instance.interface.empty()) return;
    if (machine_.is_loopback(instance.interface)) {
      diagnostics_.warning(
          interface_at(lines),
          fmt::format(
              "({}) {} is a loopback interface: no other router hears the adverts, and keepalived cannot use it "
              "for vrrp",
              instance.name, instance.interface),
          "an interface that the other routers are on");
    } else if (!machine_.supports_multicast(instance.interface) && lines.entries("unicast_peer").empty()) {
      diagnostics_.warning(interface_at(lines),
                           fmt::format("({}) interface {} does not support multicast, specify unicast peers",
                                       instance.name, instance.interface),
                           "a block unicast_peer");
    }
  }

  void check_tracked(const VrrpInstance& instance, const TrackedInterface& track) {
    if (exists(track.interface)) return;
    report(track.at, fmt::format("WARNING - interface {} for track_interface of vrrp_instance {} doesn't exist",
                                 track.interface, instance.name));
  }

  void check_devices(const std::vector<VirtualAddress>& addresses, const Location& at) {
    for (const VirtualAddress& entry : addresses) {
      if (entry.interface.empty() || exists(entry.interface)) continue;
      report(at, fmt::format("WARNING - interface {} for ip address {} doesn't exist", *entry.interface,
                             entry.prefix.address.text()));
    }
  }

  void check_peers(const VrrpInstance& instance, const BlockLines& lines) {
    for (const Node* line : lines.entries("unicast_peer")) {
      const auto peer = address_in(line->words.front());
      if (!peer || !own_addresses().contains(*peer)) continue;
      diagnostics_.advise(line->at,
                          fmt::format("({}) unicast peer {} is an address of this host: adverts to it reach no other "
                                      "router, and both may become master",
                                      instance.name, peer->text()),
                          "the addresses of the other routers only");
    }
  }

  /// Asked once, and only if there are peers.
  const std::set<IpAddress>& own_addresses() {
    if (!own_) own_ = machine_.addresses();
    return *own_;
  }

  const Config& config_;
  const Machine& machine_;
  Diagnostics& diagnostics_;
  bool missing_;
  std::unordered_map<std::string_view, const Node*> blocks_;
  std::optional<std::set<IpAddress>> own_;
};

}  // namespace

void lint_interfaces(const Tree& tree, const Config& config, const Machine& machine, bool missing,
                     Diagnostics& diagnostics) {
  InterfaceLint(tree, config, machine, missing, diagnostics).run();
}

}  // namespace holdfast::config
