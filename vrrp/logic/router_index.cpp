#include "vrrp/logic/router_index.h"

#include <algorithm>

namespace holdfast::vrrp {

namespace {

std::vector<RouterId> found_in(const std::unordered_map<std::string, std::vector<RouterId>>& index,
                               const std::string& name) {
  const auto found = index.find(name);
  return found == index.end() ? std::vector<RouterId>{} : found->second;
}

}  // namespace

// ---- names ----------------------------------------------------------------------------------------------------------

void RouterIndex::rebuild_names(const Roster& roster) {
  by_interface_.clear();
  by_script_.clear();
  by_object_.clear();
  for (const RouterId id : roster.order()) add_names(id, roster.at(id).settings());
}

void RouterIndex::add_names(RouterId id, const config::VrrpInstance& settings) {
  std::set<std::string> interfaces{settings.interface};
  for (const auto& tracked : settings.track_interfaces) interfaces.insert(tracked.interface);
  for (const config::Vmac& vmac : vmacs_of(settings)) interfaces.insert({vmac.name, vmac.base});
  for (const auto* list : {&settings.virtual_addresses, &settings.excluded_addresses.list()}) {
    for (const auto& entry : *list) {
      if (!entry.interface.empty()) interfaces.insert(entry.interface);
    }
  }
  for (const std::string& name : interfaces_of(settings.virtual_routes)) interfaces.insert(name);
  for (const std::string& name : interfaces) by_interface_[name].push_back(id);
  std::set<std::string> scripts;
  for (const auto& tracked : settings.track_scripts) scripts.insert(tracked.name);
  for (const std::string& name : scripts) by_script_[name].push_back(id);
  for (const auto& tracked : settings.track_files) by_object_[{ObjectKind::File, tracked.name}].push_back(id);
  for (const auto& tracked : settings.track_processes) by_object_[{ObjectKind::Process, tracked.name}].push_back(id);
}

std::vector<RouterId> RouterIndex::on_interface(const std::string& name) const {
  std::vector<RouterId> ids = found_in(by_interface_, name);
  const std::vector<RouterId> anywhere = found_in(by_interface_, "");
  if (!anywhere.empty() && !name.empty()) {
    ids.insert(ids.end(), anywhere.begin(), anywhere.end());
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  return ids;
}

std::vector<RouterId> RouterIndex::tracking(const ObjectKey& object) const {
  const auto found = by_object_.find(object);
  return found == by_object_.end() ? std::vector<RouterId>{} : found->second;
}

std::vector<RouterId> RouterIndex::tracking(const std::string& script) const {
  return found_in(by_script_, script);
}

// ---- numbers of interfaces ------------------------------------------------------------------------------------------

void RouterIndex::rebuild_keys(const Roster& roster, Effects& out) {
  receivers_.clear();
  vip_owner_.clear();
  std::set<GroupKey> wanted;
  for (const RouterId id : roster.order()) {
    const VirtualRouter& router = roster.at(id);
    if (const auto place = router.endpoint()) {
      Receiver receiver{id, {}};
      for (const config::UnicastPeer& peer : router.settings().unicast_peers) receiver.peers.push_back(peer.address);
      add_receiver(*place, router.settings().virtual_router_id, std::move(receiver));
      wanted.insert({place->interface_index, place->group, place->protocol});
    }
    if (const auto place = router.vmac_endpoint()) {
      add_receiver(*place, router.settings().virtual_router_id, {id, {}});
      wanted.insert({place->interface_index, place->group, place->protocol});
    }
    for (const KernelAddress& address : router.wanted_addresses()) vip_owner_.emplace(key_of(address), id);
  }
  listen_to(std::move(wanted), out);
  accept_only(out);
}

void RouterIndex::add_receiver(const Listen& place, std::uint8_t vrid, Receiver receiver) {
  std::vector<AtGroup>& groups = receivers_[number_of({place.interface_index, vrid})];
  auto at = std::ranges::lower_bound(groups, place.group, {}, &AtGroup::group);
  if (at == groups.end() || at->group != place.group) at = groups.insert(at, {place.group, {}});
  at->receivers.push_back(std::move(receiver));
}

void RouterIndex::accept_only(Effects& out) {
  Accepted wanted;
  for (const auto& [number, groups] : receivers_) {
    for (const AtGroup& at : groups) {
      std::vector<std::uint8_t>& vrids = wanted[{static_cast<std::uint32_t>(number >> 8), at.group.family()}];
      if (!every_vrid_) vrids.push_back(static_cast<std::uint8_t>(number & 0xff));
    }
  }
  for (auto& [place, vrids] : wanted) {
    std::ranges::sort(vrids);
    vrids.erase(std::ranges::unique(vrids).begin(), vrids.end());
    const auto before = accepted_.find(place);
    if (before != accepted_.end() && before->second == vrids) continue;
    out.push_back(AcceptOnly{place.first, place.second, vrids});
  }
  accepted_ = std::move(wanted);
}

void RouterIndex::listen_to(std::set<GroupKey> wanted, Effects& out) {
  Effects listens;
  for (const auto& place : wanted) {
    const auto& [index, group, protocol] = place;
    if (!listening_.contains(place)) listens.push_back(Listen{index, group, protocol});
  }
  out.insert(out.begin(), listens.begin(), listens.end());
  for (const auto& place : listening_) {
    const auto& [index, group, protocol] = place;
    if (!wanted.contains(place)) out.push_back(Unlisten{index, group, protocol});
  }
  listening_ = std::move(wanted);
}

void RouterIndex::stop_listening(Effects& out) {
  listen_to({}, out);
}

std::optional<RouterId> RouterIndex::receiver(std::uint32_t interface_index, std::uint8_t vrid,
                                              const IpAddress& destination, const IpAddress& source) const {
  const auto found = receivers_.find(number_of({interface_index, vrid}));
  if (found == receivers_.end()) return std::nullopt;
  const std::vector<AtGroup>& groups = found->second;
  if (const auto at = std::ranges::find(groups, destination, &AtGroup::group); at != groups.end()) {
    const auto has_peer = [&](const Receiver& receiver) { return std::ranges::count(receiver.peers, source) > 0; };
    const auto fits = std::ranges::find_if(at->receivers, has_peer);
    return fits == at->receivers.end() ? at->receivers.front().id : fits->id;
  }
  for (const AtGroup& at : groups) {
    if (at.group.family() == destination.family()) return at.receivers.front().id;
  }
  return std::nullopt;
}

std::optional<RouterId> RouterIndex::owner(const AddressKey& vip) const {
  const auto found = vip_owner_.find(vip);
  if (found == vip_owner_.end()) return std::nullopt;
  return found->second;
}

}  // namespace holdfast::vrrp
