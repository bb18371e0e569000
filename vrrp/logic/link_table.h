// The facts: which links and addresses the kernel has, as told by events. Everything that depends on an interface is
// computed again from here (level-triggered), so it does not matter in which order things appear, vanish and come back.
//
// Absent: any opinion about a fact. Called by the engine; read by the virtual routers.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/flat_set.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

/// An address on an interface: the key of VIPs and of the kernel's addresses.
struct AddressKey {
  std::uint32_t interface_index = 0;
  IpPrefix prefix;
  auto operator<=>(const AddressKey&) const = default;
};

class LinkTable {
 public:
  LinkTable() = default;
  LinkTable(LinkTable&&) = default;
  LinkTable& operator=(LinkTable&&) = default;

  void link_changed(const LinkChanged& link);
  void link_removed(std::uint32_t index);
  void address_appeared(const AddressAppeared& address);
  void address_vanished(const AddressVanished& address);

  /// From here on, what is not told again is stale…
  void resync_started();
  /// …and reported here, to be handled as if its removal had been told.
  struct Stale {
    std::vector<LinkRemoved> links;
    std::vector<AddressVanished> addresses;
  };
  Stale resync_finished();

  const LinkChanged* by_name(const std::string& name) const;
  const LinkChanged* by_index(std::uint32_t index) const;
  bool has(const AddressKey& key) const { return addresses_.contains(key); }
  /// The first address of the family that is neither secondary nor one of `vips`, in order of appearance.
  std::optional<IpAddress> primary_address(std::uint32_t index, Family family, const FlatSet<IpAddress>& vips) const;
  /// The same among link-local IPv6 addresses, or among the others.
  std::optional<IpAddress> primary_ipv6_address(std::uint32_t index, bool link_local,
                                                const FlatSet<IpAddress>& vips) const;
  /// The interface that has this address; of several the one with the lowest number. O(addresses).
  const LinkChanged* with_address(const IpAddress& address) const;

 private:
  template <class Fits>
  std::optional<IpAddress> first_address(std::uint32_t index, Fits fits) const;

  /// In a chain with the others of its interface. What is not its key may change where it lies.
  struct Address {
    AddressKey key;
    mutable bool secondary = false;
    mutable bool told = true;  ///< since the last resync began
    mutable const Address* before = nullptr;
    mutable const Address* after = nullptr;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const AddressKey& key) const noexcept;
    std::size_t operator()(const Address& address) const noexcept { return (*this)(address.key); }
  };
  struct Same {
    using is_transparent = void;
    bool operator()(const Address& a, const Address& b) const { return a.key == b.key; }
    bool operator()(const AddressKey& a, const Address& b) const { return a == b.key; }
    bool operator()(const Address& a, const AddressKey& b) const { return a.key == b; }
  };
  struct Chain {
    const Address* first = nullptr;
    const Address* last = nullptr;
  };
  void unchain(const Address& address);

  struct Link {
    LinkChanged fact;
    std::uint64_t told = 0;
  };
  std::unordered_map<std::uint32_t, Link> links_;
  std::unordered_map<std::string, std::uint32_t> index_of_;
  std::unordered_set<Address, Hash, Same> addresses_;
  std::unordered_map<std::uint32_t, Chain> chains_;  ///< by interface, in order of appearance; none is empty
  std::uint64_t resync_ = 0;
};

}  // namespace holdfast::vrrp
