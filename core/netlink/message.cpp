#include "core/netlink/message.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <memory>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "core/base/assert.h"
#include "core/netlink/attributes.h"
#include "core/netlink/builder.h"
#include "core/netlink/route_message.h"
#include "core/netlink/rule_message.h"

namespace holdfast::netlink {

namespace {

constexpr int ifa_proto = 11;  // IFA_PROTO, absent from older headers

// ---- building ----------------------------------------------------------------------------------------------------------

ifaddrmsg address_header(const AddressSpec& address) {
  ifaddrmsg header{};
  header.ifa_family = address.prefix.address.is_v4() ? AF_INET : AF_INET6;
  header.ifa_prefixlen = static_cast<std::uint8_t>(address.peer ? address.peer->length : address.prefix.length);
  header.ifa_flags = static_cast<std::uint8_t>(address.flags);
  header.ifa_scope = address.scope;
  header.ifa_index = address.interface_index;
  return header;
}

void put_identity(Builder& builder, const AddressSpec& address) {
  builder.header(address_header(address));
  builder.put(IFA_LOCAL, address.prefix.address.bytes());
  builder.put(IFA_ADDRESS, (address.peer ? address.peer->address : address.prefix.address).bytes());
}

Bytes dump(int type, std::uint32_t sequence) {
  Builder builder(type, NLM_F_DUMP, sequence);
  if (type == RTM_GETLINK) {
    builder.header(ifinfomsg{});
  } else {
    builder.header(ifaddrmsg{});
  }
  return builder.take();
}

// ---- parsing -----------------------------------------------------------------------------------------------------------

using Body = decltype(Received::body);

// Only the attributes up to IFA_FLAGS (8) are of interest; libnl leaves out what is beyond `last`.
struct Attributes {
  static constexpr int last = IFA_FLAGS;
  std::array<nlattr*, last + 1> table{};

