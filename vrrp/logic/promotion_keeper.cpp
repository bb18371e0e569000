#include "vrrp/logic/promotion_keeper.h"

#include <utility>

namespace holdfast::vrrp {

std::set<std::string> promoting(const Roster& routers) {
  std::set<std::string> names;
  for (const RouterId id : routers.order()) {
    const config::VrrpInstance& settings = routers.at(id).settings();
    if (settings.promote_secondaries && !settings.vmac && !settings.interface.empty()) names.insert(settings.interface);
  }
  return names;
}

void PromotionKeeper::inherit(const std::vector<PromotionRecord>& records) {
  for (const PromotionRecord& record : records) held_[record.interface] = record;
}

void PromotionKeeper::step(const std::set<std::string>& interfaces, const LinkTable& links, Effects& out) {
  std::erase_if(seen_, [&](const auto& entry) { return !interfaces.contains(entry.first); });
  std::erase_if(held_, [&](const auto& entry) {
    const PromotionRecord& record = entry.second;
    if (interfaces.contains(record.interface)) return false;
    out.push_back(ForgetPromotion{record.interface});
    const LinkChanged* link = links.by_index(record.interface_index);
    if (link != nullptr && link->name == record.interface) out.push_back(SetPromotion{link->index, false});
    return true;
  });
  for (const std::string& name : interfaces) take(name, links, out);
}

void PromotionKeeper::take(const std::string& name, const LinkTable& links, Effects& out) {
  const LinkChanged* link = links.by_name(name);
  if (link == nullptr || !link->promotes_secondaries) return;
  if (std::exchange(seen_[name], link->index) == link->index) return;
  if (*link->promotes_secondaries) return;
  const PromotionRecord record{name, link->index};
  const auto held = held_.find(name);
  if (held == held_.end() || held->second != record) out.push_back(RememberPromotion{record});
  held_[name] = record;
  out.push_back(SetPromotion{link->index, true});
}

}  // namespace holdfast::vrrp
