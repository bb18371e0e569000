#include "vrrp/logic/router_index.h"

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
  return found_in(by_interface_, name);
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
    const std::uint32_t interface_index = router.interface_index();
    if (interface_index != 0) {
      const config::VrrpInstance& settings = router.settings();
      receivers_.emplace(std::pair(ReceiveKey(interface_index, settings.virtual_router_id), settings.multicast_group),
                         id);
      wanted.insert({interface_index, settings.multicast_group});
    }
    for (const KernelAddress& address : router.wanted_addresses()) vip_owner_.emplace(key_of(address), id);
  }
  listen_to(std::move(wanted), out);
}

void RouterIndex::listen_to(std::set<GroupKey> wanted, Effects& out) {
  Effects listens;
  for (const auto& [index, group] : wanted) {
    if (!listening_.contains({index, group})) listens.push_back(Listen{index, group});
  }
  out.insert(out.begin(), listens.begin(), listens.end());
  for (const auto& [index, group] : listening_) {
    if (!wanted.contains({index, group})) out.push_back(Unlisten{index, group});
  }
  listening_ = std::move(wanted);
}

void RouterIndex::stop_listening(Effects& out) {
  listen_to({}, out);
}

std::optional<RouterId> RouterIndex::receiver(std::uint32_t interface_index, std::uint8_t vrid,
                                              const IpAddress& group) const {
  const ReceiveKey key(interface_index, vrid);
  auto found = receivers_.find({key, group});
  if (found == receivers_.end()) found = receivers_.lower_bound({key, IpAddress{}});
  if (found == receivers_.end() || found->first.first != key) return std::nullopt;
  return found->second;
}

std::optional<RouterId> RouterIndex::owner(const AddressKey& vip) const {
  const auto found = vip_owner_.find(vip);
  if (found == vip_owner_.end()) return std::nullopt;
  return found->second;
}

}  // namespace holdfast::vrrp
