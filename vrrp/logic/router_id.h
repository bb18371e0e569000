// The engine's number of a virtual router: given once, never used again, whatever a reload renames or reorders. Four octets:
// indexes are made of it, and an engine does not live to see four thousand million instances.
#pragma once

#include <cstdint>

namespace holdfast::vrrp {

using RouterId = std::uint32_t;

}  // namespace holdfast::vrrp
