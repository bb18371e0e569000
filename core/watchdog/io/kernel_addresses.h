// Which addresses the kernel has right now, asked once for a status. Waits for the kernel's answer (about a
// millisecond), which core may and its children may not.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/base/ip_address.h"
#include "core/base/time.h"

namespace holdfast::watchdog {

/// Interface name and address with its prefix length.
using KernelAddresses = std::set<std::pair<std::string, IpPrefix>>;

/// Of the network namespace of the caller; nothing when there was no consistent answer within `patience`.
std::optional<KernelAddresses> kernel_addresses(Duration patience = milliseconds(200));

}  // namespace holdfast::watchdog
