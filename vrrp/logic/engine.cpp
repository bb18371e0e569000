#include "vrrp/logic/engine.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <set>
#include <unordered_map>

#include "vrrp/logic/reconfigure.h"
#include "vrrp/logic/view.h"
#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

namespace {

using RouterId = std::size_t;
using GroupKey = std::pair<std::uint32_t, IpAddress>;  ///< interface index, multicast group

constexpr std::size_t kMostUnknownVridsLogged = 256;
constexpr Duration kSendRefusedQuiet = seconds(60);

std::uint64_t receive_key(std::uint32_t interface_index, std::uint8_t vrid) {
  return static_cast<std::uint64_t>(interface_index) << 8 | vrid;
}

}  // namespace

struct Engine::Impl {
  // ---- facts and routers ----
  LinkTable links;
  ScriptTable scripts;
  std::set<IpAddress> vips;
  TimePoint hold_until{};
  ArpPace pace;
  config::GlobalDefs globals;
  bool configured = false;
  bool stopped = false;
  bool resyncing = false;

  std::map<RouterId, VirtualRouter> routers;
  std::vector<RouterId> order;  ///< as in the configuration
  RouterId last_id = 0;

  // ---- indexes ----
  std::map<std::pair<std::uint64_t, IpAddress>, RouterId> receivers;    ///< by interface, VRID and group
  std::unordered_map<std::string, std::vector<RouterId>> by_interface;  ///< own, tracked, of a VIP
  std::unordered_map<std::string, std::vector<RouterId>> by_script;
  std::map<AddressKey, RouterId> vip_owner;
  std::set<std::pair<TimePoint, RouterId>> due;
  std::unordered_map<RouterId, TimePoint> due_of;
  std::set<GroupKey> listening;

  // ---- memory of what was said and done ----
  std::set<AddressKey> leaving;  ///< removed by us, the kernel has not confirmed yet
  std::set<std::uint64_t> unknown_logged;
  std::map<std::uint32_t, std::pair<int, TimePoint>> send_refused;

  Surroundings around() const { return {links, scripts, vips, leaving, hold_until}; }

  // ---- deadlines ----
  void schedule(RouterId id, std::optional<TimePoint> at) {
    const auto old = due_of.find(id);
    if (old != due_of.end()) {
      if (at && *at == old->second) return;
      due.erase({old->second, id});
      due_of.erase(old);
    }
    if (!at) return;
    due.insert({*at, id});
    due_of.emplace(id, *at);
  }

  /// The end of everything that touched these routers: bulk work within one budget, records, deadlines.
  void settle(const std::vector<RouterId>& ids, TimePoint now, Effects& out) {
    Budget budget;
    for (const RouterId id : ids) {
      VirtualRouter& router = routers.at(id);
      router.chores(links, pace, now, budget, out);
      router.remember(out);
      schedule(id, router.next_deadline());
    }
    mark_leaving(out);
  }

  void mark_leaving(const Effects& out) {
    for (const Effect& effect : out) {
      const auto* removal = std::get_if<RemoveAddresses>(&effect);
      if (removal == nullptr) continue;
      for (const KernelAddress& address : removal->addresses) {
        if (links.has(key_of(address))) leaving.insert(key_of(address));
      }
    }
  }

  // ---- indexes ----
  void index_router(RouterId id) {
    const config::VrrpInstance& settings = routers.at(id).settings();
    std::set<std::string> interfaces{settings.interface};
    for (const auto& tracked : settings.track_interfaces) interfaces.insert(tracked.interface);
    for (const auto* list : {&settings.virtual_addresses, &settings.excluded_addresses}) {
      for (const auto& entry : *list) {
        if (!entry.interface.empty()) interfaces.insert(entry.interface);
      }
    }
    for (const std::string& name : interfaces) by_interface[name].push_back(id);
    std::set<std::string> tracked_scripts;
    for (const auto& tracked : settings.track_scripts) tracked_scripts.insert(tracked.name);
    for (const std::string& name : tracked_scripts) by_script[name].push_back(id);
  }

  void rebuild_indexes() {
    by_interface.clear();
    by_script.clear();
    for (const RouterId id : order) index_router(id);
  }

