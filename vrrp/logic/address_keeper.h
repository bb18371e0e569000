// Keeps the VIPs of one virtual router in the kernel while it is Active: adds them in batches that yield, puts back at
// once what somebody else removed, tries again what the kernel refused, renews kernel lifetimes (vip_lifetime) at a
// third of them. The virtual router calls it; it returns batches, never effects on adverts or states.
//
// Rules beyond keepalived (which bounces through BACKUP when a VIP is removed): a VIP removed by others is put back
// without a change of state. When that happens to one address more than kRestoresPerSecond times in a second, the next
// restoration waits for the end of that second; it never gives up. `no_track` on the address turns all of it off. A
// refused address is tried again after one second.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "core/base/few.h"
#include "core/base/rare.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

/// How much bulk work one call may do before the adverts of other instances get their turn again. In units of one ARP
/// frame; an address costs kCostOfAddress of them, so that at most 64 addresses or 256 frames leave per call.
struct Budget {
  static constexpr int kCostOfAddress = 4;
  static constexpr int kCostOfFrame = 1;
  int units = 256;
  bool spend(int cost) {
    if (units < cost) return false;
    units -= cost;
    return true;
  }
};

class AddressKeeper {
 public:
  static constexpr int kRestoresPerSecond = 5;
  static constexpr Duration kRetryRefused = seconds(1);

  /// What the kernel should have while we hold the addresses. What is new is due at `now` if we hold them. Gives what
  /// is not wanted any more.
  std::vector<KernelAddress> want(std::vector<KernelAddress> wanted, TimePoint now);
  /// All are due now.
  void hold(TimePoint now);
  /// Nothing is due any more.
  void let_go();
  bool holding() const { return holding_; }

  const std::vector<KernelAddress>& wanted() const { return wanted_; }
  bool wants(const AddressKey& key) const { return position(key).has_value(); }

  /// The one with this key, or null.
  const KernelAddress* find(const AddressKey& key) const;
  /// Adds again, in silence, what is held and not present: for facts that may have been lost. What was asked for within
  /// the last second is still under way.
  void verify(const LinkTable& links, TimePoint now);

  enum class Loss : std::uint8_t { NotOurs, Ignored, Restoring };
  /// Somebody removed it. Ignored: not tracked, not held, or still to be added anyway.
  Loss vanished(const AddressKey& key, TimePoint now);
  /// The kernel would not add it. False when it is none of ours.
  bool refused(const AddressKey& key, TimePoint now);
  /// It is there: nothing is left to retry. True when the kernel had refused it before, so that nobody knows of it yet.
  bool appeared(const AddressKey& key);

  struct Batch {
    std::vector<KernelAddress> addresses;
    std::vector<KernelAddress> restored;  ///< those of `addresses` that others had removed
  };
  /// The addresses that are due, as many as the budget allows.
  Batch next_batch(TimePoint now, Budget& budget);
  std::optional<TimePoint> next_deadline() const;

 private:
  static constexpr TimePoint kNever = TimePoint::max();
  struct Trouble {
    bool restoring = false;  ///< others removed it
    bool refused = false;    ///< the kernel would not add it
    int restores = 0;
    TimePoint window{};  ///< start of the second in which restores are counted
    bool operator==(const Trouble&) const = default;
  };
  struct Held {
    TimePoint due = kNever;
    TimePoint issued{};  ///< when the kernel was last asked to add it
    Rare<Trouble> trouble;
  };
  /// Its place in wanted_.
  std::optional<std::size_t> position(const AddressKey& key) const;
  static void calm(Held& held);
  void sort_positions();
  void schedule(std::size_t at, TimePoint due);

  std::vector<KernelAddress> wanted_;
  std::vector<Held> held_;     ///< parallel to wanted_
  Few<std::uint32_t> by_key_;  ///< places in wanted_, sorted by key; empty while they are few
  Rare<std::set<std::pair<TimePoint, std::size_t>>> due_;
  bool holding_ = false;
};

/// As the kernel reports it: the prefix length of a point-to-point address is that of its peer.
AddressKey key_of(const KernelAddress& address);
/// No attribute that the kernel knows is different, the lifetime aside.
bool same_in_kernel(const KernelAddress& a, const KernelAddress& b);

}  // namespace holdfast::vrrp
