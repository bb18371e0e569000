#include "vrrp/logic/router_index.h"

#include <algorithm>
#include <bit>

#include "core/base/hash.h"

namespace holdfast::vrrp {

namespace {

std::vector<RouterId> found_in(const std::unordered_map<std::string, std::vector<RouterId>>& index,
                               const std::string& name) {
  const auto found = index.find(name);
  return found == index.end() ? std::vector<RouterId>{} : found->second;
}

constexpr std::uint32_t kFree = UINT32_MAX;

std::uint64_t hash_of_place(std::uint32_t interface_index, std::uint8_t vrid, const IpAddress& group) {
  return hash_of(group, std::uint64_t{interface_index} << 8 | vrid);
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
  receivers_ = {};
  owners_ = {};
  std::size_t places = 0, vips = 0;
  for (const RouterId id : roster.order()) {
    places +=
        std::size_t{roster.at(id).endpoint().has_value()} + std::size_t{roster.at(id).vmac_endpoint().has_value()};
    vips += roster.at(id).wanted_addresses().size();
  }
  receivers_.reserve(places);
  owners_.reserve(vips);
  std::set<GroupKey> wanted;
  for (std::uint32_t number = 0; number < roster.order().size(); ++number) {
    const VirtualRouter& router = roster.at(roster.order()[number]);
    const auto listens = [&](const Listen& place, bool on_vmac) {
      add_receiver(place, router.settings().virtual_router_id, number, on_vmac);
      wanted.insert({place.interface_index, place.group, place.protocol});
    };
    if (const auto place = router.endpoint()) listens(*place, false);
    if (const auto place = router.vmac_endpoint()) listens(*place, true);
    for (const KernelAddress& address : router.wanted_addresses()) owners_.push_back({key_of(address), number});
  }
  sort_receivers(roster);
  sort_owners(roster);
  listen_to(std::move(wanted), out);
  accept_only(out);
}

void RouterIndex::add_receiver(const Listen& place, std::uint8_t vrid, std::uint32_t number, bool on_vmac) {
  receivers_.push_back({place.interface_index, place.group, vrid, on_vmac, number, 0});
}

void RouterIndex::sort_receivers(const Roster& roster) {
  std::ranges::sort(receivers_, [](const Receiver& a, const Receiver& b) {
    return a.beside(b) ? std::tie(a.id, a.on_vmac) < std::tie(b.id, b.on_vmac) : a.place() < b.place();
  });
  peers_ = {};
  slots_ = {};
  slots_.resize(std::bit_ceil(3 * receivers_.size()), kFree);
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    Receiver& receiver = receivers_[i];
    const bool follows = i > 0 && receivers_[i - 1].beside(receiver);
    const bool shares = follows || (i + 1 < receivers_.size() && receivers_[i + 1].beside(receiver));
    receiver.id = roster.order()[receiver.id];
    receiver.peers = static_cast<std::uint32_t>(peers_.size());
    if (shares && !receiver.on_vmac) {
      for (const auto& peer : roster.at(receiver.id).settings().unicast_peers) peers_.push_back(peer.address);
    }
    if (follows) continue;
    std::size_t slot = hash_of_place(receiver.interface_index, receiver.vrid, receiver.group);
    while (slots_[slot & (slots_.size() - 1)] != kFree) ++slot;
    slots_[slot & (slots_.size() - 1)] = static_cast<std::uint32_t>(i);
  }
}

void RouterIndex::sort_owners(const Roster& roster) {
  std::ranges::sort(owners_,
                    [](const Owner& a, const Owner& b) { return std::tie(a.vip, a.id) < std::tie(b.vip, b.id); });
  owners_.erase(std::ranges::unique(owners_, {}, &Owner::vip).begin(), owners_.end());
  for (Owner& owner : owners_) owner.id = roster.order()[owner.id];
}

void RouterIndex::accept_only(Effects& out) {
  Accepted wanted;
  for (const Receiver& receiver : receivers_) {
    std::vector<std::uint8_t>& vrids = wanted[{receiver.interface_index, receiver.group.family()}];
    if (!every_vrid_) vrids.push_back(receiver.vrid);
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

const RouterIndex::Receiver* RouterIndex::first_at(std::uint32_t interface_index, std::uint8_t vrid,
                                                   const IpAddress& group) const {
  if (slots_.empty()) return nullptr;
  for (std::size_t slot = hash_of_place(interface_index, vrid, group);; ++slot) {
    const std::uint32_t at = slots_[slot & (slots_.size() - 1)];
    if (at == kFree) return nullptr;
    if (receivers_[at].place() == std::tie(interface_index, vrid, group)) return &receivers_[at];
  }
}

std::optional<RouterId> RouterIndex::receiver(std::uint32_t interface_index, std::uint8_t vrid,
                                              const IpAddress& destination, const IpAddress& source) const {
  const Receiver* const end = receivers_.data() + receivers_.size();
  if (const Receiver* first = first_at(interface_index, vrid, destination)) {
    if (peers_.empty()) return first->id;
    const Receiver* next = first + 1;
    for (const Receiver* at = first; at != end && at->beside(*first); at = next++) {
      const auto peers_end = next == end ? peers_.size() : next->peers;
      for (std::size_t i = at->peers; i < peers_end; ++i) {
        if (peers_[i] == source) return at->id;
      }
    }
    return first->id;
  }
  // IPv4 groups come first.
  const IpAddress lowest = IpAddress::any(destination.family());
  const auto at = std::ranges::lower_bound(receivers_, std::tie(interface_index, vrid, lowest), {}, &Receiver::place);
  if (at == receivers_.end() || at->interface_index != interface_index || at->vrid != vrid) return std::nullopt;
  if (at->group.family() != destination.family()) return std::nullopt;
  return at->id;
}

std::optional<RouterId> RouterIndex::owner(const AddressKey& vip) const {
  const auto found = std::ranges::lower_bound(owners_, vip, {}, &Owner::vip);
  if (found == owners_.end() || found->vip != vip) return std::nullopt;
  return found->id;
}

}  // namespace holdfast::vrrp
