// Opening a raw socket for adverts of either family, and its groups. Called by advert_socket. Absent: what is sent.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::vrrp {

/// Which adverts go through one socket.
struct RawPlace {
  std::uint32_t interface_index = 0;  ///< 0 = any
  Family family = Family::IPv4;
  std::uint8_t protocol = 112;
  IpAddress unicast;  ///< our address that adverts come to; 0.0.0.0 = multicast, whatever its group
  auto operator<=>(const RawPlace&) const = default;
};

/// Bound to the interface and, for unicast, to the address, whether this host has it now or not. What it sends is not
/// looped back. IPv4 is sent with its header; IPv6 is told the source, hop limit and interface with each message, and tells
/// them of what it receives. ENODEV when there is no such interface.
Result<UniqueFd> open_raw_socket(const RawPlace& place);

/// Leaves only adverts of these VRIDs (in order; none = all) in the kernel's queue.
void filter_vrids(int fd, const RawPlace& place, const std::vector<std::uint8_t>& vrids);

/// Octets, if need be beyond net.core.rmem_max; 0 = as it was opened with.
void size_receive_buffer(int fd, std::uint32_t octets);

Status join_group(int fd, std::uint32_t interface_index, const IpAddress& group);
void leave_group(int fd, std::uint32_t interface_index, const IpAddress& group);

}  // namespace holdfast::vrrp
