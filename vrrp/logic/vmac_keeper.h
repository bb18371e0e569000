// Keeps the macvlans of one virtual router as its configuration wants them (use_vmac, behaviour.md d.10): makes what is
// missing, adopts what is right, replaces what is not, has them up while the router is Active and down while it is not, and
// removes what a reload dropped. Level-triggered: each step compares the facts with what is wanted, so that it does not
// matter who made, removed or changed a macvlan, nor whether this process or a dead one did.
//
// Rules beyond keepalived (docs/decisions/vmac.md): a macvlan that is right is never touched, so a crash leaves no trace in
// the kernel; one that others removed comes back while the router stays Active; in Backup it is down, so that no switch
// learns the virtual MAC from a router that does not answer to it.
//
// An ipvlan (use_ipvlan) is kept in the same way, with differences: it has the MAC of its base, so it is always up, and with
// it the address of its own that adverts leave from, which is put back when others remove it.
//
// Both belong to the VRF of their base, wherever that goes.
//
// Called by the virtual router. Absent: addresses, adverts, the interface below (base_keeper.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

/// All of an instance: its own first.
std::vector<config::Vmac> vmacs_of(const config::VrrpInstance& settings);

/// The link is the macvlan (or ipvlan) that is wanted: interface below, private mode (or flags), MAC.
bool is_right(const LinkChanged& link, const config::Vmac& vmac, std::uint32_t base_index);

/// The right link of that name, or null.
const LinkChanged* vmac_link(const config::Vmac& vmac, const LinkTable& links);

class VmacKeeper {
 public:
  static constexpr int kCostOfMake = 32;  ///< of a Budget: making one takes about a millisecond
  static constexpr Duration kRetryMake = seconds(1);
  static constexpr Duration kRetryRaise = milliseconds(100);
  static constexpr Duration kPatience = seconds(1);  ///< with one that will not come up (another link with its MAC)
  static constexpr Duration kBarred = seconds(10);   ///< a fault for so long, then it is tried again
  static constexpr Duration kLeastBetweenMakes = milliseconds(200);  ///< against one who removes it again and again

  /// What was wanted and is not any more waits for remove_unwanted(), unless it stands in the way of a new one.
  void want(std::vector<config::Vmac> wanted);
  /// What a predecessor made: removed with the unwanted if it is not wanted.
  void inherit(const std::vector<VmacRecord>& left);
  /// Facts are new. True when one of them appeared or vanished.
  bool learn(const LinkTable& links);
  /// Says which of them were made since it was asked last.
  void tell_made(const std::string& instance, Effects& out);
  /// The own address of one of ours.
  bool has_address(const AddressKey& key) const;
  /// Only raises: for the advert that is sent next.
  void raise(TimePoint now, Effects& out);
  void step(const std::string& instance, bool active, TimePoint now, Budget& budget, Effects& out);
  void remove_unwanted(const std::string& instance, Effects& out);
  void remove_all(const std::string& instance, Effects& out);
  /// The time of a fault for one that would not come up is over: to be asked at next_deadline().
  bool forgive(TimePoint now);
  void refused(const VmacRefused& event, const std::string& instance, TimePoint now, Effects& out);

  bool empty() const { return held_.empty(); }
  /// Some are not there yet and none was refused.
  bool awaited() const;
  /// One that is new with the last want() is not there yet: its addresses stay where they are until it is.
  bool awaited_by_reload() const;
  /// The name of one that cannot be had; "" = none.
  std::string refused_name() const;
  /// 0 = not there.
  std::uint32_t index_of(const std::string& name) const;
  /// It is up, or was told to be.
  bool usable(const std::string& name) const;
  /// It is up as the kernel says.
  bool up(const std::string& name) const;
  std::vector<VmacRecord> records() const;
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Held {
    config::Vmac vmac;
    std::uint32_t base_index = 0;  ///< 0 = the interface below is missing
    std::uint32_t index = 0;       ///< of the right one; 0 = not there
    std::uint32_t wrong = 0;       ///< of a link that has the name and is not right
    bool foreign = false;          ///< that one is no macvlan and no ipvlan
    bool up = false;
    std::uint32_t vrf_index = 0;       ///< that it belongs to; 0 = none
    std::uint32_t base_vrf_index = 0;  ///< that its base belongs to
    bool told_up = false;              ///< netlink_notify_msg: what the base was told of last
    std::uint32_t group = 0;           ///< of the base
    bool addressed = true;             ///< its own address is there, if it is to have one
    bool settled = true;
    // what was done about it
    bool asked = false;                    ///< made by us, and not yet said
    bool reload = false;                   ///< new with the last want()
    bool lowered = false;                  ///< told to go down since it was last needed
    std::uint32_t settled_index = 0;       ///< that got its settings from us
    std::uint32_t removed_index = 0;       ///< wrong, and told to go
    std::optional<TimePoint> make_at;      ///< not before
    std::optional<TimePoint> raise_at;     ///< told to come up; again not before
    std::optional<TimePoint> stuck_since;  ///< it would not come up
    std::optional<TimePoint> barred_until;
    std::optional<TimePoint> address_at;  ///< its own address is added not before
    std::optional<TimePoint> move_at;     ///< to another VRF not before
    std::optional<IpPrefix> stale;        ///< an address that a reload took away
    int error = 0;                        ///< of the last refusal to make it; EEXIST: a foreign link
  };
  struct Doomed {
    VmacRecord record;
    std::string base;
    MacAddress mac;
    bool ipvlan = false;
  };
  bool learn_one(Held& held, const LinkTable& links);
  void step_one(Held& held, const std::string& instance, TimePoint now, Budget& budget, Effects& out);
  void replace(Held& held, const std::string& instance, Effects& out);
  void make(Held& held, const std::string& instance, TimePoint now, Budget& budget, Effects& out);
  static void settle(Held& held, Effects& out);
  static void follow_vrf(Held& held, TimePoint now, Effects& out);
  static void tell_of_base(Held& held, Effects& out);
  static void keep_address(Held& held, const std::string& instance, TimePoint now, Effects& out);
  void raise_one(Held& held, TimePoint now, Effects& out);
  static void stuck(Held& held, int error, const std::string& instance, TimePoint now, Effects& out);
  static void remove(const VmacRecord& record, const std::string& instance, Effects& out);
  bool in_the_way(const Doomed& doomed) const;
  Held* find(const std::string& name);
  const Held* find(const std::string& name) const;

  Few<Held> held_;
  Few<Doomed> doomed_;
  bool active_ = false;
};

}  // namespace holdfast::vrrp
