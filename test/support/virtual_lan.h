// Hosts with an engine, a small kernel and a small core each, on one wire that can lose, delay, duplicate and cut. The
// fakes remember: kernels hold addresses and links and tell their engine of every change, cores hold records over a
// crash and execute the last will. Header only, so that any test program can use it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/base/assert.h"
#include "core/base/checksum.h"
#include "test/support/virtual_clock.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/engine.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/timers.h"

namespace holdfast::test {

struct WireFaults {
  double loss = 0;
  double duplicate = 0;
  Duration most_delay = Duration::zero();  ///< each frame draws its own, so frames overtake one another
};

/// An IPv4 datagram of protocol 112 around a PDU.
inline Bytes ip_datagram(const IpAddress& source, const IpAddress& destination, ByteView pdu, std::uint8_t ttl = 255,
                         std::uint8_t protocol = 112, std::uint16_t identification = 0) {
  ByteWriter w;
  w.u8(0x45);
  w.u8(0xc0);
  w.u16(static_cast<std::uint16_t>(20 + pdu.size()));
  w.u16(identification);
  w.u16(0);
  w.u8(ttl);
  w.u8(protocol);
  w.u16(0);
  w.u32(source.v4_value());
  w.u32(destination.v4_value());
  w.patch_u16(10, internet_checksum(w.bytes()));
  w.put(pdu);
  return w.take();
}

/// As a raw socket gives it: IPv4 with its header, IPv6 without.
struct VirtualPacket {
  VirtualPacket(Bytes bytes) : datagram(std::move(bytes)) {}  // NOLINT: an IPv4 datagram is one
  VirtualPacket(Bytes payload, const vrrp::Ipv6Envelope& envelope) : datagram(std::move(payload)), ipv6(envelope) {}
  IpAddress destination() const {
    if (ipv6) return ipv6->destination;
    return datagram.size() < 20 ? IpAddress{} : *IpAddress::from_bytes(ByteView(datagram).subspan(16, 4));
  }
  Bytes datagram;
  std::optional<vrrp::Ipv6Envelope> ipv6;
};

struct VirtualLink {
  std::uint32_t index = 0;
  bool up = true;
};

struct VirtualHost {
  std::string name;
  IpPrefix address;
  config::Config config;
  // kernel
  std::map<std::string, VirtualLink> links;
  std::set<vrrp::AddressKey> addresses;
  std::map<IpAddress, int> refuses;  ///< adding fails with this errno
  std::map<std::string, int> script_status;
  // process
  std::optional<vrrp::Engine> engine;
  bool paused = false;
  std::vector<vrrp::Event> backlog;
  std::vector<VirtualPacket> packets;  ///< while paused: the socket's buffer
  std::vector<vrrp::Listen> listening;
  std::uint64_t incarnation = 0;
  // core
  std::map<std::string, vrrp::InstanceRecord> records;
  std::map<std::string, vrrp::ScriptRecord> script_records;
  TimePoint died_at{};
};

class VirtualLan {
 public:
  using Observer = std::function<void(TimePoint, VirtualHost&, const vrrp::Effect&)>;

  explicit VirtualLan(std::uint64_t seed = 1) : random_(seed) {}

  VirtualClock& clock() { return clock_; }
  TimePoint now() const { return clock_.now(); }
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
  void add_link(VirtualHost& h, const std::string& name) { h.links[name] = {++last_index_, true}; }

