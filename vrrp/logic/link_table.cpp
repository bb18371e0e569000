#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

void LinkTable::link_changed(const LinkChanged& link) {
  Link& held = links_[link.index];
  if (!held.fact.name.empty() && held.fact.name != link.name) {
    const auto old = index_of_.find(held.fact.name);
    if (old != index_of_.end() && old->second == link.index) index_of_.erase(old);
  }
  held = {link, resync_};
  index_of_[link.name] = link.index;
}

void LinkTable::link_removed(std::uint32_t index) {
  const auto link = links_.find(index);
  if (link == links_.end()) return;
  const auto named = index_of_.find(link->second.fact.name);
  if (named != index_of_.end() && named->second == index) index_of_.erase(named);
  links_.erase(link);
  for (auto at = addresses_.lower_bound({index, 0}); at != addresses_.end() && at->first.first == index;) {
    present_.erase({index, at->second.fact.prefix});
    at = addresses_.erase(at);
  }
}

void LinkTable::address_appeared(const AddressAppeared& address) {
  const auto [at, fresh] = present_.try_emplace({address.interface_index, address.prefix}, appearances_ + 1);
  if (fresh) ++appearances_;
  addresses_[{address.interface_index, at->second}] = {address, resync_};
}

void LinkTable::address_vanished(const AddressVanished& address) {
  const auto at = present_.find({address.interface_index, address.prefix});
  if (at == present_.end()) return;
  addresses_.erase({address.interface_index, at->second});
  present_.erase(at);
}

void LinkTable::resync_started() {
  ++resync_;
}

LinkTable::Stale LinkTable::resync_finished() {
  Stale stale;
  for (const auto& [index, link] : links_) {
    if (link.told != resync_) stale.links.push_back({index});
  }
  for (const auto& [order, address] : addresses_) {
    if (address.told != resync_) stale.addresses.push_back({address.fact.interface_index, address.fact.prefix});
  }
  return stale;
}

const LinkChanged* LinkTable::by_name(const std::string& name) const {
  const auto found = index_of_.find(name);
  return found == index_of_.end() ? nullptr : by_index(found->second);
}

const LinkChanged* LinkTable::by_index(std::uint32_t index) const {
  const auto found = links_.find(index);
  return found == links_.end() ? nullptr : &found->second.fact;
}

template <class Fits>
std::optional<IpAddress> LinkTable::first_address(std::uint32_t index, Fits fits) const {
  for (auto at = addresses_.lower_bound({index, 0}); at != addresses_.end() && at->first.first == index; ++at) {
    const AddressAppeared& fact = at->second.fact;
    if (!fact.secondary && fits(fact.prefix.address)) return fact.prefix.address;
  }
  return std::nullopt;
}

std::optional<IpAddress> LinkTable::primary_address(std::uint32_t index, Family family,
                                                    const FlatSet<IpAddress>& vips) const {
  return first_address(index,
                       [&](const IpAddress& address) { return address.family() == family && !vips.contains(address); });
}

std::optional<IpAddress> LinkTable::primary_ipv6_address(std::uint32_t index, bool link_local,
                                                         const FlatSet<IpAddress>& vips) const {
  return first_address(index, [&](const IpAddress& address) {
    return !address.is_v4() && address.is_link_local() == link_local && !vips.contains(address);
  });
}

const LinkChanged* LinkTable::with_address(const IpAddress& address) const {
  for (const auto& [place, held] : addresses_) {
    if (held.fact.prefix.address == address) return by_index(place.first);
  }
  return nullptr;
}

}  // namespace holdfast::vrrp