  /// What depends on interface indexes: who hears what, who owns which VIP, on which groups we listen.
  void rebuild_index_keys(Effects& listens, Effects& unlistens) {
    receivers.clear();
    vip_owner.clear();
    std::set<GroupKey> wanted;
    for (const RouterId id : order) {
      const VirtualRouter& router = routers.at(id);
      if (router.interface_index() != 0) {
        receivers.emplace(std::pair(receive_key(router.interface_index(), router.settings().virtual_router_id),
                                    router.settings().multicast_group),
                          id);
        wanted.insert({router.interface_index(), router.settings().multicast_group});
      }
      for (const KernelAddress& address : router.wanted_addresses()) vip_owner.emplace(key_of(address), id);
    }
    for (const auto& [index, group] : listening) {
      if (!wanted.contains({index, group})) unlistens.push_back(Unlisten{index, group});
    }
    for (const auto& [index, group] : wanted) {
      if (!listening.contains({index, group})) listens.push_back(Listen{index, group});
    }
    listening = std::move(wanted);
  }

  /// Listens before what is to be sent, stops listening after it.
  void rebuild_index_keys_around(Effects& out) {
    Effects listens;
    Effects unlistens;
    rebuild_index_keys(listens, unlistens);
    out.insert(out.begin(), listens.begin(), listens.end());
    out.insert(out.end(), unlistens.begin(), unlistens.end());
  }

  // ---- events ----
  std::vector<RouterId> reassess(const std::vector<RouterId>& ids, TimePoint now, Effects& out) {
    for (const RouterId id : ids) routers.at(id).reassess(around(), now, out);
    return ids;
  }

  std::vector<RouterId> routers_on(const std::string& interface) const {
    const auto found = by_interface.find(interface);
    return found == by_interface.end() ? std::vector<RouterId>{} : found->second;
  }

  void link_news(const std::set<std::string>& names, TimePoint now, Effects& out) {
    if (!configured || stopped) return;
    std::set<RouterId> touched;
    for (const std::string& name : names) {
      for (const RouterId id : routers_on(name)) touched.insert(id);
    }
    const std::vector<RouterId> ids(touched.begin(), touched.end());
    reassess(ids, now, out);
    rebuild_index_keys_around(out);
    settle(ids, now, out);
  }

  void on(const LinkChanged& event, TimePoint now, Effects& out) {
    std::set<std::string> names{event.name};
    const LinkChanged* before = links.by_index(event.index);
    if (before != nullptr && *before == event && !resyncing) return;
    const bool appeared = before == nullptr;
    const bool was_up = before != nullptr && before->up;
    if (before != nullptr) names.insert(before->name);
    const bool same = before != nullptr && *before == event;
    links.link_changed(event);
    if (same) return;
    if (configured && !stopped && !by_interface.empty() && !routers_on(event.name).empty()) {
      if (appeared) out.push_back(Log{LogLevel::Info, fmt::format("Interface {} added", event.name)});
      if (was_up != event.up) {
        out.push_back(Log{LogLevel::Info, fmt::format("Netlink reports {} {}", event.name, event.up ? "up" : "down")});
      }
    }
    link_news(names, now, out);
  }

  void on(const LinkRemoved& event, TimePoint now, Effects& out) {
    const LinkChanged* link = links.by_index(event.index);
    if (link == nullptr) return;
    const std::string name = link->name;
    links.link_removed(event.index);
    std::erase_if(leaving, [&](const AddressKey& key) { return key.interface_index == event.index; });
    if (configured && !routers_on(name).empty()) {
      out.push_back(Log{LogLevel::Info, fmt::format("Interface {} deleted", name)});
    }
    link_news({name}, now, out);
  }

  void on(const AddressAppeared& event, TimePoint now, Effects& out) {
    links.address_appeared(event);
    if (!configured || stopped) return;
    const AddressKey key{event.interface_index, event.prefix};
    if (const auto owner = vip_owner.find(key); owner != vip_owner.end()) {
      routers.at(owner->second).address_appeared(key);
      settle({owner->second}, now, out);
    } else if (!vips.contains(event.prefix.address)) {
      address_news(event.interface_index, now, out);
    }
  }

