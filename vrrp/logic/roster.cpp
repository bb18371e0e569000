#include "vrrp/logic/roster.h"

#include <utility>

#include "vrrp/logic/reconfigure.h"

namespace holdfast::vrrp {

Roster::Turnover Roster::reconfigure(const std::vector<const config::VrrpInstance*>& next, const Surroundings& around,
                                     TimePoint now, Effects& out) {
  std::vector<const config::VrrpInstance*> old;
  for (const RouterId id : order_) old.push_back(&routers_.at(id).settings());
  const Matching matching = match_instances(old, next);
  Turnover turnover;
  for (const std::size_t index : matching.removed) {
    turnover.gone.push_back(order_[index]);
    routers_.at(order_[index]).remove(now, out);
    routers_.erase(order_[index]);
  }
  std::vector<RouterId> next_order;
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (matching.old_of[i] != Matching::kNew) {
      next_order.push_back(order_[matching.old_of[i]]);
      routers_.at(next_order.back()).configure(*next[i], around, now, out);
      continue;
    }
    next_order.push_back(++last_id_);
    turnover.fresh.push_back(last_id_);
    routers_.emplace(last_id_, VirtualRouter(*next[i], around));
  }
  order_ = std::move(next_order);
  return turnover;
}

std::set<std::string> Roster::names() const {
  std::set<std::string> names;
  for (const auto& [id, router] : routers_) names.insert(router.name());
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
  for (auto& [id, router] : routers_) router.clear_statistics();
}

}  // namespace holdfast::vrrp
