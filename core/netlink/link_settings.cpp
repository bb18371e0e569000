#include "core/netlink/link_settings.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <memory>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string_view>
#include <sys/socket.h>

#include "core/base/assert.h"

namespace holdfast::netlink {

namespace {

constexpr std::string_view macvlan_kind = "macvlan";
constexpr std::string_view ipvlan_kind = "ipvlan";
constexpr std::size_t longest_kind = 63;
constexpr int inet6_addr_gen_mode = 8;  // IFLA_INET6_ADDR_GEN_MODE, absent from older headers

struct Setting {
  int number;  ///< IPV4_DEVCONF_*
  std::optional<std::uint32_t> Ipv4LinkSettings::*member;
};
constexpr std::array<Setting, 6> kSettings{
    {{IPV4_DEVCONF_ARP_IGNORE, &Ipv4LinkSettings::arp_ignore},
     {IPV4_DEVCONF_ARPFILTER, &Ipv4LinkSettings::arp_filter},
     {IPV4_DEVCONF_ARP_ANNOUNCE, &Ipv4LinkSettings::arp_announce},
     {IPV4_DEVCONF_RP_FILTER, &Ipv4LinkSettings::rp_filter},
     {IPV4_DEVCONF_ACCEPT_LOCAL, &Ipv4LinkSettings::accept_local},
     {IPV4_DEVCONF_PROMOTE_SECONDARIES, &Ipv4LinkSettings::promote_secondaries}}};

// ---- building ----------------------------------------------------------------------------------------------------------

class LinkBuilder {
 public:
  LinkBuilder(int type, int flags, std::uint32_t index, std::uint32_t sequence, unsigned link_flags = 0,
              unsigned changed = 0)
      : message_(nlmsg_alloc_simple(type, flags | NLM_F_REQUEST | NLM_F_ACK), nlmsg_free) {
    ASSERT(message_ != nullptr);
    nlmsg_hdr(message_.get())->nlmsg_seq = sequence;
    ifinfomsg header{};
    header.ifi_index = static_cast<int>(index);
    header.ifi_flags = link_flags;
    header.ifi_change = changed;
    ASSERT(nlmsg_append(message_.get(), &header, sizeof header, NLMSG_ALIGNTO) == 0);
  }
  void text(int type, std::string_view value) {
    ASSERT(nla_put_string(message_.get(), type, std::string(value).c_str()) == 0);
  }
  void u32(int type, std::uint32_t value) { ASSERT(nla_put_u32(message_.get(), type, value) == 0); }
  void u16(int type, std::uint16_t value) { ASSERT(nla_put_u16(message_.get(), type, value) == 0); }
  void u8(int type, std::uint8_t value) { ASSERT(nla_put_u8(message_.get(), type, value) == 0); }
  void bytes(int type, ByteView value) {
    ASSERT(nla_put(message_.get(), type, static_cast<int>(value.size()), value.data()) == 0);
  }
  template <class Fill>
  void nest(int type, Fill fill) {
    nlattr* nested = nla_nest_start(message_.get(), type);
    ASSERT(nested != nullptr);
    fill();
    nla_nest_end(message_.get(), nested);
  }
  Bytes take() const {
    const nlmsghdr* header = nlmsg_hdr(message_.get());
    const auto* first = reinterpret_cast<const std::uint8_t*>(header);
    Bytes bytes(first, first + header->nlmsg_len);
    bytes.resize(NLMSG_ALIGN(header->nlmsg_len));
    return bytes;
  }

