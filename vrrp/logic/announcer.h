// When gratuitous ARP (for IPv6: unsolicited neighbour advertisements) leaves for the VIPs of one virtual router
// (behaviour.md d.9): `repeat` rounds over all addresses
// when it becomes Active, a second burst after garp_master_delay, garp_master_refresh_repeat rounds every
// garp_master_refresh, and the garp_lower_prio_* burst when it won against another Active. Frames on one interface keep
// garp_interval (IPv6: gna_interval) between them, shared by all routers of that interface (ArpPace). Called by the virtual router; the
// frames are its effects.
//
// Rule beyond keepalived: bursts are state, not a queue. A new burst replaces the one that is being sent, so no flood
// of adverts from outside makes the list grow.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/boxed.h"
#include "core/config/schema/link_watch.h"
#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

/// When the next frame of each family may leave on each interface.
class ArpPace {
 public:
  TimePoint free_at(std::uint32_t interface_index, Family family = Family::IPv4) const;
  void used(std::uint32_t interface_index, TimePoint at, Duration interval, Family family = Family::IPv4);

  /// garp_group: interfaces that share one pace, with intervals of their own.
  void configure(const std::vector<config::GarpGroup>& groups);
  /// Where the frames of an interface queue up: under the number of its first group, or under its own index.
  struct Lane {
    std::uint32_t number = 0;
    Duration interval{};
  };
  Lane lane(std::uint32_t interface_index, const LinkChanged* link, Family family, Duration own_interval) const;

 private:
  static constexpr std::uint32_t kGroups = 0x80000000U;  ///< above all indexes of interfaces
  std::vector<config::GarpGroup> groups_;
  std::map<std::string, std::uint32_t> group_of_;  ///< index into groups_, by interface
  std::map<std::pair<std::uint32_t, Family>, TimePoint> free_at_;
};

/// Whose addresses are announced, and how.
struct Announced {
  const std::string& instance;
  const config::GarpSettings& settings;
  const std::vector<KernelAddress>& addresses;  ///< what bursts of the whole are about
  std::uint32_t home = 0;                       ///< interface of the instance, for garp_extra_if
};

/// Keeps what is still to come, and nothing while nothing is.
class Announcer {
 public:
  /// Became Active: a burst now, another after the delay, refreshes from then on.
  void start(const Announced& what, TimePoint now);
  /// Resumed: one round, refreshes from then on.
  void resume(const Announced& what, TimePoint now);
  void stop() { pending_.reset(); }
  /// Won a conflict.
  void announce_again(const Announced& what, TimePoint now);
  /// One burst for a few addresses that were added or restored; those of the running burst go on.
  void announce_some(const std::vector<KernelAddress>& addresses, const config::GarpSettings& settings, TimePoint now);

  void run(const Announced& what, const LinkTable& links, ArpPace& pace, TimePoint now, Budget& budget, Effects& out);
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Target {
    std::uint32_t interface_index = 0;
    IpAddress address;
  };
  struct Burst {
    std::vector<Target> targets;
    int rounds = 0;
    std::size_t at = 0;
    bool announced = false;  ///< "Sending/queueing" logged
    TimePoint not_before{};
  };
  struct Later {
    TimePoint at{};
    int rounds = 0;
  };
  struct Pending {
    std::vector<Burst> bursts;  ///< at most the full one and one of some addresses
    std::optional<Later> second;
    std::optional<TimePoint> refresh_at;
    std::optional<TimePoint> extra_at;  ///< garp_extra_if
    bool nothing() const { return bursts.empty() && !second && !refresh_at && !extra_at; }
  };
  static std::vector<Target> targets(const std::vector<KernelAddress>& addresses);
  Pending& pending();
  void begin(std::vector<Target> targets, int rounds, TimePoint now);
  void start_periods(const config::GarpSettings& settings, TimePoint now);
  void start_what_is_due(const Announced& what, TimePoint now);
  bool send_one(Burst& burst, const Announced& what, const LinkTable& links, ArpPace& pace, TimePoint now,
                Budget& budget, Effects& out);

  Boxed<Pending> pending_;
};

}  // namespace holdfast::vrrp
