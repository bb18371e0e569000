// rtnetlink messages as plain values: what we ask for is built, what the kernel says is parsed, and nobody else looks at raw
// attributes. Every length is checked; a message that does not fit its own header is dropped. Only this folder sees libnl.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/base/routing.h"
#include "core/netlink/link_settings.h"

namespace holdfast::netlink {

// ---- requests ----------------------------------------------------------------------------------------------------------

inline constexpr std::uint32_t forever_s = 0xffffffff;  ///< INFINITY_LIFE_TIME

/// An address as `ip address add` would describe it.
struct AddressSpec {
  std::uint32_t interface_index = 0;
  IpPrefix prefix;
  std::optional<IpPrefix> peer;        ///< its length replaces that of `prefix`
  std::uint8_t scope = 0;              ///< RT_SCOPE_*
  std::optional<IpAddress> broadcast;  ///< IPv4
  std::string label;                   ///< IPv4, up to 15 octets
  std::uint32_t flags = 0;             ///< IFA_F_*
  std::uint32_t preferred_s = forever_s;
  std::uint32_t valid_s = forever_s;
  std::uint8_t protocol = 0;  ///< IFA_PROTO, which kernels before 5.18 ignore; 0 = none
  bool operator==(const AddressSpec&) const = default;
};

/// Adds, or gives new lifetimes to one that is there (NLM_F_CREATE | NLM_F_REPLACE), and asks for an acknowledgement.
Bytes add_address(const AddressSpec& address, std::uint32_t sequence);
/// Only interface, prefix and peer matter.
Bytes remove_address(const AddressSpec& address, std::uint32_t sequence);
/// By interface and local address; for IPv4 whatever its prefix and peer are, for IPv6 with exactly this prefix length.
Bytes remove_local_address(std::uint32_t interface_index, const IpPrefix& prefix, std::uint32_t sequence);
/// All links.
Bytes dump_links(std::uint32_t sequence);
/// All addresses of both families.
Bytes dump_addresses(std::uint32_t sequence);

// ---- what the kernel says ----------------------------------------------------------------------------------------------

struct LinkMessage {
  bool removed = false;
  std::uint32_t index = 0;
  std::string name;
  std::uint32_t flags = 0;  ///< IFF_*
  bool loopback = false;
  MacAddress mac;  ///< zero when the link has none of six octets
  std::uint32_t mtu = 0;
  LinkDetails details;
  std::uint32_t vrf_table = 0;  ///< of a VRF; 0 = it is none
  bool operator==(const LinkMessage&) const = default;
};

struct AddressMessage {
  bool removed = false;
  std::uint32_t interface_index = 0;
  IpPrefix prefix;                ///< the local address
  std::optional<IpAddress> peer;  ///< when it differs from the local one
  std::uint8_t scope = 0;
  std::uint32_t flags = 0;  ///< IFA_F_*
  std::string label;
  bool operator==(const AddressMessage&) const = default;
};

/// A route of IPv4 or IPv6, without encapsulation and metrics.
struct RouteMessage {
  bool removed = false;
  bool replaced = false;  ///< it took the place of another with its destination
  RouteSpec route;
  bool operator==(const RouteMessage&) const = default;
};

struct RuleMessage {
  bool removed = false;
  RuleSpec rule;
  bool operator==(const RuleMessage&) const = default;
};

/// Answer to a request; `error` is an errno, 0 = done.
struct Acknowledgement {
  int error = 0;
  bool operator==(const Acknowledgement&) const = default;
};

/// End of a dump; `error` is an errno.
struct DumpEnd {
  int error = 0;
  bool operator==(const DumpEnd&) const = default;
};

/// Well-formed, and none of our business.
struct OtherMessage {
  bool operator==(const OtherMessage&) const = default;
};

struct Received {
  std::uint32_t sequence = 0;
  bool interrupted = false;  ///< NLM_F_DUMP_INTR: the dump is not of one moment
  std::variant<LinkMessage, AddressMessage, RouteMessage, RuleMessage, Acknowledgement, DumpEnd, OtherMessage> body;
};

struct ReceivedBatch {
  std::vector<Received> messages;
  unsigned malformed = 0;  ///< messages dropped
};

/// All messages of one datagram.
ReceivedBatch parse(ByteView datagram);

}  // namespace holdfast::netlink
