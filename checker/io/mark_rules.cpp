#include "checker/io/mark_rules.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

namespace holdfast::checker {

namespace {

using netlink::NftBatch;
using netlink::NftElement;
using netlink::NftExpression;
using netlink::NftTable;
using netlink::NftType;
namespace nft = netlink::nft;

constexpr std::array families{Family::IPv4, Family::IPv6};

struct ProtocolMap {
  ipvs::Protocol protocol;
  const char* name;
};
constexpr std::array protocols{ProtocolMap{ipvs::Protocol::Tcp, "tcp_map"}, ProtocolMap{ipvs::Protocol::Udp, "udp_map"},
                               ProtocolMap{ipvs::Protocol::Sctp, "sctp_map"}};

/// A part of a key takes four octets.
Bytes key(const IpAddress& address, std::uint16_t port) {
  Bytes octets(address.bytes().begin(), address.bytes().end());
  octets.insert(octets.end(), {static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port & 0xffU), 0, 0});
  return octets;
}

NftElement element(const MarkedRange& range) {
  return {key(range.first, range.first_port), nft::number(range.mark), key(range.last, range.last_port)};
}

/// Whose packets a map is about, behind its name.
std::uint8_t protocol_of(const std::string& map) {
  const auto found = std::ranges::find_if(protocols, [&](const ProtocolMap& known) { return map == known.name; });
  return static_cast<std::uint8_t>(found->protocol);
}

/// meta mark set DADDR . DPORT map @MAP [counter] return
std::vector<NftExpression> rule(const MarkMap& map, bool counters) {
  constexpr std::uint32_t second_quarter = 9;
  const bool v4 = map.table.family == Family::IPv4;
  std::vector<NftExpression> rule{nft::load(nft::Meta::Protocol, 1),
                                  nft::equals(Bytes{protocol_of(map.set.name)}),
                                  v4 ? nft::load(nft::Base::Network, 16, 4) : nft::load(nft::Base::Network, 24, 16),
                                  nft::load(nft::Base::Transport, 2, 2, v4 ? second_quarter : 2),
                                  nft::lookup(map.set.name, 1, 1),
                                  nft::store(nft::Meta::Mark, 1)};
  if (counters) rule.push_back(nft::counter());
  rule.push_back(nft::leave());
  return rule;
}

std::vector<MarkMap> maps_of(Family family, const MarkPlan& plan, const std::string& comment) {
  std::vector<MarkMap> maps;
  const NftType address = family == Family::IPv4 ? NftType::Ipv4 : NftType::Ipv6;
  for (const ProtocolMap& protocol : protocols) {
    MarkMap map{{family, plan.table, comment}, {protocol.name, {address, NftType::Service}, NftType::Mark}, {}};
    map.set.interval = true;
    map.set.counters = plan.counters;
    for (const MarkedRange& range : plan.ranges) {
      if (range.protocol == protocol.protocol && range.first.family() == family) map.elements.push_back(element(range));
    }
    std::ranges::sort(map.elements, {}, &NftElement::key);
    if (!map.elements.empty()) maps.push_back(std::move(map));
  }
  return maps;
}

const std::string& name_of(const MarkMap& map) {
  return map.set.name;
}

const MarkMap* find(const std::vector<MarkMap>& maps, const std::string& name) {
  const auto found = std::ranges::find_if(maps, [&](const MarkMap& map) { return map.set.name == name; });
  return found == maps.end() ? nullptr : &*found;
}

void add_chain(NftBatch& batch, const NftTable& table, const MarkPlan& plan) {
  batch.add_chain(table, {kMarkChain, netlink::NftHook::Input, plan.priority});
}

/// Where there was nothing.
void put_family(NftBatch& batch, const std::vector<MarkMap>& maps, const MarkPlan& plan) {
  if (maps.empty()) return;
  batch.add_table(maps.front().table);
  add_chain(batch, maps.front().table, plan);
  for (const MarkMap& map : maps) {
    batch.add_set(map.table, map.set);
    batch.add_rule(map.table, kMarkChain, rule(map, plan.counters));
    batch.add_elements(map.table, map.set.name, map.elements);
  }
}

/// Maps come and go, and with them the rules, which change all at once.
void put_rules(NftBatch& batch, const std::vector<MarkMap>& old, const std::vector<MarkMap>& now, bool other_chain,
               const MarkPlan& plan) {
  const NftTable& table = now.front().table;
  const bool same_maps = std::ranges::equal(old, now, {}, &name_of, &name_of);
  if (same_maps && !other_chain) return;
  batch.remove_rules(table, kMarkChain);
  if (other_chain) {
    batch.remove_chain(table, kMarkChain);
    add_chain(batch, table, plan);
  }
  for (const MarkMap& map : old) {
    if (find(now, map.set.name) == nullptr) batch.remove_set(table, map.set.name);
  }
  for (const MarkMap& map : now) {
    if (find(old, map.set.name) == nullptr) batch.add_set(table, map.set);
    batch.add_rule(table, kMarkChain, rule(map, plan.counters));
  }
}

bool before(const NftElement& one, const NftElement& other) {
  return std::tie(one.key, one.key_end, one.value) < std::tie(other.key, other.key_end, other.value);
}

/// No two elements of a map begin alike, so both lists are in the order of `before`.
void put_elements(NftBatch& batch, const MarkMap* old, const MarkMap& now) {
  const std::vector<NftElement> nothing;
  const std::vector<NftElement>& had = old == nullptr ? nothing : old->elements;
  std::vector<NftElement> gone, added;
  std::ranges::set_difference(had, now.elements, std::back_inserter(gone), before);
  std::ranges::set_difference(now.elements, had, std::back_inserter(added), before);
  batch.remove_elements(now.table, now.set.name, gone);
  batch.add_elements(now.table, now.set.name, added);
}

}  // namespace

std::vector<MarkMap> mark_maps(const MarkPlan& plan, const std::string& comment) {
  std::vector<MarkMap> maps;
  for (const Family family : families) {
    std::vector<MarkMap> some = maps_of(family, plan, comment);
    maps.insert(maps.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return maps;
}

void put_marks(NftBatch& batch, const MarkPlan& plan, const std::string& comment) {
  put_removal(batch, plan.table);
  for (const Family family : families) put_family(batch, maps_of(family, plan, comment), plan);
}

void put_change(NftBatch& batch, const MarkPlan& before, const MarkPlan& plan, const std::string& comment) {
  for (const Family family : families) {
    const std::vector<MarkMap> old = maps_of(family, before, comment);
    const std::vector<MarkMap> now = maps_of(family, plan, comment);
    if (old.empty()) {
      put_family(batch, now, plan);
    } else if (now.empty()) {
      batch.remove_table(old.front().table);
    } else {
      put_rules(batch, old, now, before.priority != plan.priority, plan);
      for (const MarkMap& map : now) put_elements(batch, find(old, map.set.name), map);
    }
  }
}

/// Adding first: what is not there cannot be removed.
void put_removal(NftBatch& batch, const std::string& table) {
  for (const Family family : families) {
    batch.add_table({family, table, {}});
    batch.remove_table({family, table, {}});
  }
}

}  // namespace holdfast::checker
