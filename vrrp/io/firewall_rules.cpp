#include "vrrp/io/firewall_rules.h"

#include <array>
#include <netinet/icmp6.h>
#include <netinet/in.h>

namespace holdfast::vrrp {

namespace {

using netlink::NftBatch;
using netlink::NftElement;
using netlink::NftExpression;
using netlink::NftTable;
using netlink::NftType;
namespace nft = netlink::nft;
using Rule = std::vector<NftExpression>;

constexpr const char* vips = "vips";
constexpr const char* link_local_vips = "vips_link_local";
constexpr const char* link_local_vips_by_name = "vips_link_local_name";
constexpr const char* neighbour_discovery = "neighbor-discovery";
constexpr const char* vmac_map = "vmac_map";
constexpr const char* vmac_set = "vmac_set";
constexpr std::uint8_t mld2_listener_report = 143;

constexpr std::array families{Family::IPv4, Family::IPv6};

// ---- elements ----------------------------------------------------------------------------------------------------------

struct Elements {
  std::vector<NftElement> everywhere, by_index, by_name, paths, vmacs;
};

Bytes joined(ByteView first, ByteView second) {
  Bytes both(first.begin(), first.end());
  both.insert(both.end(), second.begin(), second.end());
  return both;
}

Elements elements_of(Family family, const FirewallContent& content) {
  Elements elements;
  for (const DroppedAddress& dropped : content.dropped) {
    if (dropped.address.family() != family) continue;
    const ByteView address = dropped.address.bytes();
    if (dropped.interface_index != 0) {
      elements.by_index.push_back({joined(address, nft::number(dropped.interface_index))});
    } else if (!dropped.interface.empty()) {
      elements.by_name.push_back({joined(address, nft::name(dropped.interface))});
    } else {
      elements.everywhere.push_back({Bytes(address.begin(), address.end())});
    }
  }
  for (const VmacPath& path : content.vmacs) {
    if (path.family != family) continue;
    elements.paths.push_back({nft::number(path.vmac_index), nft::number(path.base_index)});
    if (family == Family::IPv6) elements.vmacs.push_back({nft::number(path.vmac_index)});
  }
  return elements;
}

template <class Put>
void each_set(const Elements& elements, Put put) {
  put(vips, elements.everywhere);
  put(link_local_vips, elements.by_index);
  put(link_local_vips_by_name, elements.by_name);
  put(vmac_map, elements.paths);
  put(vmac_set, elements.vmacs);
}

// ---- rules -------------------------------------------------------------------------------------------------------------

enum class Way { In, Out };
struct Direction {
  Way way;
  const char* chain;
  const char* link_local_chain;
  netlink::NftHook hook;
};
constexpr std::array directions{Direction{Way::In, "in", "in_link_local", netlink::NftHook::Input},
                                Direction{Way::Out, "out", "out_link_local", netlink::NftHook::Output}};

class Table {
 public:
  Table(NftBatch& batch, NftTable table, const MakeFirewall& what)
      : batch_(batch), table_(std::move(table)), what_(what) {}

  void put() {
    const FirewallParts& parts = what_.parts;
    const bool v4 = table_.family == Family::IPv4;
    batch_.add_table(table_);
    if (v4 ? parts.vmacs4 : parts.vmacs6) put_vmacs();
    if (v4 ? parts.dropped4 : parts.dropped6) put_drops();
    each_set(elements_of(table_.family, what_.content),
             [&](const char* set, const std::vector<NftElement>& list) { batch_.add_elements(table_, set, list); });
  }

 private:
  void base_chain(const Direction& direction) {
    batch_.add_chain(table_, {direction.chain, direction.hook, what_.style.priority});
  }
  /// `verdict` with a counter before it where they are wanted.
  void rule(const std::string& chain, Rule matches, NftExpression verdict) {
    if (what_.style.counters) matches.push_back(nft::counter());
    matches.push_back(std::move(verdict));
    batch_.add_rule(table_, chain, matches);
  }

  // The group reports that a macvlan sends leave by the interface below: a switch would learn the virtual MAC from them.
  void put_vmacs() {
    batch_.add_set(table_, {vmac_map, {NftType::Interface}, NftType::Interface});
    base_chain(directions[1]);
    const bool v4 = table_.family == Family::IPv4;
    Rule report = v4 ? protocol_is(IPPROTO_IGMP) : icmpv6_is(mld2_listener_report);
    report.push_back(v4 ? nft::load(nft::Base::Network, 16, 4) : nft::load(nft::Base::Network, 24, 16));
    add_leaves_by_macvlan(report);
    report.push_back(nft::lookup(vmac_map, 2, 2));
    report.push_back(nft::duplicate());
    rule("out", std::move(report), nft::drop());
    if (v4) return;
    batch_.add_set(table_, {vmac_set, {NftType::Interface}});
    Rule solicit = icmpv6_is(ND_ROUTER_SOLICIT);
    add_leaves_by_macvlan(solicit);
    solicit.push_back(nft::lookup(vmac_set, 2));
    rule("out", std::move(solicit), nft::drop());
  }
  static Rule protocol_is(std::uint8_t protocol) {
    return {nft::load(nft::Base::Network, 9, 1), nft::equals(Bytes{protocol})};
  }
  static Rule icmpv6_is(std::uint8_t type) {
    return {nft::load(nft::Meta::Protocol, 1), nft::equals(Bytes{IPPROTO_ICMPV6}),
            nft::load(nft::Base::Transport, 0, 1), nft::equals(Bytes{type})};
  }
  static void add_leaves_by_macvlan(Rule& rule) {
    rule.push_back(nft::load(nft::Meta::OutKind, 2));
    rule.push_back(nft::equals(nft::name("macvlan"), 2));
    rule.push_back(nft::load(nft::Meta::Out, 2));
  }

