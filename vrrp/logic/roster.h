// The virtual routers of the engine, in the order of the configuration. A reload is a turnover: those that the new
// configuration does not match leave, the others take their new settings, new ones are made and have yet to begin().
// Absent: deadlines (router_schedule.h), who is concerned by what (router_index.h), links and scripts.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "vrrp/logic/router_id.h"
#include "vrrp/logic/view.h"
#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

class Roster {
 public:
  /// `id` is one of order().
  VirtualRouter& at(RouterId id) { return *routers_[id - first_id_]; }
  const VirtualRouter& at(RouterId id) const { return *routers_[id - first_id_]; }
  const std::vector<RouterId>& order() const { return order_; }
  /// No router has a lower one, now or later.
  RouterId lowest_id() const { return first_id_; }

  struct Turnover {
    std::vector<RouterId> gone;
    std::vector<RouterId> fresh;  ///< begin() is still to come
  };
  /// Matches by key (reconfigure.h). No two of `next` have the same key. The effects of those that leave come first.
  Turnover reconfigure(const std::vector<const config::VrrpInstance*>& next, const Surroundings& around, TimePoint now,
                       Effects& out);

  std::set<std::string> names() const;
  std::vector<InstanceRecord> records() const;
  std::vector<InstanceView> views() const;
  /// keepalived.stats (statistics.h).
  std::string statistics_text() const;
  void clear_statistics();

 private:
  void forget(RouterId id);

  std::deque<std::unique_ptr<VirtualRouter>> routers_;  ///< by id, from first_id_ on; null = gone
  RouterId first_id_ = 1;
  std::vector<RouterId> order_;
};

}  // namespace holdfast::vrrp
