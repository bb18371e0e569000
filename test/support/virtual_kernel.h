// The kernels and cores of the virtual LAN: they remember what the effects of an engine ask for, tell it of every change, and can be
// changed by somebody else. Answers come after the call that asked, never inside it. Used by virtual_lan.h. Absent: processes,
// adverts, time.
#pragma once

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "test/support/virtual_clock.h"
#include "test/support/virtual_host.h"

namespace holdfast::test {

class VirtualKernel {
 public:
  virtual ~VirtualKernel() = default;

  VirtualClock& clock() { return clock_; }
  TimePoint now() const { return clock_.now(); }
  void add_link(VirtualHost& h, const std::string& name) { h.links[name] = {++last_index_, true, {}, {}, {}}; }

  void set_link(VirtualHost& h, const std::string& name, bool up) {
    h.links.at(name).up = up;
    tell(h, link_fact(h, name));
    for (const auto& [above, link] : h.links) {
      if (link.below == name) tell(h, link_fact(h, above));
    }
  }
  void remove_link(VirtualHost& h, const std::string& name) {
    std::vector<std::string> above;
    for (const auto& [other, link] : h.links) {
      if (link.below == name) above.push_back(other);
    }
    for (const std::string& other : above) remove_link(h, other);
    const std::uint32_t index = h.links.at(name).index;
    std::vector<vrrp::AddressKey> gone;
    for (const auto& key : h.addresses) {
      if (key.interface_index == index) gone.push_back(key);
    }
    for (const auto& key : gone) h.addresses.erase(key);
    h.links.erase(name);  // gone before anybody is told
    for (const auto& key : gone) tell(h, vrrp::AddressVanished{key.interface_index, key.prefix});
    tell(h, vrrp::LinkRemoved{index});
  }
  void create_link(VirtualHost& h, const std::string& name, const std::string& kind = {}) {
    add_link(h, name);
    h.links.at(name).kind = kind;
    tell(h, link_fact(h, name));
  }
  /// Into a VRF, or out of it ("").
  void enslave(VirtualHost& h, const std::string& name, const std::string& master) {
    h.links.at(name).master = master;
    tell(h, link_fact(h, name));
  }
  void add_address(VirtualHost& h, const std::string& link, const IpPrefix& prefix) {
    const std::uint32_t index = h.links.at(link).index;
    h.addresses.insert({index, prefix});
    tell(h, vrrp::AddressAppeared{index, prefix, false});
  }
  bool remove_address(VirtualHost& h, const IpAddress& address) {
    for (const auto& key : h.addresses) {
      if (key.prefix.address != address) continue;
      const vrrp::AddressKey gone = key;
      h.addresses.erase(key);
      tell(h, vrrp::AddressVanished{gone.interface_index, gone.prefix});
      return true;
    }
    return false;
  }
  /// Nothing: there is no such file.
  void write_file(VirtualHost& h, const std::string& path, std::optional<std::int64_t> value) {
    if (value) h.files[path] = *value;
    if (!value) h.files.erase(path);
    if (h.watched_files.contains(path)) tell(h, vrrp::FileChanged{path, value, {}});
  }
  void run_processes(VirtualHost& h, const std::string& process, int count) {
    h.processes[process] = count;
    if (h.watched_processes.contains(process)) tell(h, vrrp::ProcessesCounted{process, count});
  }
  /// Somebody removes what the configuration said in these words; with `silently` the kernel does not tell.
  bool remove_routing(VirtualHost& h, const std::string& text, bool silently) {
    for (const vrrp::RoutingEntry& entry : h.routing) {
      if (entry.text != text) continue;
      const vrrp::RoutingObject gone = entry.object;
      erase_routing(h, gone);
      if (!silently && h.watched.contains(vrrp::routing_key(gone))) tell(h, vrrp::RoutingTold{true, false, gone});
      return true;
    }
    return false;
  }
  static bool erase_routing(VirtualHost& h, const vrrp::RoutingObject& object) {
    const auto same = [&](const vrrp::RoutingEntry& entry) { return entry.object == object; };
    const auto found = std::find_if(h.routing.begin(), h.routing.end(), same);
    if (found == h.routing.end()) return false;
    h.routing.erase(found);
    return true;
  }
  static bool has(const VirtualHost& h, const IpAddress& address) {
    for (const auto& key : h.addresses) {
      if (key.prefix.address == address) return true;
    }
    return false;
  }
  std::uint32_t index_of(const VirtualHost& h, const std::string& link) const {
    const auto found = h.links.find(link);
    return found == h.links.end() ? 0 : found->second.index;
  }