  void put_drops() {
    const bool v4 = table_.family == Family::IPv4;
    batch_.add_set(table_, {vips, {v4 ? NftType::Ipv4 : NftType::Ipv6}});
    if (!v4) put_sets_of_ipv6();
    for (const Direction& direction : directions) {
      base_chain(direction);
      if (!v4) put_before_ipv6(direction);
      rule(direction.chain, {address(direction), nft::lookup(vips)}, nft::drop());
    }
  }
  bool any_link_local() const { return what_.parts.link_local || what_.parts.link_local_by_name; }
  void put_sets_of_ipv6() {
    batch_.add_set(table_, {neighbour_discovery, {NftType::Icmpv6Type}, {}, true});
    batch_.add_elements(table_, neighbour_discovery, {{Bytes{ND_NEIGHBOR_SOLICIT}}, {Bytes{ND_NEIGHBOR_ADVERT}}});
    if (what_.parts.link_local) batch_.add_set(table_, {link_local_vips, {NftType::Ipv6, NftType::Interface}});
    if (what_.parts.link_local_by_name)
      batch_.add_set(table_, {link_local_vips_by_name, {NftType::Ipv6, NftType::InterfaceName}});
  }
  void put_before_ipv6(const Direction& direction) {
    Rule neighbours{nft::load(nft::Meta::Protocol, 1), nft::equals(Bytes{IPPROTO_ICMPV6}),
                    nft::load(nft::Base::Transport, 0, 1), nft::lookup(neighbour_discovery)};
    rule(direction.chain, std::move(neighbours), nft::accept());
    if (!any_link_local()) return;
    put_link_local_chain(direction);
    Bytes prefix(16, 0);
    Bytes ten_bits(16, 0);
    prefix[0] = 0xfe;
    prefix[1] = 0x80;
    ten_bits[0] = 0xff;
    ten_bits[1] = 0xc0;
    rule(direction.chain, {address(direction), nft::mask(ten_bits), nft::equals(prefix)},
         nft::go_to(direction.link_local_chain));
  }
  void put_link_local_chain(const Direction& direction) {
    const bool in = direction.way == Way::In;
    batch_.add_chain(table_, {direction.link_local_chain});
    if (what_.parts.link_local_by_name) {
      const auto name = nft::load(in ? nft::Meta::InName : nft::Meta::OutName, 2);
      rule(direction.link_local_chain, {address(direction), name, nft::lookup(link_local_vips_by_name)}, nft::drop());
    }
    if (what_.parts.link_local) {
      const auto index = nft::load(in ? nft::Meta::In : nft::Meta::Out, 2);
      rule(direction.link_local_chain, {address(direction), index, nft::lookup(link_local_vips)}, nft::drop());
    }
  }
  /// Where it goes to, or comes from.
  NftExpression address(const Direction& direction) const {
    const bool in = direction.way == Way::In;
    if (table_.family == Family::IPv4) return nft::load(nft::Base::Network, in ? 16 : 12, 4);
    return nft::load(nft::Base::Network, in ? 24 : 8, 16);
  }

  NftBatch& batch_;
  NftTable table_;
  const MakeFirewall& what_;
};

bool has_parts(Family family, const FirewallParts& parts) {
  return family == Family::IPv4 ? parts.vmacs4 || parts.dropped4 : parts.vmacs6 || parts.dropped6;
}

}  // namespace

void put_table(NftBatch& batch, const MakeFirewall& what, const std::string& comment) {
  put_removal(batch, what.style.table);
  for (const Family family : families) {
    if (has_parts(family, what.parts)) Table(batch, {family, what.style.table, comment}, what).put();
  }
}

void put_change(NftBatch& batch, const std::string& table, const ChangeFirewall& what) {
  for (const Family family : families) {
    const NftTable of{family, table, {}};
    each_set(elements_of(family, what.add),
             [&](const char* set, const std::vector<NftElement>& list) { batch.add_elements(of, set, list); });
    each_set(elements_of(family, what.remove),
             [&](const char* set, const std::vector<NftElement>& list) { batch.remove_elements(of, set, list); });
  }
}

/// Adding first: what is not there cannot be removed.
void put_removal(NftBatch& batch, const std::string& table) {
  for (const Family family : families) {
    batch.add_table({family, table, {}});
    batch.remove_table({family, table, {}});
  }
}

}  // namespace holdfast::vrrp
