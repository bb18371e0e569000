#include "vrrp/logic/routing_board.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "vrrp/logic/engine.h"

namespace holdfast::vrrp {

RoutingKeeper& RoutingBoard::keeper(RouterId id, Roster& routers) {
  return id == kStatics ? statics_.routing() : routers.at(id).routing();
}

std::vector<RouterId> RoutingBoard::owners_of(const std::string& key) const {
  const auto found = owners_.find(key);
  return found == owners_.end() ? std::vector<RouterId>{} : found->second;
}

// ---- configuration --------------------------------------------------------------------------------------------------

void RoutingBoard::configure(const config::Config& next, std::vector<config::VrrpInstance>& instances, const Past& past,
                             const LinkTable& links, TimePoint now, Effects& out) {
  for (const InstanceRecord& record : past.instances) numbers_.learn(record.instance, record.routing);
  numbers_.learn("", past.statics.routing);
  std::vector<config::Rule> static_rules = next.static_rules;
  std::vector<RuleNumbers::List> lists;
  for (config::VrrpInstance& instance : instances)
    lists.push_back({instance.name, {instance.virtual_rules.begin(), instance.virtual_rules.end()}});
  lists.push_back({"", static_rules});
  numbers_.assign(lists);
  if (!past.statics.empty()) statics_.inherit(past.statics);
  std::vector<config::VirtualAddress> addresses = next.static_addresses;
  for (config::VirtualAddress& address : addresses) {
    if (!address.interface.empty()) continue;
    address.interface = next.global_defs.default_interface.value_or(config::kDefaultInterface);
  }
  statics_.configure(std::move(addresses), next.static_routes, std::move(static_rules), links, now, out);
}

void RoutingBoard::rebuild(const Roster& routers, Effects& out) {
  std::vector<std::pair<RouterId, std::uint64_t>> revisions{{kStatics, statics_.routing().revision()}};
  for (const RouterId id : routers.order()) {
    const std::uint64_t revision = routers.at(id).routing().revision();
    if (revision > 0) revisions.emplace_back(id, revision);  // the others never wanted anything
  }
  if (revisions == built_of_) return;
  built_of_ = std::move(revisions);
  owners_.clear();
  WatchRouting watch;
  const auto add = [&](RouterId id, const std::vector<RoutingEntry>& entries) {
    for (const RoutingEntry& entry : entries) {
      const std::string key = routing_key(entry.object);
      std::vector<RouterId>& owners = owners_[key];
      if (owners.empty() || owners.back() != id) owners.push_back(id);
      watch.keys.insert(key);
      if (const auto* route = std::get_if<RouteSpec>(&entry.object)) watch.protocols.insert(route->protocol);
    }
  };
  for (const RouterId id : routers.order()) add(id, routers.at(id).routing().wanted());
  add(kStatics, statics_.routing().wanted());
  if (watch == watched_) return;
  watched_ = std::move(watch);
  facts_.forget();
  // First of all: the answers are needed by what comes behind.
  out.insert(out.begin(), watched_);
}

void RoutingBoard::link_news(const LinkTable& links, const Roster& routers, TimePoint now, Effects& out) {
  statics_.reassess(links, now, out);
  rebuild(routers, out);
  suspect(out);
}

void RoutingBoard::suspect(Effects& out) const {
  if (!watched_.keys.empty() && facts_.known()) out.push_back(VerifyRouting{});
}

// ---- events ---------------------------------------------------------------------------------------------------------

std::vector<RouterId> RoutingBoard::told(const RoutingTold& event, Roster& routers, TimePoint now, Effects& out) {
  const std::string key = routing_key(event.object);
  const std::vector<RouterId> owners = owners_of(key);
  if (owners.empty()) return {};
  if (!event.removed) {
    facts_.appeared(event.object);
    for (const RouterId id : owners) keeper(id, routers).appeared(event.object);
    if (event.replaced) suspect(out);
    return {};
  }
  const bool known = facts_.vanished(event.object);
  const bool ours = leaving_.erase(key) > 0;
  bool held = false;
  for (const RouterId id : owners) {
    held = held || keeper(id, routers).holding();
    if (known && !ours) keeper(id, routers).vanished(event.object, now, out);
  }
  // One of several hops, or one of two that differ in nothing that is compared: the kernel knows.
  if (held && (!known || ours)) suspect(out);
  std::vector<RouterId> concerned = owners;
  std::erase(concerned, kStatics);
  return concerned;
}

void RoutingBoard::resync_finished(Roster& routers, TimePoint now, Effects& out) {
  facts_.resync_finished();
  for (const RouterId id : routers.order()) routers.at(id).routing().compare(facts_, now, out);
  statics_.routing().compare(facts_, now, out);
}

std::vector<RouterId> RoutingBoard::refused(const RoutingRefused& event, Roster& routers, TimePoint now, Effects& out) {
  const std::string key = routing_key(event.entry.object);
  if (!event.adding) {
    leaving_.erase(key);
    out.push_back(Log{LogLevel::Error, fmt::format("cannot remove {} {}: {}", noun_of(event.entry), event.entry.text,
                                                   std::strerror(event.error))});
    return {};
  }
  std::vector<RouterId> concerned = owners_of(key);
  const bool there = facts_.has(event.entry.object);
  for (const RouterId id : concerned) keeper(id, routers).refused(event.entry.object, event.error, there, now, out);
  std::erase(concerned, kStatics);
  return concerned;
}

// ---- the end of a turn ----------------------------------------------------------------------------------------------

void RoutingBoard::settle(const LinkTable& links, Roster& routers, TimePoint now, Budget& budget, Effects& out) {
  statics_.chores(links, facts_, now, budget, out);
  statics_.remember(out);
  if (owners_.empty() && watched_.keys.empty()) return;
  spare_held(routers, out);
  mark_leaving(out);
}

void RoutingBoard::spare_held(Roster& routers, Effects& out) {
  for (Effect& effect : out) {
    auto* removal = std::get_if<RemoveRouting>(&effect);
    if (removal == nullptr) continue;
    std::erase_if(removal->entries, [&](const RoutingEntry& entry) {
      return std::ranges::any_of(owners_of(routing_key(entry.object)),
                                 [&](RouterId id) { return keeper(id, routers).holds(entry.object); });
    });
  }
  std::erase_if(out, [](const Effect& effect) {
    const auto* removal = std::get_if<RemoveRouting>(&effect);
    return removal != nullptr && removal->entries.empty();
  });
}

void RoutingBoard::mark_leaving(const Effects& out) {
  for (const Effect& effect : out) {
    const auto* removal = std::get_if<RemoveRouting>(&effect);
    if (removal == nullptr) continue;
    for (const RoutingEntry& entry : removal->entries) {
      if (facts_.has(entry.object)) leaving_.insert(routing_key(entry.object));
    }
  }
}

}  // namespace holdfast::vrrp