  /// Kept while the process is paused.
  void tell(VirtualHost& h, const vrrp::Event& event) {
    if (!h.engine) return;
    if (h.paused)
      h.backlog.push_back(event);
    else
      tell_now(h, event);
  }

 protected:
  virtual void tell_now(VirtualHost& h, const vrrp::Event& event) = 0;

  static MacAddress mac_of(const VirtualLink& link) {
    return link.mac.value_or(MacAddress{{2, 0, 0, 0, 0, static_cast<std::uint8_t>(link.index)}});
  }
  vrrp::LinkChanged link_fact(const VirtualHost& h, const std::string& name) const {
    const VirtualLink& link = h.links.at(name);
    vrrp::LinkChanged fact;
    fact.index = link.index;
    fact.name = name;
    fact.enabled = link.up;
    fact.up = link.up && (link.below.empty() || (h.links.contains(link.below) && h.links.at(link.below).up));
    fact.mac = mac_of(link);
    fact.arp = link.arp;
    fact.promotes_secondaries = link.promotes;
    fact.below = index_of(h, link.below);
    fact.ipvlan = link.ipvlan_flags.has_value();
    fact.ipvlan_flags = link.ipvlan_flags;
    fact.macvlan = fact.private_mode = fact.settled_as_vmac = !link.below.empty() && !fact.ipvlan;
    fact.kind = link.kind;
    fact.vrf_table = link.kind == "vrf" ? 1000 + link.index : 0;
    fact.master = index_of(h, link.master);
    return fact;
  }
  static std::string name_of(const VirtualHost& h, std::uint32_t index) {
    for (const auto& [name, link] : h.links) {
      if (link.index == index) return name;
    }
    return {};
  }