  void on(const AddressVanished& event, TimePoint now, Effects& out) {
    links.address_vanished(event);
    const AddressKey key{event.interface_index, event.prefix};
    const bool ours = leaving.erase(key) > 0;
    if (!configured || stopped) return;
    if (const auto owner = vip_owner.find(key); owner != vip_owner.end()) {
      if (ours) return;
      routers.at(owner->second).address_vanished(key, links, now, out);
      settle({owner->second}, now, out);
    } else if (!vips.contains(event.prefix.address)) {
      address_news(event.interface_index, now, out);
    }
  }

  void address_news(std::uint32_t interface_index, TimePoint now, Effects& out) {
    const LinkChanged* link = links.by_index(interface_index);
    if (link == nullptr) return;
    settle(reassess(routers_on(link->name), now, out), now, out);
  }

  void on(const ResyncStarted&, TimePoint, Effects&) {
    resyncing = true;
    links.resync_started();
  }

  void on(const ResyncFinished&, TimePoint now, Effects& out) {
    if (!resyncing) return;
    resyncing = false;
    LinkTable::Stale stale = links.resync_finished();
    for (const AddressVanished& address : stale.addresses) on(address, now, out);
    for (const LinkRemoved& link : stale.links) on(link, now, out);
    if (!configured || stopped) return;
    for (const RouterId id : order) routers.at(id).verify_addresses(links, now);
    settle(order, now, out);
  }

  void on(const AddressRefused& event, TimePoint now, Effects& out) {
    const AddressKey key{event.interface_index, event.prefix};
    if (!event.adding) leaving.erase(key);
    const auto owner = vip_owner.find(key);
    if (owner == vip_owner.end() || stopped) return;
    routers.at(owner->second).address_refused(event, links, now, out);
    settle({owner->second}, now, out);
  }

  void on(const SendRefused& event, TimePoint now, Effects& out) {
    const auto [said, first] = send_refused.try_emplace(event.interface_index, event.error, now);
    if (!first && said->second.first == event.error && now < said->second.second + kSendRefusedQuiet) return;
    said->second = {event.error, now};
    const LinkChanged* link = links.by_index(event.interface_index);
    out.push_back(Log{LogLevel::Warning, fmt::format("cannot send on {}: {}", link == nullptr ? "?" : link->name,
                                                     std::strerror(event.error))});
  }

  void on(const ScriptFinished& event, TimePoint now, Effects& out) {
    if (!scripts.finished(event, out)) return;
    const auto found = by_script.find(event.script);
    if (found == by_script.end()) return;
    settle(reassess(found->second, now, out), now, out);
  }

  void on(const PacketReceived& event, TimePoint now, Effects& out) {
    const std::optional<Datagram> datagram = parse_datagram(event.datagram);
    if (!configured || stopped || !datagram || datagram->protocol != kProtocol) return;
    const std::uint8_t vrid = peek_header(datagram->pdu).virtual_router_id;
    const std::uint64_t key = receive_key(event.interface_index, vrid);
    auto found = receivers.find({key, datagram->destination});
    if (found == receivers.end())
      found = receivers.lower_bound({key, IpAddress{}});  // somebody must complain of the group
    if (found == receivers.end() || found->first.first != key) {
      log_unknown_vrid(event.interface_index, vrid, out);
      return;
    }
    routers.at(found->second).hear(*datagram, now, out);
    settle({found->second}, now, out);
  }

  void log_unknown_vrid(std::uint32_t interface_index, std::uint8_t vrid, Effects& out) {
    if (!globals.log_unknown_vrids || unknown_logged.size() >= kMostUnknownVridsLogged) return;
    if (!unknown_logged.insert(receive_key(interface_index, vrid)).second) return;
    const LinkChanged* link = links.by_index(interface_index);
    out.push_back(Log{LogLevel::Info, fmt::format("Unknown VRID({}) received on interface({}). ignoring...", vrid,
                                                  link == nullptr ? "?" : link->name)});
  }

