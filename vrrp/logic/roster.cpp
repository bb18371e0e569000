#include "vrrp/logic/roster.h"

#include <utility>

#include "vrrp/logic/reconfigure.h"

namespace holdfast::vrrp {

Roster::Turnover Roster::reconfigure(const std::vector<const config::VrrpInstance*>& next, const Surroundings& around,
                                     TimePoint now, Effects& out) {
  std::vector<const config::VrrpInstance*> old;
  for (const RouterId id : order_) old.push_back(&at(id).settings());
  const Matching matching = match_instances(old, next);
  Turnover turnover;
  for (const std::size_t index : matching.removed) {
    turnover.gone.push_back(order_[index]);
    at(order_[index]).remove(now, out);
    forget(order_[index]);
  }
  std::vector<RouterId> next_order;
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (matching.old_of[i] != Matching::kNew) {
      next_order.push_back(order_[matching.old_of[i]]);
      at(next_order.back()).configure(*next[i], around, now, out);
      continue;
    }
    routers_.push_back(std::make_unique<VirtualRouter>(*next[i], around));
    next_order.push_back(first_id_ + static_cast<RouterId>(routers_.size() - 1));
    turnover.fresh.push_back(next_order.back());
  }
  order_ = std::move(next_order);
  return turnover;
}

/// Ids are not used twice: somebody may still know the old one.
void Roster::forget(RouterId id) {
  routers_[id - first_id_] = nullptr;
  while (!routers_.empty() && !routers_.front()) {
    routers_.pop_front();
    ++first_id_;
  }
}

std::set<std::string> Roster::names() const {
  std::set<std::string> names;
  for (const RouterId id : order_) names.insert(at(id).name());
  return names;
}

std::vector<InstanceRecord> Roster::records() const {
  std::vector<InstanceRecord> list;
  for (const RouterId id : order_) list.push_back(at(id).record());
  return list;
}

std::vector<InstanceView> Roster::views() const {
  std::vector<InstanceView> list;
  for (const RouterId id : order_) {
    const VirtualRouter& router = at(id);
    list.push_back({router.settings(), router.record(), router.statistics(), router.source(), router.next_deadline()});
  }
  return list;
}

std::string Roster::statistics_text() const {
  std::string text;
  for (const RouterId id : order_) text += statistics_block(at(id).name(), at(id).statistics());
  return text;
}

void Roster::clear_statistics() {
  for (const RouterId id : order_) at(id).clear_statistics();
}

}  // namespace holdfast::vrrp
