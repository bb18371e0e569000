#include "vrrp/wire.h"

#include <algorithm>

#include "vrrp/igmp_silence.h"
#include "vrrp/io/advert_filter.h"
#include "vrrp/io/routing_message.h"
#include "vrrp/object_wire.h"

namespace holdfast::vrrp {
namespace {

/// Times that can be added and subtracted without a thought: 30 years.
constexpr std::int64_t kLongest_us = 1'000'000'000'000'000;

std::string octets(const IpAddress& address) {
  const ByteView bytes = address.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<IpAddress> address_from(const std::string& octets) {
  return IpAddress::from_bytes({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

bool starts_with_kind(const std::string& key, const char* kind) {
  return key.starts_with(std::string(kind) + "/");
}

void add_addresses(const std::vector<KernelAddress>& addresses, auto& wire) {
  for (const KernelAddress& address : addresses) {
    proto::VrrpAddress& out = *wire.add_addresses();
    out.set_interface_index(address.interface_index);
    out.set_address(octets(address.entry.prefix.address));
    out.set_prefix_length(static_cast<std::uint32_t>(address.entry.prefix.length));
    out.set_text(address.entry.prefix.text());
  }
}

/// False when one is malformed.
bool take_addresses(const auto& wire, std::vector<KernelAddress>& addresses) {
  for (const proto::VrrpAddress& in : wire.addresses()) {
    const auto address = address_from(in.address());
    if (!address || in.prefix_length() > static_cast<unsigned>(address->max_prefix_length())) return false;
    KernelAddress known;
    known.interface_index = in.interface_index();
    known.entry.prefix = {*address, static_cast<int>(in.prefix_length())};
    addresses.push_back(std::move(known));
  }
  return true;
}

void add_routing(const std::vector<RoutingEntry>& entries, auto& wire) {
  for (const RoutingEntry& entry : entries) {
    proto::VrrpRouting& out = *wire.add_routing();
    const Bytes message = routing_message(false, entry, 0);
    out.set_removal(message.data(), message.size());
    out.set_text(entry.text);
  }
}

bool take_routing(const auto& wire, std::vector<RoutingEntry>& entries) {
  for (const proto::VrrpRouting& in : wire.routing()) {
    // The parser wants the alignment that a std::string does not promise.
    const Bytes message(in.removal().begin(), in.removal().end());
    auto object = object_of_removal(message);
    if (!object) return false;
    entries.push_back({*std::move(object), in.text()});
  }
  return true;
}

/// In the order in which core is to remove it: rules, routes, addresses.
void add_removals(const std::vector<RoutingEntry>& entries, proto::Bequest& bequest) {
  for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
    const Bytes message = routing_message(false, *at, 0);
    bequest.add_orders(message.data(), message.size());
  }
}

void add_addresses(const std::vector<KernelAddress>& addresses, proto::Bequest& bequest) {
  for (const KernelAddress& address : addresses) {
    proto::WillAddress& out = *bequest.add_addresses();
    out.set_interface_index(address.interface_index);
    out.set_address(octets(address.entry.prefix.address));
    out.set_prefix_length(static_cast<std::uint32_t>(address.entry.prefix.length));
  }
}

}  // namespace

std::string record_key(const std::string& kind, const std::string& name) {
  return kind + "/" + name;
}

proto::VrrpInstanceRecord to_wire(const InstanceRecord& record) {
  proto::VrrpInstanceRecord wire;
  wire.set_instance(record.instance);
  wire.set_state(static_cast<proto::VrrpState>(record.state));
  wire.set_effective_priority(record.effective_priority);
  wire.set_base_priority(record.base_priority);
  wire.set_since_us(to_us(record.since));
  wire.set_advert_anchor_us(to_us(record.advert_anchor));
  wire.set_advert_interval_us(record.advert_interval.count());
  wire.set_peers_down_interval_us(record.peers_down_interval.count());
  wire.set_takeover_interval_us(record.takeover_interval.count());
  wire.set_best_peer_address(octets(record.best_peer.address));
  wire.set_best_peer_priority(record.best_peer.priority);
  wire.set_learned_interval_us(record.learned_interval.count());
  wire.set_active_address(octets(record.active_address));
  wire.set_active_priority(record.active_priority);
  if (!record.old_checksum_peer.is_any()) wire.set_old_checksum_peer(octets(record.old_checksum_peer));
  wire.set_ah_sequence(record.ah_sequence);
  wire.set_conflicts(record.conflicts);
  add_addresses(record.addresses, wire);
  add_routing(record.routing, wire);
  for (const std::string& reason : record.priority_reasons) wire.add_priority_reasons(reason);
  for (const std::string& reason : record.fault_reasons) wire.add_fault_reasons(reason);
  for (const VmacRecord& vmac : record.vmacs) {
    proto::VrrpVmac& out = *wire.add_vmacs();
    out.set_name(vmac.name);
    out.set_interface_index(vmac.interface_index);
  }
  if (record.preempt_at) wire.set_preempt_at_us(to_us(*record.preempt_at));
  wire.set_interface_kind(record.interface_kind);
  return wire;
}

proto::VrrpScriptRecord to_wire(const ScriptRecord& record) {
  proto::VrrpScriptRecord wire;
  wire.set_script(record.script);
  for (const std::string& word : record.command.argv) wire.add_argv(word);
  wire.set_user(record.command.user);
  wire.set_group(record.command.group);
  wire.set_known(record.known);
  wire.set_up(record.up);
  wire.set_in_a_row(record.in_a_row);
  wire.set_last_status(record.last_status);
  return wire;
}

proto::VrrpBaseRecord to_wire(const BaseRecord& record) {
  proto::VrrpBaseRecord wire;
  wire.set_interface(record.interface);
  wire.set_interface_index(record.interface_index);
  wire.set_arp_ignore(record.before.ignore);
  wire.set_arp_filter(record.before.filter);
  wire.set_arp_announce(record.before.announce);
  return wire;
}

proto::VrrpPromotionRecord to_wire(const PromotionRecord& record) {
  proto::VrrpPromotionRecord wire;
  wire.set_interface(record.interface);
  wire.set_interface_index(record.interface_index);
  return wire;
}

std::optional<proto::Bequest> bequest_of(const InstanceRecord& record) {
  if (record.state != State::Active) return std::nullopt;
  if (record.addresses.empty() && record.routing.empty()) return std::nullopt;
  proto::Bequest bequest;
  bequest.set_key(record.instance);
  bequest.set_advert_anchor_us(to_us(record.advert_anchor));
  bequest.set_advert_interval_us(record.advert_interval.count());
  bequest.set_peers_down_interval_us(record.takeover_interval.count());
  if (record.best_peer.priority == 0 && record.endpoint) {
    proto::Ear& ear = *bequest.mutable_ear();
    ear.set_interface_index(record.endpoint->interface_index);
    ear.set_address(octets(record.endpoint->group));
    ear.set_protocol(record.endpoint->protocol);
    const Bytes filter = takeover_filter(*record.endpoint, record.virtual_router_id);
    ear.set_filter(filter.data(), filter.size());
    ear.set_latest_interval_us(record.slowest_takeover_interval.count());
  }
  add_removals(record.routing, bequest);
  add_addresses(record.addresses, bequest);
  return bequest;
}

proto::Bequest bequest_of(const StaticRecord& record) {
  proto::Bequest bequest;
  bequest.set_key(kStaticKind);
  bequest.set_peers_down_interval_us(kLongest_us - 1);  // due at once only when no successor will come
  add_removals(record.routing, bequest);
  add_addresses(record.addresses, bequest);
  return bequest;
}

proto::VrrpStaticRecord to_wire(const StaticRecord& record) {
  proto::VrrpStaticRecord wire;
  add_addresses(record.addresses, wire);
  add_routing(record.routing, wire);
  return wire;
}

Result<StaticRecord> statics_from_wire(const std::string& value) {
  proto::VrrpStaticRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  StaticRecord record;
  if (!take_addresses(wire, record.addresses)) return Error{"it holds a malformed address"};
  if (!take_routing(wire, record.routing)) return Error{"it holds a malformed route or rule"};
  return record;
}

Result<InstanceRecord> instance_from_wire(const std::string& key, const std::string& value) {
  proto::VrrpInstanceRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  if (record_key(kInstanceKind, wire.instance()) != key) return Error{"it is not about what its key says"};
  if (!proto::VrrpState_IsValid(wire.state())) return Error{"its state is not one of VRRP"};
  if (wire.advert_interval_us() <= 0 || wire.peers_down_interval_us() <= 0)
    return Error{"its intervals are not positive"};
  for (const std::int64_t us :
       {wire.since_us(), wire.advert_anchor_us(), wire.advert_interval_us(), wire.peers_down_interval_us(),
        wire.takeover_interval_us(), wire.learned_interval_us(), wire.preempt_at_us()}) {
    if (us < 0 || us > kLongest_us) return Error{"its times cannot be"};
  }
  InstanceRecord record;
  record.instance = wire.instance();
  record.state = static_cast<State>(wire.state());
  record.effective_priority = wire.effective_priority();
  record.base_priority = wire.base_priority();
  record.since = from_us(wire.since_us());
  record.advert_anchor = from_us(wire.advert_anchor_us());
  record.advert_interval = Duration(wire.advert_interval_us());
  record.peers_down_interval = Duration(wire.peers_down_interval_us());
  // A record of a version that did not know it: as early as it can be.
  record.takeover_interval = Duration(std::max(wire.takeover_interval_us(), wire.peers_down_interval_us()));
  if (const auto peer = address_from(wire.best_peer_address()); peer && wire.best_peer_priority() > 0)
    record.best_peer = {*peer, std::min(wire.best_peer_priority(), 255)};
  record.learned_interval = Duration(wire.learned_interval_us());
  record.active_address = address_from(wire.active_address()).value_or(IpAddress());
  record.active_priority = wire.active_priority();
  record.old_checksum_peer = address_from(wire.old_checksum_peer()).value_or(IpAddress());
  record.ah_sequence = wire.ah_sequence();
  record.conflicts = wire.conflicts();
  if (!take_addresses(wire, record.addresses)) return Error{"it holds a malformed address"};
  if (!take_routing(wire, record.routing)) return Error{"it holds a malformed route or rule"};
  record.priority_reasons.assign(wire.priority_reasons().begin(), wire.priority_reasons().end());
  record.fault_reasons.assign(wire.fault_reasons().begin(), wire.fault_reasons().end());
  for (const proto::VrrpVmac& vmac : wire.vmacs()) record.vmacs.push_back({vmac.name(), vmac.interface_index()});
  if (wire.preempt_at_us() > 0) record.preempt_at = from_us(wire.preempt_at_us());
  record.interface_kind = wire.interface_kind();
  return record;
}

Result<ScriptRecord> script_from_wire(const std::string& key, const std::string& value) {
  proto::VrrpScriptRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  if (record_key(kScriptKind, wire.script()) != key) return Error{"it is not about what its key says"};
  ScriptRecord record;
  record.script = wire.script();
  record.command.argv.assign(wire.argv().begin(), wire.argv().end());
  record.command.user = wire.user();
  record.command.group = wire.group();
  record.known = wire.known();
  record.up = wire.up();
  record.in_a_row = wire.in_a_row();
  record.last_status = wire.last_status();
  return record;
}

Result<BaseRecord> base_from_wire(const std::string& key, const std::string& value) {
  proto::VrrpBaseRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  if (record_key(kBaseKind, wire.interface()) != key) return Error{"it is not about what its key says"};
  return BaseRecord{
      wire.interface(), wire.interface_index(), {wire.arp_ignore(), wire.arp_filter(), wire.arp_announce()}};
}

Result<PromotionRecord> promotion_from_wire(const std::string& key, const std::string& value) {
  proto::VrrpPromotionRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  if (record_key(kPromotionKind, wire.interface()) != key) return Error{"it is not about what its key says"};
  return PromotionRecord{wire.interface(), wire.interface_index()};
}

Past past_from_wire(const proto::Records& records, std::vector<std::string>& dropped) {
  Past past;
  past.died_at = from_us(records.died_at_us());
  const auto drop = [&dropped](const std::string& key, const Error& why) {
    dropped.push_back("Dropping the record '" + key + "': " + why.message);
  };
  for (const proto::Record& record : records.records()) {
    if (starts_with_kind(record.key(), kInstanceKind)) {
      if (auto instance = instance_from_wire(record.key(), record.value()))
        past.instances.push_back(std::move(*instance));
      else
        drop(record.key(), instance.error());
    } else if (starts_with_kind(record.key(), kStaticKind)) {
      if (auto statics = statics_from_wire(record.value()))
        past.statics = std::move(*statics);
      else
        drop(record.key(), statics.error());
    } else if (starts_with_kind(record.key(), kScriptKind)) {
      if (auto script = script_from_wire(record.key(), record.value()))
        past.scripts.push_back(std::move(*script));
      else
        drop(record.key(), script.error());
    } else if (starts_with_kind(record.key(), kIgmpKind)) {
      past.igmp_silenced = true;
    } else if (starts_with_kind(record.key(), kBaseKind)) {
      if (auto base = base_from_wire(record.key(), record.value()))
        past.bases.push_back(std::move(*base));
      else
        drop(record.key(), base.error());
    } else if (starts_with_kind(record.key(), kPromotionKind)) {
      if (auto promotion = promotion_from_wire(record.key(), record.value()))
        past.promotions.push_back(std::move(*promotion));
      else
        drop(record.key(), promotion.error());
    }
    for (const ObjectKind kind : {ObjectKind::File, ObjectKind::Process}) {
      if (!starts_with_kind(record.key(), kind_word(kind))) continue;
      if (auto object = object_from_wire(kind, record.key(), record.value()))
        past.objects.push_back(std::move(*object));
      else
        drop(record.key(), object.error());
    }
  }
  return past;
}

}  // namespace holdfast::vrrp