  // ---- reconfigure ----
  /// Instances that this program can run. IPv6 adverts belong to a later part.
  std::vector<const config::VrrpInstance*> usable(const config::Config& next, Effects& out) const {
    std::vector<const config::VrrpInstance*> list;
    std::set<MatchKey> seen;
    for (const config::VrrpInstance& instance : next.vrrp_instances) {
      if (instance.family != Family::IPv4) {
        out.push_back(Log{LogLevel::Error,
                          fmt::format("({}) IPv6 virtual routers are not supported yet, ignoring", instance.name)});
      } else if (seen.insert(match_key(instance)).second) {
        list.push_back(&instance);
      }
    }
    return list;
  }

  void collect_facts(const std::vector<const config::VrrpInstance*>& next, const config::Config& whole,
                     const std::vector<ScriptRecord>& past, TimePoint now, Effects& out) {
    vips.clear();
    std::set<std::string> tracked;
    for (const config::VrrpInstance* instance : next) {
      for (const auto* list : {&instance->virtual_addresses, &instance->excluded_addresses}) {
        for (const auto& entry : *list) vips.insert(entry.prefix.address);
      }
      for (const auto& script : instance->track_scripts) tracked.insert(script.name);
    }
    scripts.configure(whole.vrrp_scripts, tracked, past, now, out);
  }

  void remove_routers(const std::vector<std::size_t>& indexes, TimePoint now, Effects& out) {
    for (const std::size_t index : indexes) {
      const RouterId id = order[index];
      routers.at(id).remove(now, out);
      schedule(id, std::nullopt);
      routers.erase(id);
    }
  }

  bool held(const AddressKey& key) const {
    const auto owner = vip_owner.find(key);
    return owner != vip_owner.end() && routers.at(owner->second).holds(key);
  }

  /// An address that went from one instance to another which is Active must not be missing in between.
  void spare_moved_addresses(Effects& out) {
    for (Effect& effect : out) {
      auto* removal = std::get_if<RemoveAddresses>(&effect);
      if (removal == nullptr) continue;
      std::erase_if(removal->addresses, [&](const KernelAddress& address) { return held(key_of(address)); });
    }
    std::erase_if(out, [](const Effect& effect) {
      const auto* removal = std::get_if<RemoveAddresses>(&effect);
      return removal != nullptr && removal->addresses.empty();
    });
    for (const RouterId id : order) {
      routers.at(id).spare([&](const AddressKey& key) { return held(key); });
    }
  }

  void forget_names(const std::set<std::string>& before, Effects& out) const {
    std::set<std::string> gone = before;
    for (const RouterId id : order) gone.erase(routers.at(id).name());
    for (const std::string& name : gone) out.push_back(ForgetInstance{name});
  }

