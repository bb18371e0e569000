#include "vrrp/logic/base_keeper.h"

#include "vrrp/logic/vmac_keeper.h"

namespace holdfast::vrrp {

std::set<std::string> bases_of(const Roster& routers) {
  std::set<std::string> names;
  for (const RouterId id : routers.order()) {
    for (const config::Vmac& vmac : vmacs_of(routers.at(id).settings())) {
      if (vmac.ipv4 && !vmac.ipvlan) names.insert(vmac.base);
    }
  }
  return names;
}

void remove_left_vmacs(const InstanceRecord& record, const LinkTable& links, Effects& out) {
  VmacKeeper left;
  left.inherit(record.vmacs);
  left.learn(links);
  left.remove_unwanted(record.instance, out);
}

void BaseKeeper::inherit(const std::vector<BaseRecord>& records) {
  for (const BaseRecord& record : records) {
    held_[record.interface] = record;
    unverified_.insert(record.interface);
  }
}

void BaseKeeper::step(const std::set<std::string>& bases, const LinkTable& links, Effects& out) {
  std::erase_if(held_, [&](const auto& entry) {
    if (bases.contains(entry.first)) return false;
    release(entry.second, links, out);
    return true;
  });
  for (const std::string& name : bases) take(name, links, out);
}

void BaseKeeper::take(const std::string& name, const LinkTable& links, Effects& out) {
  const LinkChanged* link = links.by_name(name);
  if (link == nullptr || !link->arp) return;
  const auto known = held_.find(name);
  const bool same = known != held_.end() && known->second.interface_index == link->index;
  const bool unverified = unverified_.erase(name) > 0;
  if (same && !unverified) return;
  if (!same) {
    held_[name] = {name, link->index, *link->arp};
    out.push_back(RememberBase{held_[name]});
  }
  if (*link->arp != kStrict) out.push_back(SetArpStrictness{link->index, kStrict});
}

void BaseKeeper::release(const BaseRecord& record, const LinkTable& links, Effects& out) {
  out.push_back(ForgetBase{record.interface});
  const LinkChanged* link = links.by_index(record.interface_index);
  if (link == nullptr || link->name != record.interface || record.before == kStrict) return;
  out.push_back(SetArpStrictness{link->index, record.before});
}

}  // namespace holdfast::vrrp
