#include "vrrp/io/address_spec.h"

#include <algorithm>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

namespace holdfast::vrrp {

namespace {

constexpr std::uint8_t protocol_keepalived = 18;  // RTPROT_KEEPALIVED

std::uint32_t mask_of(int length) {
  return length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
}

std::optional<IpAddress> broadcast_of(const config::VirtualAddress& entry) {
  if (!entry.prefix.address.is_v4()) return std::nullopt;
  const std::uint32_t mask = mask_of((entry.details->peer ? *entry.details->peer : entry.prefix).length);
  const std::uint32_t address = (entry.details->peer ? *entry.details->peer : entry.prefix).address.v4_value();
  switch (entry.broadcast_kind) {
    case config::Broadcast::Given:
      return entry.details->broadcast;
    case config::Broadcast::AllOnes:
      return IpAddress::v4(address | ~mask);
    case config::Broadcast::AllZeros:
      return IpAddress::v4(address & mask);
    case config::Broadcast::None:
      break;
  }
  return std::nullopt;
}

std::uint32_t flags_of(const config::VirtualAddress& entry) {
  std::uint32_t flags = 0;
  if (entry.noprefixroute) flags |= IFA_F_NOPREFIXROUTE;
  if (entry.autojoin) flags |= IFA_F_MCAUTOJOIN;
  if (entry.prefix.address.is_v4()) return flags;
  if (!entry.duplicate_address_detection) flags |= IFA_F_NODAD;
  if (entry.home) flags |= IFA_F_HOMEADDRESS;
  if (entry.mngtmpaddr) flags |= IFA_F_MANAGETEMPADDR;
  return flags;
}

std::uint8_t scope_of(const config::VirtualAddress& entry) {
  if (entry.scope) return *entry.scope;
  return entry.prefix.address.is_link_local() ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

/// Whole seconds. The kernel looks at lifetimes once a second, so it is told one less: gone within the time that was promised.
std::uint32_t valid_seconds(Duration lifetime) {
  if (lifetime <= Duration::zero()) return netlink::forever_s;
  const std::int64_t seconds = std::max<std::int64_t>((lifetime.count() + 999'999) / 1'000'000 - 1, 1);
  return static_cast<std::uint32_t>(std::min<std::int64_t>(seconds, netlink::forever_s - 1));
}

// An IPv6 /128 is deprecated from the start, so that it is never chosen as a source (behaviour.md d.10).
std::uint32_t preferred_seconds(const config::VirtualAddress& entry) {
  const bool single_v6 = !entry.prefix.address.is_v4() && entry.prefix.length == 128;
  return entry.details->preferred_lft_s.value_or(single_v6 ? 0 : netlink::forever_s);
}

}  // namespace

netlink::AddressSpec address_spec(const KernelAddress& address) {
  const config::VirtualAddress& entry = address.entry;
  netlink::AddressSpec spec;
  spec.interface_index = address.interface_index;
  spec.prefix = entry.prefix;
  if (entry.details->peer) spec.peer = *entry.details->peer;
  spec.scope = scope_of(entry);
  spec.broadcast = broadcast_of(entry);
  if (entry.prefix.address.is_v4()) spec.label = entry.details->label;
  spec.flags = flags_of(entry);
  spec.valid_s = valid_seconds(address.valid_lifetime);
  spec.preferred_s = std::min(preferred_seconds(entry), spec.valid_s);  // the kernel refuses preferred > valid
  spec.protocol = protocol_keepalived;
  return spec;
}

}  // namespace holdfast::vrrp
