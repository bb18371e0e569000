// Keeps the routes and rules of one owner (a virtual router, or the static entries) in the kernel while it holds them: what
// AddressKeeper is for addresses. Everything is compared with what the kernel has: what is there is not added again, what
// others removed is put back without a change of state, what the kernel refused is tried again after a second. Nothing
// happens before the kernel has told what it has.
//
// Rules beyond keepalived (which bounces through BACKUP when a tracked route vanishes): as in address_keeper.h, with the same
// numbers. `no_track` turns restoring off. On a reload a changed IPv4 route is added before the old one goes; an IPv6 one,
// of which the kernel has one for each destination and metric, is replaced.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/boxed.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/routing_facts.h"

namespace holdfast::vrrp {

class RoutingKeeper {
 public:
  static constexpr Duration kRetryRefused = AddressKeeper::kRetryRefused;

  /// What the kernel should have while we hold it. True when that is something else than before. `owner` is the name of an
  /// instance; "" = static entries.
  bool want(const std::string& owner, std::vector<RoutingEntry> wanted, TimePoint now);
  const std::vector<RoutingEntry>& wanted() const;
  /// Another number whenever that changed.
  std::uint64_t revision() const { return revision_; }
  bool holding() const { return holding_; }
  /// This and nothing that only fits.
  bool holds(const RoutingObject& object) const;

  /// A predecessor held these: what is not wanted goes.
  void inherit(const std::string& owner, const std::vector<RoutingEntry>& past);
  /// Once it is known what the kernel has, what is there and not held goes.
  void sweep_residuals() { sweep_ = true; }

  void hold(TimePoint now);
  /// Rules go first, then routes.
  void let_go(Effects& out);
  /// Leaves everything in the kernel as it is.
  void forget();

  /// All facts were told anew.
  void compare(const RoutingFacts& facts, TimePoint now, Effects& out);
  /// The kernel has done what was ordered.
  void appeared(const RoutingObject& object);
  /// Somebody removed it.
  void vanished(const RoutingObject& object, TimePoint now, Effects& out);
  /// The texts of what the kernel does not have because it refused it.
  std::set<std::string> refused_texts() const;
  /// The kernel would not add it. `there`: something that fits is in the kernel all the same.
  void refused(const RoutingObject& object, int error, bool there, TimePoint now, Effects& out);

  /// What is due, as much as the budget allows. False while something due is left.
  bool chores(const RoutingFacts& facts, TimePoint now, Budget& budget, Effects& out);
  /// Nothing while it is not known what the kernel has.
  std::optional<TimePoint> next_deadline(const RoutingFacts& facts) const;

 private:
  struct Held {
    std::optional<TimePoint> due;
    TimePoint issued{};
    bool restoring = false;
    bool anew = false;  ///< to be given to the kernel although something that fits is there
    bool replace = false;
    int refusal = 0;  ///< errno that was logged
    TimePoint window{};
    int restores = 0;
  };
  const RoutingEntry* find(const RoutingObject& object) const;
  std::optional<std::size_t> index_of(const RoutingObject& object) const;
  void schedule(std::size_t at, std::optional<TimePoint> due);
  void restore(std::size_t at, TimePoint now);
  void issue(std::size_t at, TimePoint now, AddRouting& batch, Effects& out);
  void remove(std::vector<RoutingEntry> entries, bool say, Effects& out) const;
  void sweep(const RoutingFacts& facts, Effects& out);
  void log(LogLevel level, const std::string& text, Effects& out) const;

  /// Nearly no instance has routes: all of it is there only while something is wanted or doomed.
  struct Kept {
    std::string owner;
    std::vector<RoutingEntry> wanted;
    std::vector<Held> held;  ///< parallel to wanted
    std::unordered_multimap<std::string, std::size_t> index;
    std::set<std::pair<TimePoint, std::size_t>> due;
    std::vector<RoutingEntry> doomed;  ///< to be removed after what replaces them was added
  };
  Kept& kept_for(const std::string& owner);
  void drop_if_idle();

  Boxed<Kept> kept_;
  std::uint32_t revision_ = 0;
  bool holding_ = false;
  bool sweep_ = false;
};

}  // namespace holdfast::vrrp