  bool parse(nlmsghdr* header, int fixed) { return nlmsg_parse(header, fixed, table.data(), last, nullptr) >= 0; }
  ByteView bytes(int type) const {
    const nlattr* attribute = table[static_cast<std::size_t>(type)];
    if (attribute == nullptr) return {};
    return {static_cast<const std::uint8_t*>(nla_data(attribute)), static_cast<std::size_t>(nla_len(attribute))};
  }
  std::optional<std::uint32_t> u32(int type) const {
    const ByteView value = bytes(type);
    std::uint32_t number = 0;
    if (value.size() != sizeof number) return std::nullopt;
    std::memcpy(&number, value.data(), sizeof number);
    return number;
  }
  std::string text(int type) const {
    const ByteView value = bytes(type);
    return {value.begin(), std::find(value.begin(), value.end(), std::uint8_t{0})};
  }
};

/// 0 for links that are no VRF.
std::uint32_t vrf_table(nlmsghdr* header) {
  AttributeTable<IFLA_LINKINFO> link;
  AttributeTable<IFLA_INFO_DATA> information;
  AttributeTable<IFLA_VRF_TABLE> vrf;
  if (!link.parse(header, sizeof(ifinfomsg)) || !information.parse(link.bytes(IFLA_LINKINFO))) return 0;
  if (information.text(IFLA_INFO_KIND) != "vrf" || !vrf.parse(information.bytes(IFLA_INFO_DATA))) return 0;
  return vrf.number<std::uint32_t>(IFLA_VRF_TABLE).value_or(0);
}

std::optional<Body> parse_link(nlmsghdr* header) {
  if (nlmsg_datalen(header) < static_cast<int>(sizeof(ifinfomsg))) return std::nullopt;
  ifinfomsg information{};
  std::memcpy(&information, nlmsg_data(header), sizeof information);
  if (information.ifi_family != AF_UNSPEC) return OtherMessage{};  // a bridge port left its bridge; the link lives on
  Attributes attributes;
  if (!attributes.parse(header, sizeof information) || information.ifi_index <= 0) return std::nullopt;
  LinkMessage link;
  link.removed = header->nlmsg_type == RTM_DELLINK;
  link.index = static_cast<std::uint32_t>(information.ifi_index);
  link.name = attributes.text(IFLA_IFNAME);
  link.flags = information.ifi_flags;
  link.loopback = information.ifi_type == ARPHRD_LOOPBACK;
  link.mtu = attributes.u32(IFLA_MTU).value_or(0);
  link.vrf_table = vrf_table(header);
  const ByteView mac = attributes.bytes(IFLA_ADDRESS);
  if (mac.size() == link.mac.octets.size()) std::copy(mac.begin(), mac.end(), link.mac.octets.begin());
  link.details = link_details(header);
  return link;
}

std::optional<Body> parse_address(nlmsghdr* header) {
  if (nlmsg_datalen(header) < static_cast<int>(sizeof(ifaddrmsg))) return std::nullopt;
  ifaddrmsg information{};
  std::memcpy(&information, nlmsg_data(header), sizeof information);
  if (information.ifa_family != AF_INET && information.ifa_family != AF_INET6) return OtherMessage{};
  Attributes attributes;
  if (!attributes.parse(header, sizeof information)) return std::nullopt;
  // With a peer IFA_LOCAL is ours and IFA_ADDRESS the peer's; IPv6 without one has IFA_ADDRESS only (rtnetlink(7)).
  const auto local = IpAddress::from_bytes(attributes.bytes(IFA_LOCAL));
  const auto address = IpAddress::from_bytes(attributes.bytes(IFA_ADDRESS));
  const auto ours = local ? local : address;
  const Family family = information.ifa_family == AF_INET ? Family::IPv4 : Family::IPv6;
  if (!ours || ours->family() != family || (address && address->family() != family)) return std::nullopt;
  if (information.ifa_prefixlen > ours->max_prefix_length()) return std::nullopt;
  AddressMessage result;
  result.removed = header->nlmsg_type == RTM_DELADDR;
  result.interface_index = information.ifa_index;
  result.prefix = {*ours, information.ifa_prefixlen};
  if (address && *address != *ours) result.peer = address;
  result.scope = information.ifa_scope;
  result.flags = attributes.u32(IFA_FLAGS).value_or(information.ifa_flags);
  result.label = attributes.text(IFA_LABEL);
  return result;
}

std::optional<Body> parse_acknowledgement(nlmsghdr* header) {
  if (nlmsg_datalen(header) < static_cast<int>(sizeof(int))) return std::nullopt;
  int error = 0;
  std::memcpy(&error, nlmsg_data(header), sizeof error);
  return Acknowledgement{-error};
}

Body parse_dump_end(nlmsghdr* header) {
  int error = 0;
  if (nlmsg_datalen(header) >= static_cast<int>(sizeof error)) std::memcpy(&error, nlmsg_data(header), sizeof error);
  return DumpEnd{-error};
}

/// Malformed, none of our business, or a fact.
template <class Fact>
std::optional<Body> body_of(std::optional<std::optional<Fact>> parsed) {
  if (!parsed) return std::nullopt;
  if (!*parsed) return OtherMessage{};
  return **std::move(parsed);
}

std::optional<Body> parse_body(nlmsghdr* header) {
  switch (header->nlmsg_type) {
    case NLMSG_ERROR:
      return parse_acknowledgement(header);
    case NLMSG_DONE:
      return parse_dump_end(header);
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return parse_link(header);
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return parse_address(header);
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return body_of(parse_route(header));
    case RTM_NEWRULE:
    case RTM_DELRULE:
      return body_of(parse_rule(header));
    default:
      return OtherMessage{};
  }
}

}  // namespace

Bytes add_address(const AddressSpec& address, std::uint32_t sequence) {
  Builder builder(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, sequence);
  put_identity(builder, address);
  if (address.broadcast) builder.put(IFA_BROADCAST, address.broadcast->bytes());
  if (!address.label.empty()) builder.put_text(IFA_LABEL, address.label);
  if (address.flags > 0xff) builder.put_u32(IFA_FLAGS, address.flags);
  if (address.preferred_s != forever_s || address.valid_s != forever_s) {
    const ifa_cacheinfo lifetimes{address.preferred_s, address.valid_s, 0, 0};
    builder.put(IFA_CACHEINFO, {reinterpret_cast<const std::uint8_t*>(&lifetimes), sizeof lifetimes});
  }
  if (address.protocol != 0) builder.put_u8(ifa_proto, address.protocol);
  return builder.take();
}

Bytes remove_address(const AddressSpec& address, std::uint32_t sequence) {
  Builder builder(RTM_DELADDR, NLM_F_ACK, sequence);
  put_identity(builder, address);
  return builder.take();
}

Bytes remove_local_address(std::uint32_t interface_index, const IpPrefix& prefix, std::uint32_t sequence) {
  Builder builder(RTM_DELADDR, NLM_F_ACK, sequence);
  AddressSpec address;
  address.interface_index = interface_index;
  address.prefix = prefix;
  builder.header(address_header(address));
  builder.put(IFA_LOCAL, prefix.address.bytes());
  return builder.take();
}

Bytes dump_links(std::uint32_t sequence) {
  return dump(RTM_GETLINK, sequence);
}

Bytes dump_addresses(std::uint32_t sequence) {
  return dump(RTM_GETADDR, sequence);
}

ReceivedBatch parse(ByteView datagram) {
  ReceivedBatch batch;
  // libnl wants writable memory, aligned; it writes nothing.
  auto* header = reinterpret_cast<nlmsghdr*>(const_cast<std::uint8_t*>(datagram.data()));
  int remaining = static_cast<int>(datagram.size());
  for (; nlmsg_ok(header, remaining); header = nlmsg_next(header, &remaining)) {
    if (auto body = parse_body(header)) {
      batch.messages.push_back({header->nlmsg_seq, (header->nlmsg_flags & NLM_F_DUMP_INTR) != 0, std::move(*body)});
    } else {
      ++batch.malformed;
    }
  }
  if (remaining > 0) ++batch.malformed;
  return batch;
}

}  // namespace holdfast::netlink
