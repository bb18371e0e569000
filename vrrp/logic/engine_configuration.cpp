// The engine takes a configuration: start, reload and return from a crash are one and the same.
#include <algorithm>
#include <fmt/format.h>

#include "vrrp/logic/engine_impl.h"

namespace holdfast::vrrp {

std::vector<const config::VrrpInstance*> Engine::Impl::usable(const std::vector<config::VrrpInstance>& next) {
  std::vector<const config::VrrpInstance*> list;
  std::set<MatchKey> seen;
  for (const config::VrrpInstance& instance : next) {
    if (seen.insert(match_key(instance)).second || instance.unicast()) list.push_back(&instance);
  }
  return list;
}

bool Engine::Impl::needs_firewall(const std::vector<const config::VrrpInstance*>& list) {
  return std::ranges::any_of(list, [](const auto* one) { return !one->accept || !vmacs_of(*one).empty(); });
}

void Engine::Impl::collect_facts(const std::vector<const config::VrrpInstance*>& next, const config::Config& whole,
                                 const Past& past, TimePoint now, Effects& out) {
  std::vector<IpAddress> addresses;
  std::set<std::string> tracked;
  for (const config::VrrpInstance* instance : next) {
    for (const auto* list : {&instance->virtual_addresses, &instance->excluded_addresses.list()}) {
      for (const auto& entry : *list) addresses.push_back(entry.prefix.address);
    }
    for (const auto& script : instance->track_scripts) tracked.insert(script.name);
  }
  vips = FlatSet<IpAddress>(std::move(addresses));
  scripts.configure(whole.vrrp_scripts, tracked, past.scripts, now, out);
  objects.configure(whole, next, past.objects, now, out);
}

bool Engine::Impl::held(const AddressKey& key) const {
  const auto owner = index.owner(key);
  return owner && routers.at(*owner).holds(key);
}

void Engine::Impl::spare_moved_addresses(Effects& out) {
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

void Engine::Impl::forget_names(const std::set<std::string>& before, Effects& out) const {
  std::set<std::string> gone = before;
  for (const RouterId id : routers.order()) gone.erase(routers.at(id).name());
  for (const std::string& name : gone) out.push_back(ForgetInstance{name});
}

Effects Engine::Impl::reconfigure(const config::Config& next, const Past& past, TimePoint now) {
  Effects out;
  if (stopped) return out;
  const bool boot = !configured;
  configured = true;
  globals = next.global_defs;
  link_delays.configure(next.interface_delays);
  pace.configure(next.garp_groups);
  if (boot && past.instances.empty()) hold_back(now, out);
  std::vector<config::VrrpInstance> instances = with_group_trackers(next);
  routing.configure(next, instances, boot ? past : Past{}, links, now, out);
  tracked_statics.configure(next.track_groups);
  tracked_statics.learn(routing.statics().broken(links));
  const std::vector<const config::VrrpInstance*> list = usable(instances);
  phases.count(instances);
  grouped = waiting_for_group(next);
  collect_facts(list, next, boot ? past : Past{}, now, out);
  std::set<std::string> names_before = routers.names();
  const Roster::Turnover turnover = routers.reconfigure(list, around(), now, out);
  for (const RouterId id : turnover.gone) {
    schedule.set(id, std::nullopt);
    firewall.forget(id);
  }
  schedule.forget_below(routers.lowest_id());
  firewall.configure(globals.firewall, needs_firewall(list));
  index.rebuild_names(routers);
  index.hear_every_vrid(globals.log_unknown_vrids);
  index.rebuild_keys(routers, out);
  buffers.step(routers, globals.advert_buffers, links, out);
  if (boot) bases.inherit(past.bases);
  bases.step(bases_of(routers), links, out);
  if (boot) promotions.inherit(past.promotions);
  promotions.step(promoting(routers), links, out);
  mark_leaving(out);
  groups.configure(next.sync_groups, routers);
  if (boot) groups.resume_from(past.instances);
  if (!boot && globals.fifo_write_vrrp_states_on_reload) {
    for (const RouterId id : routers.order()) routers.at(id).repeat_state(out);
  }
  begin_routers(turnover.fresh, boot ? past : Past{}, names_before, now, out);
  spare_moved_addresses(out);
  forget_names(names_before, out);
  routing.rebuild(routers, out);
  firewall.doubt_all();
  settle(routers.order(), now, out);
  if (boot) firewall.sweep(out);
  for (const LinkChanged& link : linkbeats.configure(next, list, out)) link_may_be(link, now, out);
  return out;
}

void Engine::Impl::hold_back(TimePoint now, Effects& out) {
  const Duration delay = std::max(globals.vrrp_startup_delay, globals.vrrp_delay_after_boot - (now - TimePoint{}));
  if (delay <= Duration::zero()) return;
  hold_until = now + delay;
  out.push_back(Log{LogLevel::Info, fmt::format("Delaying startup for {:.6g} seconds", to_seconds(delay))});
}

void Engine::Impl::begin_routers(const std::vector<RouterId>& fresh, const Past& past, std::set<std::string>& names,
                                 TimePoint now, Effects& out) {
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
    remove_left_vmacs(*record, links, out);
    if (record->state != State::Active) continue;
    if (!record->routing.empty())
      out.push_back(RemoveRouting{name, {record->routing.rbegin(), record->routing.rend()}});
    if (record->addresses.empty()) continue;
    out.push_back(Log{LogLevel::Info, fmt::format("({}) removing VIPs.", name)});
    out.push_back(RemoveAddresses{name, record->addresses});
  }
}

}  // namespace holdfast::vrrp
