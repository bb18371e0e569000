#include "vrrp/logic/link_table.h"

#include <algorithm>
#include <utility>

#include "core/base/hash.h"

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
  const auto chain = chains_.find(index);
  if (chain == chains_.end()) return;
  const Address* at = chain->second.first;
  chains_.erase(chain);
  while (at != nullptr) addresses_.erase(addresses_.find(std::exchange(at, at->after)->key));
}

// ---- addresses ------------------------------------------------------------------------------------------------------

std::size_t LinkTable::Hash::operator()(const AddressKey& key) const noexcept {
  const std::uint64_t length = static_cast<std::uint32_t>(key.prefix.length);
  return hash_of(key.prefix.address, length << 32 | key.interface_index);
}

void LinkTable::unchain(const Address& address) {
  const auto chain = chains_.find(address.key.interface_index);
  (address.before == nullptr ? chain->second.first : address.before->after) = address.after;
  (address.after == nullptr ? chain->second.last : address.after->before) = address.before;
  if (chain->second.first == nullptr) chains_.erase(chain);
}

void LinkTable::address_appeared(const AddressAppeared& address) {
  const auto [at, fresh] = addresses_.insert(Address{.key = {address.interface_index, address.prefix}});
  at->secondary = address.secondary;
  at->told = true;
  if (!fresh) return;
  Chain& chain = chains_[address.interface_index];
  at->before = chain.last;
  (chain.last == nullptr ? chain.first : chain.last->after) = &*at;
  chain.last = &*at;
}

void LinkTable::address_vanished(const AddressVanished& address) {
  const auto at = addresses_.find(AddressKey{address.interface_index, address.prefix});
  if (at == addresses_.end()) return;
  unchain(*at);
  addresses_.erase(at);
}

// ---- a resync -------------------------------------------------------------------------------------------------------

void LinkTable::resync_started() {
  ++resync_;
  for (const Address& address : addresses_) address.told = false;
}

LinkTable::Stale LinkTable::resync_finished() {
  Stale stale;
  for (const auto& [index, link] : links_) {
    if (link.told != resync_) stale.links.push_back({index});
  }
  std::vector<std::uint32_t> indexes;
  for (const auto& [index, chain] : chains_) indexes.push_back(index);
  std::ranges::sort(indexes);
  for (const std::uint32_t index : indexes) {
    for (const Address* at = chains_.at(index).first; at != nullptr; at = at->after) {
      if (!at->told) stale.addresses.push_back({index, at->key.prefix});
    }
  }
  return stale;
}

// ---- questions ------------------------------------------------------------------------------------------------------

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
  const auto chain = chains_.find(index);
  if (chain == chains_.end()) return std::nullopt;
  for (const Address* at = chain->second.first; at != nullptr; at = at->after) {
    if (!at->secondary && fits(at->key.prefix.address)) return at->key.prefix.address;
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
  std::optional<std::uint32_t> lowest;
  for (const Address& held : addresses_) {
    const std::uint32_t index = held.key.interface_index;
    if (held.key.prefix.address == address && (!lowest || index < *lowest)) lowest = index;
  }
  return lowest ? by_index(*lowest) : nullptr;
}

}  // namespace holdfast::vrrp