  // ---- what an engine asks for ----
  template <class Other>
  void act(VirtualHost&, const Other&) {}
  void act(VirtualHost& h, const vrrp::AddAddresses& what) {
    for (const vrrp::KernelAddress& address : what.addresses) {
      const vrrp::AddressKey key = vrrp::key_of(address);
      const std::uint64_t life = h.incarnation;
      const auto refused = h.refuses.find(key.prefix.address);
      if (refused != h.refuses.end()) {
        const int error = refused->second;
        later(h, life, vrrp::AddressRefused{key.interface_index, key.prefix, true, error});
      } else if (name_of(h, key.interface_index).empty()) {
        later(h, life, vrrp::AddressRefused{key.interface_index, key.prefix, true, ENODEV});
      } else if (h.addresses.insert(key).second) {
        later(h, life, vrrp::AddressAppeared{key.interface_index, key.prefix, false});
      }
    }
  }
  void act(VirtualHost& h, const vrrp::RemoveAddresses& what) {
    for (const vrrp::KernelAddress& address : what.addresses) {
      const vrrp::AddressKey key = vrrp::key_of(address);
      if (h.addresses.erase(key) > 0) later(h, h.incarnation, vrrp::AddressVanished{key.interface_index, key.prefix});
    }
  }
  void act(VirtualHost& h, const vrrp::AddRouting& what) {
    for (const vrrp::RoutingEntry& entry : what.entries) {
      const auto refused = h.refuses_routing.find(entry.text);
      if (refused != h.refuses_routing.end()) {
        later(h, h.incarnation, vrrp::RoutingRefused{entry, true, refused->second});
        continue;
      }
      if (entry.order == vrrp::RoutingOrder::Replace) {
        const std::string key = vrrp::routing_key(entry.object);
        std::erase_if(h.routing, [&](const auto& old) { return vrrp::routing_key(old.object) == key; });
      }
      erase_routing(h, entry.object);
      h.routing.push_back(entry);
      tell_routing(h, false, entry);
    }
  }
  void act(VirtualHost& h, const vrrp::RemoveRouting& what) {
    for (const vrrp::RoutingEntry& entry : what.entries) {
      if (erase_routing(h, entry.object)) tell_routing(h, true, entry);
    }
  }
  void act(VirtualHost& h, const vrrp::WatchRouting& what) {
    h.watched = what.keys;
    if (!what.keys.empty()) act(h, vrrp::VerifyRouting{});
  }
  void act(VirtualHost& h, const vrrp::VerifyRouting&) {
    later(h, h.incarnation, vrrp::RoutingResyncStarted{});
    clock_.at(now(), [this, &h, life = h.incarnation] {
      if (h.incarnation != life) return;
      for (const vrrp::RoutingEntry& entry : std::vector<vrrp::RoutingEntry>(h.routing)) {
        if (h.watched.contains(vrrp::routing_key(entry.object))) tell(h, vrrp::RoutingTold{false, false, entry.object});
      }
      tell(h, vrrp::RoutingResyncFinished{});
    });
  }
  void tell_routing(VirtualHost& h, bool removed, const vrrp::RoutingEntry& entry) {
    if (!h.watched.contains(vrrp::routing_key(entry.object))) return;
    later(h, h.incarnation, vrrp::RoutingTold{removed, entry.order == vrrp::RoutingOrder::Replace, entry.object});
  }
  void act(VirtualHost& h, const vrrp::RememberStatics& what) { h.static_record = what.record; }
  void act(VirtualHost& h, const vrrp::RunTrackScript& run) {
    const int status = h.script_status[run.script];
    later(h, h.incarnation, vrrp::ScriptFinished{run.script, vrrp::ScriptOutcome::Exited, status});
  }
  void act(VirtualHost&, const vrrp::AcceptOnly&) {}
  void act(VirtualHost& h, const vrrp::WatchFiles& what) {
    h.watched_files = what.paths;
    for (const std::string& path : what.paths) {
      const auto file = h.files.find(path);
      const auto value = file == h.files.end() ? std::nullopt : std::optional(file->second);
      later(h, h.incarnation, vrrp::FileChanged{path, value, {}});
    }
  }
  void act(VirtualHost& h, const vrrp::WatchProcesses& what) {
    h.watched_processes.clear();
    for (const config::TrackProcess& process : what.processes) {
      h.watched_processes.insert(process.name);
      later(h, h.incarnation, vrrp::ProcessesCounted{process.name, h.processes[process.name]});
    }
  }
  void act(VirtualHost& h, const vrrp::RememberObject& what) { h.object_records[what.record.key] = what.record; }
  void act(VirtualHost& h, const vrrp::ForgetObject& what) { h.object_records.erase(what.key); }
  void act(VirtualHost& h, const vrrp::Listen& what) { h.listening.push_back(what); }
  void act(VirtualHost& h, const vrrp::Unlisten& what) {
    std::erase_if(h.listening, [&](const vrrp::Listen& place) {
      return place.group == what.group && place.interface_index == what.interface_index &&
             place.protocol == what.protocol;
    });
  }
  void act(VirtualHost& h, const vrrp::MakeVmac& what) {
    const std::string& name = what.vmac.name;
    if (!h.links.contains(what.vmac.base)) return;
    const int error = h.links.contains(name) ? EEXIST : h.refuses_vmacs;
    if (error != 0) return later(h, h.incarnation, vrrp::VmacRefused{name, vrrp::VmacRefused::What::Make, error});
    h.links[name] = {++last_index_, false, what.vmac.base, what.vmac.mac, {}, {}, {}};
    if (what.vmac.ipvlan) {
      h.links[name].mac = mac_of(h.links.at(what.vmac.base));
      h.links[name].ipvlan_flags = static_cast<std::uint16_t>(what.vmac.mode);
    }
    h.links[name].master = name_of(h, what.vrf_index);
    tell_link_later(h, h.links.at(name).index);
  }
  void act(VirtualHost& h, const vrrp::SetVmacVrf& what) {
    const std::string name = name_of(h, what.interface_index);
    if (name.empty()) return;
    h.links.at(name).master = name_of(h, what.vrf_index);
    tell_link_later(h, what.interface_index);
  }
  void act(VirtualHost& h, const vrrp::SetVmacUp& what) {
    const std::string name = name_of(h, what.interface_index);
    if (name.empty()) return;
    h.links.at(name).up = what.up;
    tell_link_later(h, h.links.at(name).index);
  }
  void act(VirtualHost& h, const vrrp::RemoveVmac& what) {
    clock_.at(now(), [this, &h, index = what.interface_index] {
      const std::string name = name_of(h, index);
      if (!name.empty()) remove_link(h, name);
    });
  }
  void act(VirtualHost& h, const vrrp::SetArpStrictness& what) {
    const std::string name = name_of(h, what.interface_index);
    if (name.empty()) return;
    h.links.at(name).arp = what.arp;
    tell_link_later(h, h.links.at(name).index);
  }
  void act(VirtualHost& h, const vrrp::SetPromotion& what) {
    const std::string name = name_of(h, what.interface_index);
    if (name.empty()) return;
    h.links.at(name).promotes = what.on;
    tell_link_later(h, h.links.at(name).index);
  }
  void act(VirtualHost& h, const vrrp::RememberPromotion& what) {
    h.promotion_records[what.record.interface] = what.record;
  }
  void act(VirtualHost& h, const vrrp::ForgetPromotion& what) { h.promotion_records.erase(what.interface); }
  void act(VirtualHost& h, const vrrp::MakeFirewall& what) {
    if (h.refuses_firewall != 0) {
      const bool of_vmacs = !what.content.vmacs.empty();
      return later(h, h.incarnation,
                   vrrp::FirewallRefused{vrrp::FirewallRefused::What::Make, "table ip " + what.style.table, of_vmacs,
                                         h.refuses_firewall});
    }
    h.firewall = what.content;
  }
  void act(VirtualHost& h, const vrrp::ChangeFirewall& what) {
    if (!h.firewall) {
      return later(h, h.incarnation,
                   vrrp::FirewallRefused{vrrp::FirewallRefused::What::Change, "set vips", false, ENOENT});
    }
    h.firewall->dropped.insert(what.add.dropped.begin(), what.add.dropped.end());
    h.firewall->vmacs.insert(what.add.vmacs.begin(), what.add.vmacs.end());
    for (const auto& dropped : what.remove.dropped) h.firewall->dropped.erase(dropped);
    for (const auto& path : what.remove.vmacs) h.firewall->vmacs.erase(path);
  }
  void act(VirtualHost& h, const vrrp::RemoveFirewall&) { h.firewall.reset(); }
  void act(VirtualHost& h, const vrrp::CheckFirewall&) {
    if (!h.firewall) later(h, h.incarnation, vrrp::FirewallVanished{});
  }
  void act(VirtualHost& h, const vrrp::RememberBase& what) { h.base_records[what.record.interface] = what.record; }
  void act(VirtualHost& h, const vrrp::ForgetBase& what) { h.base_records.erase(what.interface); }
  void act(VirtualHost& h, const vrrp::RememberInstance& what) { h.records[what.record.instance] = what.record; }
  void act(VirtualHost& h, const vrrp::ForgetInstance& what) { h.records.erase(what.instance); }
  void act(VirtualHost& h, const vrrp::RememberScript& what) { h.script_records[what.record.script] = what.record; }
  void act(VirtualHost& h, const vrrp::ForgetScript& what) { h.script_records.erase(what.script); }

  /// As it is then; nothing of one that is gone by then.
  void tell_link_later(VirtualHost& h, std::uint32_t index) {
    clock_.at(now(), [this, &h, index, life = h.incarnation] {
      const std::string name = name_of(h, index);
      if (h.incarnation == life && !name.empty()) tell(h, link_fact(h, name));
    });
  }
  /// Answers of kernel and core come after the call that asked, never inside it.
  void later(VirtualHost& h, std::uint64_t life, vrrp::Event event) {
    clock_.at(now(), [this, &h, life, event = std::move(event)] {
      if (h.incarnation == life) tell(h, event);
    });
  }

  VirtualClock clock_;

 private:
  std::uint32_t last_index_ = 1;
};

}  // namespace holdfast::test