  Effects reconfigure(const config::Config& next, const Past& past, TimePoint now) {
    Effects out;
    if (stopped) return out;
    const bool boot = !configured;
    configured = true;
    globals = next.global_defs;
    if (boot && past.instances.empty() && globals.vrrp_startup_delay > Duration::zero()) {
      hold_until = now + globals.vrrp_startup_delay;
      out.push_back(Log{LogLevel::Info,
                        fmt::format("Delaying startup for {:.6g} seconds", to_seconds(globals.vrrp_startup_delay))});
    }
    const std::vector<const config::VrrpInstance*> list = usable(next, out);
    collect_facts(list, next, boot ? past.scripts : std::vector<ScriptRecord>{}, now, out);
    std::set<std::string> names_before;
    std::vector<const config::VrrpInstance*> old;
    for (const RouterId id : order) {
      old.push_back(&routers.at(id).settings());
      names_before.insert(routers.at(id).name());
    }
    const Matching matching = match_instances(old, list);
    std::vector<RouterId> next_order;
    std::vector<RouterId> fresh;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (matching.old_of[i] != Matching::kNew) {
        next_order.push_back(order[matching.old_of[i]]);
        continue;
      }
      fresh.push_back(++last_id);
      next_order.push_back(last_id);
    }
    remove_routers(matching.removed, now, out);
    order = std::move(next_order);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto living = routers.find(order[i]);
      if (living != routers.end())
        living->second.configure(*list[i], around(), now, out);
      else
        routers.emplace(order[i], VirtualRouter(*list[i], around()));
    }
    rebuild_indexes();
    rebuild_index_keys_around(out);
    mark_leaving(out);
    begin_routers(fresh, boot ? past : Past{}, names_before, now, out);
    spare_moved_addresses(out);
    forget_names(names_before, out);
    settle(order, now, out);
    return out;
  }

  void begin_routers(const std::vector<RouterId>& fresh, const Past& past, std::set<std::string>& names, TimePoint now,
                     Effects& out) {
    std::map<std::string, const InstanceRecord*> records;
    for (const InstanceRecord& record : past.instances) records[record.instance] = &record;
    for (const RouterId id : fresh) {
      VirtualRouter& router = routers.at(id);
      const auto found = records.find(router.name());
      router.begin(around(), found == records.end() ? nullptr : found->second, past.died_at, now, out);
      if (found != records.end()) records.erase(found);
    }
    for (const auto& [name, record] : records) {
      names.insert(name);
      if (record->state != State::Active || record->addresses.empty()) continue;
      out.push_back(Log{LogLevel::Info, fmt::format("({}) removing VIPs.", name)});
      out.push_back(RemoveAddresses{name, record->addresses});
    }
  }

  Effects on_deadline(TimePoint now) {
    Effects out;
    if (hold_until != TimePoint{} && now >= hold_until) {
      hold_until = {};
      out.push_back(Log{LogLevel::Info, "Delayed start completed"});
    }
    scripts.on_deadline(now, out);
    std::vector<RouterId> ids;
    for (const auto& [at, id] : due) {
      if (at > now) break;
      ids.push_back(id);
    }
    for (const RouterId id : ids) routers.at(id).on_timer(now, out);  // every advert before any bulk
    settle(ids, now, out);
    return out;
  }

  std::optional<TimePoint> next_deadline() const {
    std::optional<TimePoint> at = scripts.next_deadline();
    if (!due.empty() && (!at || due.begin()->first < *at)) at = due.begin()->first;
    if (hold_until != TimePoint{} && !stopped && (!at || hold_until < *at)) at = hold_until;
    return at;
  }

  Effects stop(bool keep_addresses, TimePoint now) {
    Effects out;
    if (stopped) return out;
    stopped = true;
    for (const RouterId id : order) {
      VirtualRouter& router = routers.at(id);
      router.stop(keep_addresses, now, out);
      schedule(id, std::nullopt);
      out.push_back(ForgetInstance{router.name()});
    }
    for (const auto& [index, group] : listening) out.push_back(Unlisten{index, group});
    listening.clear();
    scripts.stop(out);
    return out;
  }
};

Engine::Engine() : impl_(std::make_unique<Impl>()) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Effects Engine::reconfigure(const config::Config& next, const Past& past, TimePoint now) {
  return impl_->reconfigure(next, past, now);
}

Effects Engine::handle(const Event& event, TimePoint now) {
  Effects out;
  std::visit([&](const auto& what) { impl_->on(what, now, out); }, event);
  return out;
}

Effects Engine::on_deadline(TimePoint now) {
  return impl_->on_deadline(now);
}
std::optional<TimePoint> Engine::next_deadline() const {
  return impl_->next_deadline();
}
Effects Engine::stop(bool keep_addresses, TimePoint now) {
  return impl_->stop(keep_addresses, now);
}

std::vector<InstanceRecord> Engine::records() const {
  std::vector<InstanceRecord> list;
  for (const RouterId id : impl_->order) list.push_back(impl_->routers.at(id).record());
  return list;
}

EngineView Engine::view() const {
  EngineView view{impl_->globals, {}, impl_->scripts.views()};
  for (const RouterId id : impl_->order) {
    const VirtualRouter& router = impl_->routers.at(id);
    view.instances.push_back(
        {router.settings(), router.record(), router.statistics(), router.source(), router.next_deadline()});
  }
  return view;
}

std::string Engine::statistics_text() const {
  std::string text;
  for (const RouterId id : impl_->order) {
    const VirtualRouter& router = impl_->routers.at(id);
    text += statistics_block(router.name(), router.statistics());
  }
  return text;
}

void Engine::clear_statistics() {
  for (auto& [id, router] : impl_->routers) router.clear_statistics();
}

}  // namespace holdfast::vrrp
