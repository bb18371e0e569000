#include "vrrp/logic/engine.h"

#include <algorithm>
#include <utility>

#include "vrrp/logic/engine_impl.h"

namespace holdfast::vrrp {

Surroundings Engine::Impl::around() const {
  const bool same_kind_only = globals.dynamic_interfaces && !globals.interfaces_may_change;
  return {links, scripts,  vips,    leaving,          hold_until,       grouped,
          &utc,  &objects, &phases, &routing.facts(), &tracked_statics, same_kind_only};
}

void Engine::Impl::settle(const std::vector<RouterId>& concerned, TimePoint now, Effects& out) {
  const std::vector<RouterId> ids = groups.step(concerned, routers, around(), now, out);
  guard(ids, now, out);
  Budget budget;
  for (const RouterId id : ids) {
    VirtualRouter& router = routers.at(id);
    router.chores(links, pace, now, budget, out);
    router.remember(out);
    schedule.set(id, router.next_deadline());
  }
  if (!stopped) routing.settle(links, routers, now, budget, out);
  groups.tell(ids, routers, out);
  mark_leaving(out);
}

void Engine::Impl::guard(const std::vector<RouterId>& ids, TimePoint now, Effects& out) {
  if (stopped) return;
  for (const RouterId id : ids) {
    const VirtualRouter& router = routers.at(id);
    if (firewall.knows(id, router.firewall_revision())) continue;
    firewall.set_share(id, router.firewall_revision(),
                       [&] { return router.firewall_share(links, globals.firewall.ifindex); });
  }
  firewall.step([this](const AddressKey& key) { return links.has(key) && !held(key); }, now, out);
}

void Engine::Impl::mark_leaving(const Effects& out) {
  for (const Effect& effect : out) {
    const auto* removal = std::get_if<RemoveAddresses>(&effect);
    if (removal == nullptr) continue;
    for (const KernelAddress& address : removal->addresses) {
      if (links.has(key_of(address))) leaving.insert(key_of(address));
    }
  }
}

std::vector<RouterId> Engine::Impl::reassess(const std::vector<RouterId>& ids, TimePoint now, Effects& out) {
  for (const RouterId id : ids) routers.at(id).reassess(around(), now, out);
  return ids;
}

void Engine::Impl::on(const ScriptFinished& event, TimePoint now, Effects& out) {
  if (!scripts.finished(event, out)) return;
  settle(reassess(index.tracking(event.script), now, out), now, out);
}

void Engine::Impl::on(const ProcessesCounted& event, TimePoint now, Effects& out) {
  object_news(objects.on(event, now, out), now, out);
}

void Engine::Impl::object_news(const std::vector<ObjectKey>& changed, TimePoint now, Effects& out) {
  for (const ObjectKey& key : changed) settle(reassess(index.tracking(key), now, out), now, out);
}

void Engine::Impl::on(const PacketReceived& event, TimePoint now, Effects& out) {
  const std::optional<Datagram> datagram =
      event.ipv6 ? datagram_of(*event.ipv6, event.datagram) : parse_datagram(event.datagram);
  if (!configured || stopped || !datagram) return;
  if (datagram->protocol != kProtocol && datagram->protocol != kAhProtocol) return;
  const std::uint8_t vrid = peek_header(datagram->pdu).virtual_router_id;
  const auto receiver = index.receiver(event.interface_index, vrid, datagram->destination, datagram->source);
  if (!receiver && globals.log_unknown_vrids) notes.unknown_vrid(event.interface_index, vrid, links, out);
  if (!receiver) return;
  if (!routers.at(*receiver).hears_on(event.interface_index)) return;
  routers.at(*receiver).hear(*datagram, now, out);
  settle({*receiver}, now, out);
}

Effects Engine::Impl::on_deadline(TimePoint now) {
  Effects out;
  if (hold_until != TimePoint{} && now >= hold_until) {
    hold_until = {};
    out.push_back(Log{LogLevel::Info, "Delayed start completed"});
  }
  scripts.on_deadline(now, out);
  const std::vector<RouterId> ids = schedule.due(now);
  out.reserve(out.size() + 2 * ids.size());
  for (const RouterId id : ids) routers.at(id).on_timer(now, out);  // every advert before any bulk
  for (const RouterId id : ids) {
    if (routers.at(id).forgives_vmac(now)) routers.at(id).reassess(around(), now, out);
  }
  settle(ids, now, out);
  object_news(objects.on_deadline(now, out), now, out);
  for (const LinkChanged& link : link_delays.due(now)) link_is(link, now, out);
  return out;
}

std::optional<TimePoint> Engine::Impl::next_deadline() const {
  std::optional<TimePoint> at = scripts.next_deadline();
  for (const auto& due : {schedule.next(), objects.next_deadline(), link_delays.next_deadline()}) {
    if (due && (!at || *due < *at)) at = due;
  }
  if (const auto due = firewall.next_deadline(); due && !stopped && (!at || *due < *at)) at = due;
  if (const auto due = routing.next_deadline(); due && !stopped && (!at || *due < *at)) at = due;
  if (hold_until != TimePoint{} && !stopped && (!at || hold_until < *at)) at = hold_until;
  return at;
}

Effects Engine::Impl::stop(bool keep_addresses, TimePoint now) {
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
  if (!keep_addresses) bases.release_all(links, out);
  promotions.release_all(links, out);
  firewall.stop(keep_addresses, out);
  routing.statics().stop(keep_addresses, out);
  index.stop_listening(out);
  scripts.stop(out);
  objects.stop(out);
  linkbeats.stop(out);
  return out;
}

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
  return {impl_->globals,         impl_->routers.views(),      impl_->groups.views(impl_->routers),
          impl_->scripts.views(), impl_->objects.file_views(), impl_->objects.process_views()};
}
std::string Engine::statistics_text() const {
  return impl_->routers.statistics_text();
}
void Engine::clear_statistics() {
  impl_->routers.clear_statistics();
}

}  // namespace holdfast::vrrp
