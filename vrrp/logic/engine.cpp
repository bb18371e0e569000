#include "vrrp/logic/engine.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <set>

#include "vrrp/logic/reconfigure.h"
#include "vrrp/logic/roster.h"
#include "vrrp/logic/router_index.h"
#include "vrrp/logic/router_schedule.h"
#include "vrrp/logic/sync_groups.h"
#include "vrrp/logic/view.h"

namespace holdfast::vrrp {

namespace {

constexpr std::size_t kMostUnknownVridsLogged = 256;
constexpr Duration kSendRefusedQuiet = seconds(60);

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

  Roster routers;
  SyncGroups groups;
  std::set<std::string> grouped;  ///< instances that wait for their sync group
  RouterIndex index;
  RouterSchedule schedule;

  // ---- memory of what was said and done ----
  std::set<AddressKey> leaving;                                     ///< removed by us, the kernel has not confirmed yet
  std::set<std::pair<std::uint32_t, std::uint8_t>> unknown_logged;  ///< interface index, VRID
  std::map<std::uint32_t, std::pair<int, TimePoint>> send_refused;

  UtcOffset utc;

  Surroundings around() const { return {links, scripts, vips, leaving, hold_until, grouped, &utc}; }

  /// The end of everything that touched these routers: bulk work within one budget, records, deadlines.
  void settle(const std::vector<RouterId>& concerned, TimePoint now, Effects& out) {
    const std::vector<RouterId> ids = groups.step(concerned, routers, around(), now, out);
    Budget budget;
    for (const RouterId id : ids) {
      VirtualRouter& router = routers.at(id);
      router.chores(links, pace, now, budget, out);
      router.remember(out);
      schedule.set(id, router.next_deadline());
    }
    groups.tell(ids, routers, out);
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

  // ---- events ----
  std::vector<RouterId> reassess(const std::vector<RouterId>& ids, TimePoint now, Effects& out) {
    for (const RouterId id : ids) routers.at(id).reassess(around(), now, out);
    return ids;
  }

  void link_news(const std::set<std::string>& names, TimePoint now, Effects& out) {
    if (!configured || stopped) return;
    std::set<RouterId> touched;
    for (const std::string& name : names) {
      for (const RouterId id : index.on_interface(name)) touched.insert(id);
    }
    const std::vector<RouterId> ids(touched.begin(), touched.end());
    reassess(ids, now, out);
    index.rebuild_keys(routers, out);
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
    if (configured && !stopped && !index.on_interface(event.name).empty()) {
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
    if (configured && !index.on_interface(name).empty()) {
      out.push_back(Log{LogLevel::Info, fmt::format("Interface {} deleted", name)});
    }
    link_news({name}, now, out);
  }

  void on(const AddressAppeared& event, TimePoint now, Effects& out) {
    links.address_appeared(event);
    if (!configured || stopped) return;
    const AddressKey key{event.interface_index, event.prefix};
    if (const auto owner = index.owner(key)) {
      routers.at(*owner).address_appeared(key);
      settle({*owner}, now, out);
    } else if (!vips.contains(event.prefix.address)) {
      address_news(event.interface_index, now, out);
    }
  }

  void on(const AddressVanished& event, TimePoint now, Effects& out) {
    links.address_vanished(event);
    const AddressKey key{event.interface_index, event.prefix};
    const bool ours = leaving.erase(key) > 0;
    if (!configured || stopped) return;
    if (const auto owner = index.owner(key)) {
      if (ours) return;
      routers.at(*owner).address_vanished(key, links, now, out);
      settle({*owner}, now, out);
    } else if (!vips.contains(event.prefix.address)) {
      address_news(event.interface_index, now, out);
    }
  }

  void address_news(std::uint32_t interface_index, TimePoint now, Effects& out) {
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
    settle(ids, now, out);
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
    for (const RouterId id : routers.order()) routers.at(id).verify_addresses(links, now);
    settle(routers.order(), now, out);
  }

  void on(const AddressRefused& event, TimePoint now, Effects& out) {
    const AddressKey key{event.interface_index, event.prefix};
    if (!event.adding) leaving.erase(key);
    const auto owner = index.owner(key);
    if (!owner || stopped) return;
    routers.at(*owner).address_refused(event, links, now, out);
    settle({*owner}, now, out);
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
    settle(reassess(index.tracking(event.script), now, out), now, out);
  }

  void on(const PacketReceived& event, TimePoint now, Effects& out) {
    const std::optional<Datagram> datagram =
        event.ipv6 ? datagram_of(*event.ipv6, event.datagram) : parse_datagram(event.datagram);
    if (!configured || stopped || !datagram) return;
    if (datagram->protocol != kProtocol && datagram->protocol != kAhProtocol) return;
    const std::uint8_t vrid = peek_header(datagram->pdu).virtual_router_id;
    const auto receiver = index.receiver(event.interface_index, vrid, datagram->destination, datagram->source);
    if (!receiver) return log_unknown_vrid(event.interface_index, vrid, out);
    routers.at(*receiver).hear(*datagram, now, out);
    settle({*receiver}, now, out);
  }

  void log_unknown_vrid(std::uint32_t interface_index, std::uint8_t vrid, Effects& out) {
    if (!globals.log_unknown_vrids || unknown_logged.size() >= kMostUnknownVridsLogged) return;
    if (!unknown_logged.insert({interface_index, vrid}).second) return;
    const LinkChanged* link = links.by_index(interface_index);
    out.push_back(Log{LogLevel::Info, fmt::format("Unknown VRID({}) received on interface({}). ignoring...", vrid,
                                                  link == nullptr ? "?" : link->name)});
  }

  // ---- reconfigure ----
  /// The configuration refuses two multicast instances of one key; unicast ones may differ in their peers only.
  static std::vector<const config::VrrpInstance*> usable(const std::vector<config::VrrpInstance>& next) {
    std::vector<const config::VrrpInstance*> list;
    std::set<MatchKey> seen;
    for (const config::VrrpInstance& instance : next) {
      if (seen.insert(match_key(instance)).second || instance.unicast()) list.push_back(&instance);
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

  bool held(const AddressKey& key) const {
    const auto owner = index.owner(key);
    return owner && routers.at(*owner).holds(key);
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
    for (const RouterId id : routers.order()) {
      routers.at(id).spare([&](const AddressKey& key) { return held(key); });
    }
  }

  void forget_names(const std::set<std::string>& before, Effects& out) const {
    std::set<std::string> gone = before;
    for (const RouterId id : routers.order()) gone.erase(routers.at(id).name());
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
    const std::vector<config::VrrpInstance> instances = with_group_trackers(next);
    const std::vector<const config::VrrpInstance*> list = usable(instances);
    grouped = waiting_for_group(next);
    collect_facts(list, next, boot ? past.scripts : std::vector<ScriptRecord>{}, now, out);
    std::set<std::string> names_before = routers.names();
    const Roster::Turnover turnover = routers.reconfigure(list, around(), now, out);
    for (const RouterId id : turnover.gone) schedule.set(id, std::nullopt);
    index.rebuild_names(routers);
    index.rebuild_keys(routers, out);
    mark_leaving(out);
    groups.configure(next.sync_groups, routers);
    if (boot) groups.resume_from(past.instances);
    if (!boot && globals.fifo_write_vrrp_states_on_reload) {
      for (const RouterId id : routers.order()) routers.at(id).repeat_state(out);
    }
    begin_routers(turnover.fresh, boot ? past : Past{}, names_before, now, out);
    spare_moved_addresses(out);
    forget_names(names_before, out);
    settle(routers.order(), now, out);
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
    const std::vector<RouterId> ids = schedule.due(now);
    for (const RouterId id : ids) routers.at(id).on_timer(now, out);  // every advert before any bulk
    settle(ids, now, out);
    return out;
  }

  std::optional<TimePoint> next_deadline() const {
    std::optional<TimePoint> at = scripts.next_deadline();
    if (const auto due = schedule.next(); due && (!at || *due < *at)) at = due;
    if (hold_until != TimePoint{} && !stopped && (!at || hold_until < *at)) at = hold_until;
    return at;
  }

  Effects stop(bool keep_addresses, TimePoint now) {
    Effects out;
    if (stopped) return out;
    stopped = true;
    for (const RouterId id : routers.order()) {
      VirtualRouter& router = routers.at(id);
      router.stop(keep_addresses, now, out);
      schedule.set(id, std::nullopt);
      out.push_back(ForgetInstance{router.name()});
    }
    groups.stop(out);
    index.stop_listening(out);
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

void Engine::set_utc_offset(Duration offset) {
  impl_->utc.value = offset;
}
std::vector<InstanceRecord> Engine::records() const {
  return impl_->routers.records();
}
EngineView Engine::view() const {
  return {impl_->globals, impl_->routers.views(), impl_->groups.views(impl_->routers), impl_->scripts.views()};
}
std::string Engine::statistics_text() const {
  return impl_->routers.statistics_text();
}
void Engine::clear_statistics() {
  impl_->routers.clear_statistics();
}

}  // namespace holdfast::vrrp
