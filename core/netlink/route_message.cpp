#include "core/netlink/route_message.h"

#include <linux/ila.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>

#include "core/netlink/attributes.h"
#include "core/netlink/builder.h"

namespace holdfast::netlink {

namespace {

constexpr std::size_t kRoom = 4096, kRoomOfHop = 384;

// ---- building ----------------------------------------------------------------------------------------------------------

int flags_of(RouteAdd how) {
  switch (how) {
    case RouteAdd::Append:
      return NLM_F_CREATE | NLM_F_APPEND;
    case RouteAdd::Exclusive:
      return NLM_F_CREATE | NLM_F_EXCL;
    case RouteAdd::Replace:
      return NLM_F_CREATE | NLM_F_REPLACE;
    case RouteAdd::Prepend:
      break;
  }
  return NLM_F_CREATE;
}

rtmsg header_of(const RouteSpec& route) {
  rtmsg header{};
  header.rtm_family = route.family() == Family::IPv4 ? AF_INET : AF_INET6;
  header.rtm_dst_len = static_cast<unsigned char>(route.destination.length);
  if (route.from) header.rtm_src_len = static_cast<unsigned char>(route.from->length);
  header.rtm_tos = route.tos;
  header.rtm_table = static_cast<unsigned char>(route.table < 256 ? route.table : 0);
  header.rtm_protocol = route.protocol;
  header.rtm_scope = route.scope;
  header.rtm_type = route.type;
  if (route.hops.size() == 1 && route.hops.front().onlink) header.rtm_flags = RTNH_F_ONLINK;
  return header;
}

std::uint16_t encapsulation_type(Encapsulation::Kind kind) {
  switch (kind) {
    case Encapsulation::Kind::Mpls:
      return LWTUNNEL_ENCAP_MPLS;
    case Encapsulation::Kind::Ip:
      return LWTUNNEL_ENCAP_IP;
    case Encapsulation::Kind::Ip6:
      return LWTUNNEL_ENCAP_IP6;
    case Encapsulation::Kind::Ila:
      return LWTUNNEL_ENCAP_ILA;
    case Encapsulation::Kind::None:
      break;
  }
  return LWTUNNEL_ENCAP_NONE;
}

/// RFC 3032 §2.1: label, no traffic class, bottom of the stack, no time to live.
Bytes label_stack(const std::vector<std::uint32_t>& labels) {
  ByteWriter octets;
  for (const std::uint32_t& label : labels) octets.u32(label << 12 | (&label == &labels.back() ? 0x100U : 0U));
  return octets.take();
}

static_assert(int{LWTUNNEL_IP_ID} == LWTUNNEL_IP6_ID && int{LWTUNNEL_IP_DST} == LWTUNNEL_IP6_DST &&
              int{LWTUNNEL_IP_SRC} == LWTUNNEL_IP6_SRC && int{LWTUNNEL_IP_TTL} == LWTUNNEL_IP6_HOPLIMIT &&
              int{LWTUNNEL_IP_TOS} == LWTUNNEL_IP6_TC && int{LWTUNNEL_IP_FLAGS} == LWTUNNEL_IP6_FLAGS);

void put_tunnel(Builder& builder, const Encapsulation& tunnel) {
  if (tunnel.id) builder.put_big_u64(LWTUNNEL_IP_ID, *tunnel.id);
  if (tunnel.destination) builder.put(LWTUNNEL_IP_DST, tunnel.destination->bytes());
  if (tunnel.source) builder.put(LWTUNNEL_IP_SRC, tunnel.source->bytes());
  if (tunnel.ttl) builder.put_u8(LWTUNNEL_IP_TTL, *tunnel.ttl);
  if (tunnel.tos) builder.put_u8(LWTUNNEL_IP_TOS, *tunnel.tos);
  if (tunnel.flags) {
    ByteWriter octets;
    octets.u16(*tunnel.flags);
    builder.put(LWTUNNEL_IP_FLAGS, octets.bytes());
  }
}

void put_encapsulation(Builder& builder, const Encapsulation& wrap) {
  if (wrap.kind == Encapsulation::Kind::None) return;
  builder.nest(RTA_ENCAP, [&] {
    if (wrap.kind == Encapsulation::Kind::Mpls)
      builder.put(MPLS_IPTUNNEL_DST, label_stack(wrap.labels));
    else if (wrap.kind == Encapsulation::Kind::Ila)
      builder.put_big_u64(ILA_ATTR_LOCATOR, wrap.locator);
    else
      put_tunnel(builder, wrap);
  });
  builder.put_u16(RTA_ENCAP_TYPE, encapsulation_type(wrap.kind));
}

/// What one hop and each of several have in common.
void put_way(Builder& builder, const RouteHop& hop) {
  if (hop.gateway) builder.put(RTA_GATEWAY, hop.gateway->bytes());
  if (hop.realms) builder.put_u32(RTA_FLOW, *hop.realms);
  put_encapsulation(builder, hop.encapsulation);
}

void put_hops(Builder& builder, const std::vector<RouteHop>& hops) {
  if (hops.size() == 1) {
    if (hops.front().interface_index != 0) builder.put_u32(RTA_OIF, hops.front().interface_index);
    return put_way(builder, hops.front());
  }
  if (hops.empty()) return;
  builder.nest(RTA_MULTIPATH, [&] {
    for (const RouteHop& hop : hops) {
      rtnexthop header{};
      header.rtnh_flags = hop.onlink ? RTNH_F_ONLINK : 0;
      header.rtnh_hops = static_cast<unsigned char>(hop.weight - 1);
      header.rtnh_ifindex = static_cast<int>(hop.interface_index);
      builder.hop(header, [&] { put_way(builder, hop); });
    }
  });
}

void put_metrics(Builder& builder, const RouteMetrics& metrics) {
  if (metrics.empty()) return;
  builder.nest(RTA_METRICS, [&] {
    if (metrics.locked != 0) builder.put_u32(RTAX_LOCK, metrics.locked);
    for (const auto& [number, value] : metrics.values) builder.put_u32(number, value);
    if (!metrics.congestion_control.empty()) builder.put_text(RTAX_CC_ALGO, metrics.congestion_control);
  });
}

void put_route(Builder& builder, const RouteSpec& route) {
  builder.header(header_of(route));
  builder.put_u32(RTA_TABLE, route.table);
  if (route.destination.length > 0) builder.put(RTA_DST, route.destination.address.bytes());
  if (route.from) builder.put(RTA_SRC, route.from->address.bytes());
  if (route.metric != 0) builder.put_u32(RTA_PRIORITY, route.metric);
  if (route.source) builder.put(RTA_PREFSRC, route.source->bytes());
  put_hops(builder, route.hops);
  put_metrics(builder, route.metrics);
}

std::size_t room_for(const RouteSpec& route) {
  return kRoom + route.hops.size() * kRoomOfHop;
}

// ---- parsing -----------------------------------------------------------------------------------------------------------

using RouteAttributes = AttributeTable<RTA_ENCAP>;

std::optional<IpAddress> gateway_of(const RouteAttributes& attributes, Family family) {
  if (const auto gateway = attributes.address(RTA_GATEWAY, family)) return gateway;
  const ByteView via = attributes.bytes(RTA_VIA);  // rtvia: a family, then an address
  return via.size() > 2 ? IpAddress::from_bytes(via.subspan(2)) : std::nullopt;
}

/// False when a length is wrong.
bool parse_hops(ByteView octets, Family family, std::vector<RouteHop>& hops) {
  while (octets.size() >= sizeof(rtnexthop)) {
    rtnexthop header{};
    std::memcpy(&header, octets.data(), sizeof header);
    if (header.rtnh_len < sizeof header || header.rtnh_len > octets.size()) return false;
    RouteAttributes attributes;
    if (!attributes.parse(octets.subspan(sizeof header, header.rtnh_len - sizeof header))) return false;
    RouteHop hop;
    hop.interface_index = static_cast<std::uint32_t>(header.rtnh_ifindex);
    hop.weight = header.rtnh_hops + 1;
    hop.onlink = (header.rtnh_flags & RTNH_F_ONLINK) != 0;
    hop.gateway = gateway_of(attributes, family);
    hops.push_back(std::move(hop));
    octets = octets.subspan(std::min<std::size_t>(NLMSG_ALIGN(header.rtnh_len), octets.size()));
  }
  return octets.empty();
}

std::optional<IpPrefix> prefix_of(const RouteAttributes& attributes, int type, Family family, int length) {
  const IpAddress address = attributes.address(type, family).value_or(IpAddress::any(family));
  if (length > address.max_prefix_length() || (length > 0 && !attributes.has(type))) return std::nullopt;
  return IpPrefix{address, length};
}

}  // namespace

Bytes add_route(const RouteSpec& route, RouteAdd how, std::uint32_t sequence) {
  Builder builder(RTM_NEWROUTE, NLM_F_ACK | flags_of(how), sequence, room_for(route));
  put_route(builder, route);
  if (route.preference) builder.put_u8(RTA_PREF, *route.preference);
  if (route.expires_s) builder.put_u32(RTA_EXPIRES, *route.expires_s);
  if (route.ttl_propagate) builder.put_u8(RTA_TTL_PROPAGATE, *route.ttl_propagate);
  return builder.take();
}

Bytes remove_route(const RouteSpec& route, std::uint32_t sequence) {
  Builder builder(RTM_DELROUTE, NLM_F_ACK, sequence, room_for(route));
  put_route(builder, route);
  return builder.take();
}

Bytes dump_routes(Family family, std::uint8_t protocol, std::uint32_t sequence) {
  Builder builder(RTM_GETROUTE, NLM_F_DUMP, sequence);
  rtmsg header{};
  header.rtm_family = family == Family::IPv4 ? AF_INET : AF_INET6;
  header.rtm_protocol = protocol;
  builder.header(header);
  return builder.take();
}

std::optional<std::optional<RouteMessage>> parse_route(nlmsghdr* header) {
  if (nlmsg_datalen(header) < static_cast<int>(sizeof(rtmsg))) return std::nullopt;
  rtmsg information{};
  std::memcpy(&information, nlmsg_data(header), sizeof information);
  const bool ip = information.rtm_family == AF_INET || information.rtm_family == AF_INET6;
  if (!ip || (information.rtm_flags & RTM_F_CLONED) != 0) return std::optional<RouteMessage>();
  const Family family = information.rtm_family == AF_INET ? Family::IPv4 : Family::IPv6;
  RouteAttributes attributes;
  if (!attributes.parse(header, sizeof information)) return std::nullopt;
  RouteMessage message;
  message.removed = header->nlmsg_type == RTM_DELROUTE;
  message.replaced = !message.removed && (header->nlmsg_flags & NLM_F_REPLACE) != 0;
  RouteSpec& route = message.route;
  const auto destination = prefix_of(attributes, RTA_DST, family, information.rtm_dst_len);
  const auto from = prefix_of(attributes, RTA_SRC, family, information.rtm_src_len);
  if (!destination || !from) return std::nullopt;
  route.destination = *destination;
  if (from->length > 0) route.from = from;
  route.type = information.rtm_type;
  route.scope = information.rtm_scope;
  route.protocol = information.rtm_protocol;
  route.tos = information.rtm_tos;
  route.table = attributes.number<std::uint32_t>(RTA_TABLE).value_or(information.rtm_table);
  route.metric = attributes.number<std::uint32_t>(RTA_PRIORITY).value_or(0);
  route.source = attributes.address(RTA_PREFSRC, family);
  if (attributes.has(RTA_MULTIPATH)) {
    if (!parse_hops(attributes.bytes(RTA_MULTIPATH), family, route.hops)) return std::nullopt;
  } else if (attributes.has(RTA_OIF) || attributes.has(RTA_GATEWAY)) {
    RouteHop hop;
    hop.interface_index = attributes.number<std::uint32_t>(RTA_OIF).value_or(0);
    hop.gateway = gateway_of(attributes, family);
    hop.onlink = (information.rtm_flags & RTNH_F_ONLINK) != 0;
    route.hops.push_back(std::move(hop));
  }
  return std::optional(std::move(message));
}

}  // namespace holdfast::netlink
