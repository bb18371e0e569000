// Which virtual router is concerned: by an interface, by a script, by a packet, by a VIP. Two halves, because they grow
// old at different times: names change with the configuration (rebuild_names), numbers of interfaces with the links as
// well (rebuild_keys). The engine rebuilds both and asks here before it touches a router.
//
// From who hears what follows on which groups we must listen; rebuild_keys() says what to change. Absent: any router's
// business.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/roster.h"

namespace holdfast::vrrp {

class RouterIndex {
 public:
  /// After every reload.
  void rebuild_names(const Roster& roster);
  /// After every reload and every change of a link. Listen goes before what `out` has already, Unlisten after it, so
  /// that what is to be sent can be sent.
  void rebuild_keys(const Roster& roster, Effects& out);

  /// Before rebuild_keys(): adverts of VRIDs that nobody has are wanted too (log_unknown_vrids).
  void hear_every_vrid(bool wanted) { every_vrid_ = wanted; }

  /// Those that stand on it, track it or have a VIP on it, and those that name no interface, as in the configuration.
  std::vector<RouterId> on_interface(const std::string& name) const;
  /// Those that track it, as in the configuration.
  std::vector<RouterId> tracking(const std::string& script) const;
  std::vector<RouterId> tracking(const ObjectKey& object) const;
  /// Who must look at a packet: the one that listens at its destination (a group, or an address of ours; of several unicast
  /// ones the one whose peer the source is), else any of the family with the VRID on that interface, for somebody must
  /// complain.
  std::optional<RouterId> receiver(std::uint32_t interface_index, std::uint8_t vrid, const IpAddress& destination,
                                   const IpAddress& source = {}) const;
  /// Of two with the same VIP, the first in the configuration.
  std::optional<RouterId> owner(const AddressKey& vip) const;

  /// Unlisten for everything that we listen to.
  void stop_listening(Effects& out);

 private:
  using GroupKey = std::tuple<std::uint32_t, IpAddress, std::uint8_t>;  ///< as in Listen
  void add_names(RouterId id, const config::VrrpInstance& settings);
  void listen_to(std::set<GroupKey> wanted, Effects& out);
  void accept_only(Effects& out);

  std::unordered_map<std::string, std::vector<RouterId>> by_interface_;
  std::unordered_map<std::string, std::vector<RouterId>> by_script_;
  std::map<ObjectKey, std::vector<RouterId>> by_object_;

  struct Receiver {
    std::uint32_t interface_index;
    IpAddress group;
    std::uint8_t vrid;
    bool on_vmac;
    RouterId id;
    std::uint32_t peers;  ///< where its own begin in peers_: they end where those of the next one begin
    auto place() const { return std::tie(interface_index, vrid, group); }
    bool beside(const Receiver& other) const { return place() == other.place(); }
  };
  struct Owner {
    AddressKey vip;
    RouterId id;
  };
  void add_receiver(const Listen& place, std::uint8_t vrid, std::uint32_t number, bool on_vmac);
  void sort_receivers(const Roster& roster);
  void sort_owners(const Roster& roster);
  const Receiver* first_at(std::uint32_t interface_index, std::uint8_t vrid, const IpAddress& group) const;

  // Sorted, and made anew as a whole. While they are made, an id is the place in the configuration.
  std::vector<Receiver> receivers_;   ///< by place(), then as in the configuration
  std::vector<std::uint32_t> slots_;  ///< hash of a place() → the first one there; a power of two, most of them kFree
  std::vector<IpAddress> peers_;      ///< only of receivers that share their place
  std::vector<Owner> owners_;         ///< by VIP, each once
  std::set<GroupKey> listening_;
  bool every_vrid_ = false;
  using Accepted = std::map<std::pair<std::uint32_t, Family>, std::vector<std::uint8_t>>;
  Accepted accepted_;
};

}  // namespace holdfast::vrrp