  // ---- processes ----
  void start(VirtualHost& h, bool with_records = false) {
    ASSERT(!h.engine);
    ++h.incarnation;
    h.engine.emplace();
    h.paused = false;
    h.backlog.clear();
    h.packets.clear();
    h.listening.clear();
    for (const auto& [name, link] : h.links) tell_now(h, link_fact(name, link));
    for (const auto& key : h.addresses) tell_now(h, vrrp::AddressAppeared{key.interface_index, key.prefix, false});
    vrrp::Past past;
    if (with_records) {
      for (const auto& [name, record] : h.records) past.instances.push_back(record);
      for (const auto& [name, record] : h.script_records) past.scripts.push_back(record);
      past.died_at = h.died_at;
    } else {
      h.records.clear();
      h.script_records.clear();
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

  // ---- kernels ----
  void set_link(VirtualHost& h, const std::string& name, bool up) {
    h.links.at(name).up = up;
    tell(h, link_fact(name, h.links.at(name)));
  }
  void remove_link(VirtualHost& h, const std::string& name) {
    const std::uint32_t index = h.links.at(name).index;
    std::vector<vrrp::AddressKey> gone;
    for (const auto& key : h.addresses) {
      if (key.interface_index == index) gone.push_back(key);
    }
    for (const auto& key : gone) h.addresses.erase(key);
    for (const auto& key : gone) tell(h, vrrp::AddressVanished{key.interface_index, key.prefix});
    h.links.erase(name);
    tell(h, vrrp::LinkRemoved{index});
  }
  void create_link(VirtualHost& h, const std::string& name) {
    add_link(h, name);
    tell(h, link_fact(name, h.links.at(name)));
  }
  void add_address(VirtualHost& h, const std::string& link, const IpPrefix& prefix) {
    const std::uint32_t index = h.links.at(link).index;
    h.addresses.insert({index, prefix});
    tell(h, vrrp::AddressAppeared{index, prefix, false});
  }
  bool remove_address(VirtualHost& h, const IpAddress& address) {
    for (const auto& key : h.addresses) {
      if (key.prefix.address != address) continue;
      const vrrp::AddressKey gone = key;
      h.addresses.erase(key);
      tell(h, vrrp::AddressVanished{gone.interface_index, gone.prefix});
      return true;
    }
    return false;
  }
  static bool has(const VirtualHost& h, const IpAddress& address) {
    for (const auto& key : h.addresses) {
      if (key.prefix.address == address) return true;
    }
    return false;
  }
  std::uint32_t index_of(const VirtualHost& h, const std::string& link) const {
    const auto found = h.links.find(link);
    return found == h.links.end() ? 0 : found->second.index;
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
  void tell(VirtualHost& h, const vrrp::Event& event) {
    if (!h.engine) return;
    if (h.paused)
      h.backlog.push_back(event);
    else
      tell_now(h, event);
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

  vrrp::LinkChanged link_fact(const std::string& name, const VirtualLink& link) const {
    vrrp::LinkChanged fact;
    fact.index = link.index;
    fact.name = name;
    fact.up = link.up;
    fact.mac = {{2, 0, 0, 0, 0, static_cast<std::uint8_t>(link.index)}};
    return fact;
  }
  void tell_now(VirtualHost& h, const vrrp::Event& event) { perform(h, h.engine->handle(event, now())); }
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
    perform(h, h.engine->handle(vrrp::PacketReceived{index, packet.datagram, packet.ipv6}, now()));
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
  template <class Other>
  void act(VirtualHost&, const Other&) {}
  void act(VirtualHost& h, const vrrp::SendAdvert& advert) {
    const auto mine = h.links.find(wire_link_);
    if (mine == h.links.end() || !mine->second.up) return;
    if (advert.interface_index != 0 && mine->second.index != advert.interface_index) return;
    const VirtualPacket packet = packet_of(advert);
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
  void act(VirtualHost& h, const vrrp::AddAddresses& what) {
    for (const vrrp::KernelAddress& address : what.addresses) {
      const vrrp::AddressKey key = vrrp::key_of(address);
      const std::uint64_t life = h.incarnation;
      const auto refused = h.refuses.find(key.prefix.address);
      if (refused != h.refuses.end()) {
        const int error = refused->second;
        later(h, life, vrrp::AddressRefused{key.interface_index, key.prefix, true, error});
      } else if (h.addresses.insert(key).second) {
        later(h, life, vrrp::AddressAppeared{key.interface_index, key.prefix, false});
      }
    }
  }
  void act(VirtualHost& h, const vrrp::RemoveAddresses& what) {
    for (const vrrp::KernelAddress& address : what.addresses) {
      const vrrp::AddressKey key = vrrp::key_of(address);
      if (h.addresses.erase(key) > 0) later(h, h.incarnation, vrrp::AddressVanished{key.interface_index, key.prefix});
    }
  }
  void act(VirtualHost& h, const vrrp::RunTrackScript& run) {
    const int status = h.script_status[run.script];
    later(h, h.incarnation, vrrp::ScriptFinished{run.script, vrrp::ScriptOutcome::Exited, status});
  }
  void act(VirtualHost& h, const vrrp::Listen& what) { h.listening.push_back(what); }
  void act(VirtualHost& h, const vrrp::Unlisten& what) {
    std::erase_if(h.listening, [&](const vrrp::Listen& place) {
      return place.group == what.group && place.interface_index == what.interface_index &&
             place.protocol == what.protocol;
    });
  }
  void act(VirtualHost& h, const vrrp::RememberInstance& what) { h.records[what.record.instance] = what.record; }
  void act(VirtualHost& h, const vrrp::ForgetInstance& what) { h.records.erase(what.instance); }
  void act(VirtualHost& h, const vrrp::RememberScript& what) { h.script_records[what.record.script] = what.record; }
  void act(VirtualHost& h, const vrrp::ForgetScript& what) { h.script_records.erase(what.script); }

  /// Answers of kernel and core come after the call that asked, never inside it.
  void later(VirtualHost& h, std::uint64_t life, vrrp::Event event) {
    clock_.at(now(), [this, &h, life, event = std::move(event)] {
      if (h.incarnation == life) tell(h, event);
    });
  }

  VirtualClock clock_;
  std::map<std::string, VirtualHost> hosts_;
  std::set<std::pair<std::string, std::string>> cuts_;
  WireFaults faults_;
  Observer observer_;
  std::mt19937_64 random_;
  std::uint32_t last_index_ = 1;
  std::string wire_link_ = "ens33";
};

}  // namespace holdfast::test
