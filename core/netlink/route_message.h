// Routes ↔ rtnetlink: each option of a route as an attribute, and what of a route the kernel tells that it is known again by.
#pragma once

#include <optional>

#include "core/netlink/message.h"

struct nlmsghdr;

namespace holdfast::netlink {

/// What happens when there is a route with the same destination, table and metric.
enum class RouteAdd : std::uint8_t { Prepend, Append, Exclusive, Replace };

/// Asks for an acknowledgement. At most 128 hops.
Bytes add_route(const RouteSpec& route, RouteAdd how, std::uint32_t sequence);
/// Exactly this one: EINVAL or ESRCH when it is gone.
Bytes remove_route(const RouteSpec& route, std::uint32_t sequence);
/// All of one family, or only those of one protocol where the kernel knows how (4.20, NETLINK_GET_STRICT_CHK).
Bytes dump_routes(Family family, std::uint8_t protocol, std::uint32_t sequence);

/// Nothing: malformed. Nothing inside: none of our business (a cached route, another family).
std::optional<std::optional<RouteMessage>> parse_route(nlmsghdr* header);

}  // namespace holdfast::netlink
