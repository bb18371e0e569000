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
  for (const RouterId id : roster.order()) add_names(id, roster.at(id).settings());
}

void RouterIndex::add_names(RouterId id, const config::VrrpInstance& settings) {
  std::set<std::string> interfaces{settings.interface};
  for (const auto& tracked : settings.track_interfaces) interfaces.insert(tracked.interface);
  for (const auto* list : {&settings.virtual_addresses, &settings.excluded_addresses}) {
    for (const auto& entry : *list) {
      if (!entry.interface.empty()) interfaces.insert(entry.interface);
    }
  }
  for (const std::string& name : interfaces) by_interface_[name].push_back(id);
  std::set<std::string> scripts;
  for (const auto& tracked : settings.track_scripts) scripts.insert(tracked.name);
  for (const std::string& name : scripts) by_script_[name].push_back(id);
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
      const ReceiveKey key(place->interface_index, router.settings().virtual_router_id);
      receivers_[{key, place->group}].push_back(std::move(receiver));
      wanted.insert({place->interface_index, place->group, place->protocol});
    }
    for (const KernelAddress& address : router.wanted_addresses()) vip_owner_.emplace(key_of(address), id);
  }
  listen_to(std::move(wanted), out);
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
  const ReceiveKey key(interface_index, vrid);
  if (const auto found = receivers_.find({key, destination}); found != receivers_.end()) {
    const auto has_peer = [&](const Receiver& receiver) { return std::ranges::count(receiver.peers, source) > 0; };
    const auto fits = std::ranges::find_if(found->second, has_peer);
    return fits == found->second.end() ? found->second.front().id : fits->id;
  }
  for (auto at = receivers_.lower_bound({key, IpAddress{}}); at != receivers_.end() && at->first.first == key; ++at) {
    if (at->first.second.family() == destination.family()) return at->second.front().id;
  }
  return std::nullopt;
}

std::optional<RouterId> RouterIndex::owner(const AddressKey& vip) const {
  const auto found = vip_owner_.find(vip);
  if (found == vip_owner_.end()) return std::nullopt;
  return found->second;
}

}  // namespace holdfast::vrrp
