// How late a loop meets its deadlines: a histogram that status and dumps show. Pure.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/time.h"

namespace holdfast {

class Lateness {
 public:
  /// Upper bounds in microseconds; the last bucket has none.
  static constexpr std::array<std::int64_t, 9> kBounds_us{100,    300,     1000,    3000,     10'000,
                                                          30'000, 100'000, 300'000, 1'000'000};

  void add(Duration late);
  const std::array<std::uint64_t, kBounds_us.size() + 1>& buckets() const { return buckets_; }
  Duration worst() const { return worst_; }

 private:
  std::array<std::uint64_t, kBounds_us.size() + 1> buckets_{};
  Duration worst_{};
};

}  // namespace holdfast
