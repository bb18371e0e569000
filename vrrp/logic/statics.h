// The static entries of a configuration: addresses, routes and rules that are there while the daemon runs, whatever the
// states of its instances. They go at the end (behaviour.md c.2 "stop"), and a reload removes only what it does not name any
// more. The routing board calls it. Absent: adverts, announcements (static addresses are nobody's VIPs).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/routing_keeper.h"
#include "vrrp/logic/static_tracking.h"

namespace holdfast::vrrp {

class Statics {
 public:
  /// What a predecessor left: what the configuration does not name goes.
  void inherit(StaticRecord past) { past_ = std::move(past); }
  void configure(std::vector<config::VirtualAddress> addresses, std::vector<config::Route> routes,
                 std::vector<config::Rule> rules, const LinkTable& links, TimePoint now, Effects& out);
  /// Interfaces came or went.
  void reassess(const LinkTable& links, TimePoint now, Effects& out);
  void stop(bool keep, Effects& out);

  /// What is broken of what names a track_group and is tracked.
  std::vector<BrokenStatic> broken(const LinkTable& links) const;

  RoutingKeeper& routing() { return routing_; }
  const RoutingKeeper& routing() const { return routing_; }

  void address_vanished(const AddressKey& key, const LinkTable& links, TimePoint now, Effects& out);
  void address_appeared(const AddressKey& key) {
    addresses_.appeared(key);
    refusals_.erase(key);
  }
  void address_refused(const AddressRefused& event, TimePoint now, Effects& out);
  void verify_addresses(const LinkTable& links, TimePoint now) { addresses_.verify(links, now); }

  void chores(const LinkTable& links, const RoutingFacts& facts, TimePoint now, Budget& budget, Effects& out);
  std::optional<TimePoint> next_deadline(const RoutingFacts& facts) const;
  /// RememberStatics if something else is to be remembered than before.
  void remember(Effects& out);

 private:
  std::vector<KernelAddress> resolved(const LinkTable& links) const;
  void replace_addresses(std::vector<KernelAddress> wanted, const LinkTable& links, TimePoint now, Effects& out);
  void remove_inherited(const LinkTable& links, Effects& out);

  std::vector<config::VirtualAddress> address_lines_;
  std::vector<config::Route> route_lines_;
  std::vector<config::Rule> rule_lines_;
  AddressKeeper addresses_;
  RoutingKeeper routing_;
  std::optional<StaticRecord> past_;
  StaticRecord remembered_;
  std::map<AddressKey, int> refusals_;  ///< errno already logged
  bool dirty_ = false;                  ///< something else may have to be remembered
  bool first_ = true;                   ///< nothing was added yet: what is there is as it should be
};

}  // namespace holdfast::vrrp
