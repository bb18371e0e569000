// Hosts with an engine, a small kernel and a small core each, on one wire that can lose, delay, duplicate and cut. The
// fakes remember: kernels hold addresses and links and tell their engine of every change (virtual_kernel.h), cores hold records
// over a crash and execute the last will. Header only, so that any test program can use it.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/base/assert.h"
#include "test/support/virtual_kernel.h"
#include "vrrp/logic/timers.h"

namespace holdfast::test {

struct WireFaults {
  double loss = 0;
  double duplicate = 0;
  Duration most_delay = Duration::zero();  ///< each frame draws its own, so frames overtake one another
};

class VirtualLan : public VirtualKernel {
 public:
  using Observer = std::function<void(TimePoint, VirtualHost&, const vrrp::Effect&)>;

  explicit VirtualLan(std::uint64_t seed = 1) : random_(seed) {}

  std::map<std::string, VirtualHost>& hosts() { return hosts_; }
  VirtualHost& host(const std::string& name) { return hosts_.at(name); }
  WireFaults& faults() { return faults_; }
  void observe(Observer observer) { observer_ = std::move(observer); }
  std::mt19937_64& random() { return random_; }

  VirtualHost& add(const std::string& name, const IpPrefix& address) {
    VirtualHost& h = hosts_[name];
    h.name = name;
    h.address = address;
    return h;
  }

  // ---- processes ----
  void start(VirtualHost& h, bool with_records = false) {
    ASSERT(!h.engine);
    ++h.incarnation;
    h.engine.emplace();
    h.paused = false;
    h.backlog.clear();
    h.packets.clear();
    h.listening.clear();
    h.watched_files.clear();
    h.watched_processes.clear();
    for (const auto& [name, link] : h.links) tell_now(h, link_fact(h, name));
    h.watched.clear();
    for (const auto& key : h.addresses) tell_now(h, vrrp::AddressAppeared{key.interface_index, key.prefix, false});
    vrrp::Past past;
    if (with_records) {
      for (const auto& [name, record] : h.records) past.instances.push_back(record);
      for (const auto& [name, record] : h.script_records) past.scripts.push_back(record);
      for (const auto& [key, record] : h.object_records) past.objects.push_back(record);
      for (const auto& [name, record] : h.base_records) past.bases.push_back(record);
      for (const auto& [name, record] : h.promotion_records) past.promotions.push_back(record);
      past.statics = h.static_record;
      past.died_at = h.died_at;
    } else {
      h.records.clear();
      h.script_records.clear();
      h.object_records.clear();
      h.base_records.clear();
      h.promotion_records.clear();
      h.static_record = {};
    }
    perform(h, h.engine->reconfigure(h.config, past, now()));
  }
  void reload(VirtualHost& h) { perform(h, h.engine->reconfigure(h.config, {}, now())); }
  void stop(VirtualHost& h, bool keep_addresses = false) {
    perform(h, h.engine->stop(keep_addresses, now()));
    h.engine.reset();
    ++h.incarnation;
  }
  /// A crash: addresses stay in the kernel until a successor or the last will comes.
  void kill(VirtualHost& h) {
    h.engine.reset();
    h.paused = false;
    h.died_at = now();
    const std::uint64_t dead = ++h.incarnation;
    for (const auto& [name, record] : h.records) {
      if (record.state != vrrp::State::Active) continue;
      const TimePoint last = vrrp::Rhythm::last_beat(record.advert_anchor, record.advert_interval, h.died_at);
      clock_.at(last + record.takeover_interval, [this, &h, dead, record] {
        if (h.incarnation != dead) return;
        for (const auto& entry : record.routing) erase_routing(h, entry.object);
        for (const auto& address : record.addresses) h.addresses.erase({address.interface_index, address.entry.prefix});
      });
    }
  }
  void pause(VirtualHost& h) { h.paused = true; }
  /// What waited in sockets comes before or after the timers, as chance has it in a real loop.
  void wake(VirtualHost& h, bool timers_first = false) {
    h.paused = false;
    if (timers_first) run_due(h);
    for (const vrrp::Event& event : std::exchange(h.backlog, {})) tell_now(h, event);
    for (const VirtualPacket& packet : std::exchange(h.packets, {})) receive(h, packet);
  }

  // ---- the wire ----
  void cut(const std::string& a, const std::string& b) { cuts_.insert({std::min(a, b), std::max(a, b)}); }
  void heal() { cuts_.clear(); }
  void deliver(VirtualHost& h, const VirtualPacket& packet) { receive(h, packet); }

  // ---- time ----
  void run(Duration span) {
    const TimePoint end = now() + span;
    while (step(end)) {
    }
    clock_.advance_to(end);
  }

