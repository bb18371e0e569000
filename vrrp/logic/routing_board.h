// All of the engine that is about routes, rules and static entries: what the kernel has of them, who holds what, which keys
// are watched. Events come here from the engine, which settles the routers that are named in return.
//
// Two owners may hold the same route: it goes when the last of them lets go. Routes can vanish without a word (IPv4 routes
// of a link that goes down, or of an address that is removed), so after such news everything is asked for again.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "vrrp/logic/roster.h"
#include "vrrp/logic/routing_facts.h"
#include "vrrp/logic/rule_numbers.h"
#include "vrrp/logic/statics.h"

namespace holdfast::vrrp {

struct Past;

class RoutingBoard {
 public:
  const RoutingFacts& facts() const { return facts_; }
  Statics& statics() { return statics_; }

  /// Before the routers take their new settings: rules without a preference get theirs.
  void configure(const config::Config& next, std::vector<config::VrrpInstance>& instances, const Past& past,
                 const LinkTable& links, TimePoint now, Effects& out);
  /// Who wants what may have changed.
  void rebuild(const Roster& routers, Effects& out);
  void link_news(const LinkTable& links, const Roster& routers, TimePoint now, Effects& out);
  /// Something happened that takes routes away in silence.
  void suspect(Effects& out) const;

  /// The routers that have something to do now.
  std::vector<RouterId> told(const RoutingTold& event, Roster& routers, TimePoint now, Effects& out);
  void resync_started() { facts_.resync_started(); }
  void resync_finished(Roster& routers, TimePoint now, Effects& out);
  std::vector<RouterId> refused(const RoutingRefused& event, Roster& routers, TimePoint now, Effects& out);

  /// The end of everything that touched routers: bulk work for static entries; nothing is removed that another holds.
  void settle(const LinkTable& links, Roster& routers, TimePoint now, Budget& budget, Effects& out);
  std::optional<TimePoint> next_deadline() const { return statics_.next_deadline(facts_); }

 private:
  static constexpr RouterId kStatics = 0;
  RoutingKeeper& keeper(RouterId id, Roster& routers);
  std::vector<RouterId> owners_of(const std::string& key) const;
  void spare_held(Roster& routers, Effects& out);
  void mark_leaving(const Effects& out);

  RoutingFacts facts_;
  RuleNumbers numbers_;
  Statics statics_;
  std::unordered_map<std::string, std::vector<RouterId>> owners_;
  WatchRouting watched_;
  std::vector<std::pair<RouterId, std::uint64_t>> built_of_;  ///< revisions of the keepers that owners_ was made of
  std::set<std::string> leaving_;  ///< keys of what we removed and the kernel has not confirmed yet
};

}  // namespace holdfast::vrrp
