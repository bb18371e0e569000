// A number that is the same for two trees that say the same: FNV-1a (64 bit) over words and structure, not over
// locations or file names. Stable across processes and releases, so an adopted child can tell whether it runs the
// current configuration.
#pragma once

#include <cstdint>

#include "core/config/node.h"

namespace holdfast::config {

std::uint64_t digest(const Tree& tree);

}  // namespace holdfast::config
