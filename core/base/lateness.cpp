#include "core/base/lateness.h"

#include <algorithm>

namespace holdfast {

void Lateness::add(Duration late) {
  worst_ = std::max(worst_, late);
  const auto bound = std::ranges::lower_bound(kBounds_us, late.count());
  ++buckets_[static_cast<std::size_t>(bound - kBounds_us.begin())];
}

}  // namespace holdfast
