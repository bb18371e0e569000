// The engine's number of a virtual router: given once, never used again, whatever a reload renames or reorders.
#pragma once

#include <cstddef>

namespace holdfast::vrrp {

using RouterId = std::size_t;

}  // namespace holdfast::vrrp