 private:
  std::unique_ptr<nl_msg, decltype(&nlmsg_free)> message_;
};

// ---- reading -----------------------------------------------------------------------------------------------------------

ByteView bytes_of(const nlattr* attribute) {
  if (attribute == nullptr) return {};
  return {static_cast<const std::uint8_t*>(nla_data(attribute)), static_cast<std::size_t>(nla_len(attribute))};
}

template <class T>
std::optional<T> number_in(ByteView value, std::size_t at = 0) {
  T number{};
  if (value.size() < at + sizeof number) return std::nullopt;
  std::memcpy(&number, value.data() + at, sizeof number);
  return number;
}

/// The attribute of this type among those in `value`; libnl checks every length.
const nlattr* attribute_in(ByteView value, int type) {
  return nla_find(reinterpret_cast<const nlattr*>(value.data()), static_cast<int>(value.size()), type);
}

void read_ipvlan(ByteView data, LinkDetails& details) {
  if (number_in<std::uint16_t>(bytes_of(attribute_in(data, IFLA_IPVLAN_MODE))) != IPVLAN_MODE_L2) return;
  // kernels before 4.15 tell none
  details.ipvlan_flags = number_in<std::uint16_t>(bytes_of(attribute_in(data, IFLA_IPVLAN_FLAGS))).value_or(0);
}

void read_kind(ByteView information, LinkDetails& details) {
  const ByteView kind = bytes_of(attribute_in(information, IFLA_INFO_KIND));
  const std::string_view word(reinterpret_cast<const char*>(kind.data()), kind.size());
  details.kind = word.substr(0, std::min(word.find('\0'), longest_kind));
  details.macvlan = details.kind == macvlan_kind;
  details.ipvlan = details.kind == ipvlan_kind;
  if (!details.macvlan && !details.ipvlan) return;
  const ByteView data = bytes_of(attribute_in(information, IFLA_INFO_DATA));
  if (details.ipvlan) return read_ipvlan(data, details);
  details.private_mode =
      number_in<std::uint32_t>(bytes_of(attribute_in(data, IFLA_MACVLAN_MODE))) == MACVLAN_MODE_PRIVATE;
}

/// IFLA_INET_CONF as the kernel tells it is an array that begins with number 1.
void read_ipv4(ByteView family, Ipv4LinkSettings& settings) {
  const ByteView values = bytes_of(attribute_in(family, IFLA_INET_CONF));
  for (const Setting& setting : kSettings) {
    settings.*setting.member = number_in<std::uint32_t>(values, static_cast<std::size_t>(setting.number - 1) * 4);
  }
}

}  // namespace

Bytes make_macvlan(const MacvlanSpec& spec, std::uint32_t sequence) {
  LinkBuilder builder(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, sequence);
  builder.text(IFLA_IFNAME, spec.name);
  builder.u32(IFLA_LINK, spec.below);
  builder.bytes(IFLA_ADDRESS, spec.mac.octets);
  if (spec.group) builder.u32(IFLA_GROUP, *spec.group);
  if (spec.master != 0) builder.u32(IFLA_MASTER, spec.master);
  builder.nest(IFLA_LINKINFO, [&] {
    builder.text(IFLA_INFO_KIND, macvlan_kind);
    builder.nest(IFLA_INFO_DATA, [&] { builder.u32(IFLA_MACVLAN_MODE, MACVLAN_MODE_PRIVATE); });
  });
  return builder.take();
}

Bytes make_ipvlan(const IpvlanSpec& spec, std::uint32_t sequence) {
  LinkBuilder builder(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, sequence);
  builder.text(IFLA_IFNAME, spec.name);
  builder.u32(IFLA_LINK, spec.below);
  if (spec.group) builder.u32(IFLA_GROUP, *spec.group);
  if (spec.master != 0) builder.u32(IFLA_MASTER, spec.master);
  builder.nest(IFLA_LINKINFO, [&] {
    builder.text(IFLA_INFO_KIND, ipvlan_kind);
    builder.nest(IFLA_INFO_DATA, [&] {
      builder.u16(IFLA_IPVLAN_MODE, IPVLAN_MODE_L2);
      builder.u16(IFLA_IPVLAN_FLAGS, spec.flags);
    });
  });
  return builder.take();
}

Bytes set_link_group(std::uint32_t index, std::uint32_t group, std::uint32_t sequence) {
  LinkBuilder builder(RTM_NEWLINK, 0, index, sequence);
  builder.u32(IFLA_GROUP, group);
  return builder.take();
}

Bytes set_link_master(std::uint32_t index, std::uint32_t master, std::uint32_t sequence) {
  LinkBuilder builder(RTM_NEWLINK, 0, index, sequence);
  builder.u32(IFLA_MASTER, master);
  return builder.take();
}

Bytes set_link_up(std::uint32_t index, bool up, std::uint32_t sequence) {
  return LinkBuilder(RTM_NEWLINK, 0, index, sequence, up ? unsigned{IFF_UP} : 0U, IFF_UP).take();
}

Bytes set_ipv4_settings(std::uint32_t index, const Ipv4LinkSettings& settings, std::uint32_t sequence) {
  LinkBuilder builder(RTM_NEWLINK, 0, index, sequence);
  builder.nest(IFLA_AF_SPEC, [&] {
    builder.nest(AF_INET, [&] {
      builder.nest(IFLA_INET_CONF, [&] {
        for (const Setting& setting : kSettings) {
          if (const auto value = settings.*setting.member) builder.u32(setting.number, *value);
        }
      });
    });
  });
  return builder.take();
}

Bytes set_addr_gen_mode(std::uint32_t index, std::uint8_t mode, std::uint32_t sequence) {
  LinkBuilder builder(RTM_NEWLINK, 0, index, sequence);
  builder.nest(IFLA_AF_SPEC, [&] { builder.nest(AF_INET6, [&] { builder.u8(inet6_addr_gen_mode, mode); }); });
  return builder.take();
}

Bytes remove_link(std::uint32_t index, std::uint32_t sequence) {
  return LinkBuilder(RTM_DELLINK, 0, index, sequence).take();
}

LinkDetails link_details(const nlmsghdr* header) {
  LinkDetails details;
  const auto find = [header](int type) {
    return bytes_of(nlmsg_find_attr(const_cast<nlmsghdr*>(header), sizeof(ifinfomsg), type));
  };
  const bool elsewhere = !find(IFLA_LINK_NETNSID).empty();
  details.below = elsewhere ? 0 : number_in<std::uint32_t>(find(IFLA_LINK)).value_or(0);
  details.master = number_in<std::uint32_t>(find(IFLA_MASTER)).value_or(0);
  details.group = number_in<std::uint32_t>(find(IFLA_GROUP)).value_or(0);
  read_kind(find(IFLA_LINKINFO), details);
  const ByteView families = find(IFLA_AF_SPEC);
  read_ipv4(bytes_of(attribute_in(families, AF_INET)), details.ipv4);
  details.addr_gen_mode =
      number_in<std::uint8_t>(bytes_of(attribute_in(bytes_of(attribute_in(families, AF_INET6)), inet6_addr_gen_mode)));
  return details;
}

}  // namespace holdfast::netlink
