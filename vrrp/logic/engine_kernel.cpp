// The engine hears the kernel: links, addresses, macvlans, routes and the firewall come, go and are refused.
#include <fmt/format.h>

#include "vrrp/logic/engine_impl.h"

namespace holdfast::vrrp {

void Engine::Impl::static_news(TimePoint now, Effects& out) {
  if (!configured || stopped || tracked_statics.idle()) return;
  const std::set<std::string> names = tracked_statics.learn(routing.statics().broken(links));
  if (names.empty()) return;
  std::vector<RouterId> ids;
  for (const RouterId id : routers.order()) {
    if (names.contains(routers.at(id).name())) ids.push_back(id);
  }
  settle(reassess(ids, now, out), now, out);
}

void Engine::Impl::link_news(const std::set<std::string>& names, TimePoint now, Effects& out) {
  if (!configured || stopped) return;
  std::set<RouterId> touched;
  for (const std::string& name : names) {
    for (const RouterId id : index.on_interface(name)) touched.insert(id);
  }
  const std::vector<RouterId> ids(touched.begin(), touched.end());
  reassess(ids, now, out);
  index.rebuild_keys(routers, out);
  bases.step(bases_of(routers), links, out);
  promotions.step(promoting(routers), links, out);
  buffers.step(routers, globals.advert_buffers, links, out);
  routing.link_news(links, routers, now, out);
  settle(ids, now, out);
  static_news(now, out);
}

void Engine::Impl::on(const LinkbeatSeen& event, TimePoint now, Effects& out) {
  if (const auto link = linkbeats.on(event, out)) link_may_be(*link, now, out);
}

void Engine::Impl::link_may_be(const LinkChanged& event, TimePoint now, Effects& out) {
  link_is(link_delays.hold(event, links.by_index(event.index), now), now, out);
}

void Engine::Impl::link_is(const LinkChanged& event, TimePoint now, Effects& out) {
  std::set<std::string> names{event.name};
  const LinkChanged* before = links.by_index(event.index);
  if (before != nullptr && *before == event && !resyncing) return;
  const bool appeared = before == nullptr;
  const bool was_up = before != nullptr && before->up;
  if (before != nullptr) names.insert(before->name);
  const bool same = before != nullptr && *before == event;
  links.link_changed(event);
  if (same) return;
  if (configured && !stopped && !index.on_interface(event.name).empty()) {
    if (appeared) out.push_back(Log{LogLevel::Info, fmt::format("Interface {} added", event.name)});
    if (was_up != event.up) {
      out.push_back(Log{LogLevel::Info, fmt::format("Netlink reports {} {}", event.name, event.up ? "up" : "down")});
    }
  }
  link_news(names, now, out);
}

void Engine::Impl::on(const LinkRemoved& event, TimePoint now, Effects& out) {
  const LinkChanged* link = links.by_index(event.index);
  if (link == nullptr) return;
  const std::string name = link->name;
  links.link_removed(event.index);
  link_delays.removed(event.index);
  linkbeats.removed(event.index);
  std::erase_if(leaving, [&](const AddressKey& key) { return key.interface_index == event.index; });
  if (configured && !index.on_interface(name).empty()) {
    out.push_back(Log{LogLevel::Info, fmt::format("Interface {} deleted", name)});
  }
  firewall.doubt_all();
  guard({}, now, out);
  link_news({name}, now, out);
}

void Engine::Impl::on(const AddressAppeared& event, TimePoint now, Effects& out) {
  links.address_appeared(event);
  if (!configured || stopped) return;
  const AddressKey key{event.interface_index, event.prefix};
  if (const auto owner = index.owner(key)) {
    routers.at(*owner).address_appeared(key);
    settle({*owner}, now, out);
  } else if (!vips.contains(event.prefix.address)) {
    routing.statics().address_appeared(key);
    address_news(event.interface_index, now, out);
    static_news(now, out);
  }
}

void Engine::Impl::on(const AddressVanished& event, TimePoint now, Effects& out) {
  links.address_vanished(event);
  const AddressKey key{event.interface_index, event.prefix};
  const bool ours = leaving.erase(key) > 0;
  if (!configured || stopped) return;
  routing.suspect(out);
  firewall.gone(key);
  guard({}, now, out);
  if (const auto owner = index.owner(key)) {
    if (ours) return;
    routers.at(*owner).address_vanished(key, links, now, out);
    settle({*owner}, now, out);
  } else if (!vips.contains(event.prefix.address)) {
    if (!ours) routing.statics().address_vanished(key, links, now, out);
    address_news(event.interface_index, now, out);
    static_news(now, out);
  }
}

void Engine::Impl::address_news(std::uint32_t interface_index, TimePoint now, Effects& out) {
  const LinkChanged* link = links.by_index(interface_index);
  if (link == nullptr) return;
  const std::vector<RouterId> ids = index.on_interface(link->name);
  bool moved = false;
  for (const RouterId id : ids) {
    const auto before = routers.at(id).endpoint();
    routers.at(id).reassess(around(), now, out);
    moved = moved || routers.at(id).endpoint() != before;
  }
  if (moved) index.rebuild_keys(routers, out);
  if (moved) buffers.step(routers, globals.advert_buffers, links, out);
  settle(ids, now, out);
}

void Engine::Impl::on(const ResyncStarted&, TimePoint, Effects&) {
  resyncing = true;
  links.resync_started();
}

void Engine::Impl::on(const ResyncFinished&, TimePoint now, Effects& out) {
  if (!resyncing) return;
  resyncing = false;
  LinkTable::Stale stale = links.resync_finished();
  for (const AddressVanished& address : stale.addresses) on(address, now, out);
  for (const LinkRemoved& link : stale.links) on(link, now, out);
  if (!configured || stopped) return;
  for (const RouterId id : routers.order()) routers.at(id).verify_addresses(links, now);
  routing.statics().verify_addresses(links, now);
  firewall.doubt_all();
  settle(routers.order(), now, out);
}

void Engine::Impl::on(const AddressRefused& event, TimePoint now, Effects& out) {
  const AddressKey key{event.interface_index, event.prefix};
  if (!event.adding) leaving.erase(key);
  const auto owner = index.owner(key);
  if (!owner) return unowned_refused(event, now, out);
  if (stopped) return;
  routers.at(*owner).address_refused(event, links, now, out);
  settle({*owner}, now, out);
}

void Engine::Impl::unowned_refused(const AddressRefused& event, TimePoint now, Effects& out) {
  routing.statics().address_refused(event, now, out);
  static_news(now, out);
  const LinkChanged* link = links.by_index(event.interface_index);
  if (link == nullptr) return;
  for (const RouterId id : index.on_interface(link->name)) routers.at(id).own_address_refused(event, out);
}

void Engine::Impl::on(const VmacRefused& event, TimePoint now, Effects& out) {
  if (!configured || stopped) return;
  const std::vector<RouterId> ids = index.on_interface(event.name);
  for (const RouterId id : ids) routers.at(id).vmac_refused(event, around(), now, out);
  settle(ids, now, out);
}

void Engine::Impl::on(const RoutingTold& event, TimePoint now, Effects& out) {
  if (!stopped) settle(routing.told(event, routers, now, out), now, out);
  static_news(now, out);
}

void Engine::Impl::on(const RoutingResyncFinished&, TimePoint now, Effects& out) {
  if (stopped) return;
  routing.resync_finished(routers, now, out);
  settle(routers.order(), now, out);
  static_news(now, out);
}

void Engine::Impl::on(const RoutingRefused& event, TimePoint now, Effects& out) {
  const std::vector<RouterId> ids = routing.refused(event, routers, now, out);
  if (!stopped) settle(ids, now, out);
  static_news(now, out);
}

void Engine::Impl::on(const FirewallRefused& event, TimePoint now, Effects& out) {
  firewall.refused(event, now, out);
  guard({}, now, out);
}

void Engine::Impl::on(const FirewallVanished&, TimePoint now, Effects& out) {
  firewall.vanished(now);
  guard({}, now, out);
}

}  // namespace holdfast::vrrp
