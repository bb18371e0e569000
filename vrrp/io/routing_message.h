// The netlink message for one of an instance's routes or rules, and back. RoutingTable sends it; records and last wills keep the
// one that removes it. Absent: any socket.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "vrrp/logic/routing.h"

namespace holdfast::vrrp {

/// The message that adds or removes it.
Bytes routing_message(bool adding, const RoutingEntry& entry, std::uint32_t sequence);
/// What a message that removes something is about; nothing for other bytes.
std::optional<RoutingObject> object_of_removal(ByteView message);

}  // namespace holdfast::vrrp