 private:
  bool step(TimePoint end) {
    const std::optional<TimePoint> queued = clock_.next();
    VirtualHost* due = nullptr;
    TimePoint due_at{};
    for (auto& [name, h] : hosts_) {
      if (!h.engine || h.paused) continue;
      const auto at = h.engine->next_deadline();
      if (at && (due == nullptr || *at < due_at)) {
        due = &h;
        due_at = *at;
      }
    }
    if (queued && *queued <= end && (due == nullptr || *queued <= due_at)) {
      clock_.do_next();
      return true;
    }
    if (due == nullptr || due_at > end) return false;
    clock_.advance_to(due_at);
    perform(*due, due->engine->on_deadline(now()));
    return true;
  }
  void run_due(VirtualHost& h) {
    while (h.engine) {
      const auto at = h.engine->next_deadline();
      if (!at || *at > now()) return;
      perform(h, h.engine->on_deadline(now()));
    }
  }
  void tell_now(VirtualHost& h, const vrrp::Event& event) override { perform(h, h.engine->handle(event, now())); }
  void receive(VirtualHost& h, const VirtualPacket& packet) {
    if (!h.engine) return;
    if (h.paused) {
      if (h.packets.size() < 200) h.packets.push_back(packet);
      return;
    }
    std::uint32_t index = index_of(h, wire_link_);
    if (index == 0 || !h.links.at(wire_link_).up) return;
    const IpAddress to = packet.destination();
    for (const vrrp::Listen& place : h.listening) {
      if (!to.is_multicast() && place.group == to) index = place.interface_index;  // the socket bound to that address
    }
    if (to.is_multicast()) return receive_multicast(h, packet, index);
    perform(h, h.engine->handle(vrrp::PacketReceived{index, packet.datagram, packet.ipv6}, now()));
  }
  /// Every macvlan that is up gets a copy; what comes from the MAC of one goes to that one alone, as in Linux.
  void receive_multicast(VirtualHost& h, const VirtualPacket& packet, std::uint32_t index) {
    std::vector<std::uint32_t> places{index};
    for (const auto& [name, link] : h.links) {
      if (link.below != wire_link_ || !link.up) continue;
      if (mac_of(link) == packet.from) {
        places = {link.index};
        break;
      }
      const auto joined = [&](const vrrp::Listen& place) { return place.interface_index == link.index; };
      if (std::ranges::any_of(h.listening, joined)) places.push_back(link.index);
    }
    for (const std::uint32_t place : places) {
      if (h.engine) perform(h, h.engine->handle(vrrp::PacketReceived{place, packet.datagram, packet.ipv6}, now()));
    }
  }
  static VirtualPacket packet_of(const vrrp::SendAdvert& advert) {
    if (!advert.destination.is_v4()) {
      return {advert.pdu, vrrp::Ipv6Envelope{advert.source, advert.destination, advert.time_to_live}};
    }
    return ip_datagram(advert.source, advert.destination, advert.pdu, advert.time_to_live, advert.protocol,
                       advert.identification);
  }
  double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  Duration draw_delay() {
    if (faults_.most_delay <= Duration::zero()) return Duration::zero();
    return Duration(std::uniform_int_distribution<std::int64_t>(0, faults_.most_delay.count())(random_));
  }

  void perform(VirtualHost& h, const vrrp::Effects& effects) {
    for (const vrrp::Effect& effect : effects) {
      if (observer_) observer_(now(), h, effect);
      std::visit([&](const auto& what) { act(h, what); }, effect);
    }
  }
  using VirtualKernel::act;
  void act(VirtualHost& h, const vrrp::SendAdvert& advert) {
    const auto mine = h.links.find(wire_link_);
    if (mine == h.links.end() || !mine->second.up) return;
    const std::string name_of_sender = advert.interface_index == 0 ? wire_link_ : name_of(h, advert.interface_index);
    const auto sender = h.links.find(name_of_sender);
    if (sender == h.links.end() || !sender->second.up) return;
    if (sender != mine && sender->second.below != wire_link_) return;
    VirtualPacket packet = packet_of(advert);
    packet.from = mac_of(sender->second);
    for (auto& [name, other] : hosts_) {
      if (name == h.name || cuts_.contains({std::min(name, h.name), std::max(name, h.name)})) continue;
      if (!advert.destination.is_multicast() && !has(other, advert.destination)) continue;
      if (faults_.loss > 0 && chance() < faults_.loss) continue;
      const int copies = faults_.duplicate > 0 && chance() < faults_.duplicate ? 2 : 1;
      for (int i = 0; i < copies; ++i) {
        clock_.at(now() + draw_delay(), [this, &other, packet] { receive(other, packet); });
      }
    }
  }
  std::map<std::string, VirtualHost> hosts_;
  std::set<std::pair<std::string, std::string>> cuts_;
  WireFaults faults_;
  Observer observer_;
  std::mt19937_64 random_;
  std::string wire_link_ = "ens33";
};

}  // namespace holdfast::test
