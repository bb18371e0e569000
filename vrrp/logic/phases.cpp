#include "vrrp/logic/phases.h"

#include <algorithm>

namespace holdfast::vrrp {
namespace {

constexpr std::size_t kMany = 16;
constexpr Duration kShortestSlot = milliseconds(10);
constexpr std::int64_t kMostSlots = 8;

/// FNV-1a, so that interfaces do not all begin with the same slot; std::hash may be another in the next build.
std::uint32_t number_of(const std::string& interface) {
  std::uint32_t hash = 2166136261U;
  for (const char c : interface) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
  return hash;
}

}  // namespace

void Phases::count(const std::vector<config::VrrpInstance>& instances) {
  sharing_.clear();
  for (const config::VrrpInstance& instance : instances) ++sharing_[instance.advert_interval];
}

std::optional<Duration> Phases::of(const config::VrrpInstance& instance) const {
  const auto found = sharing_.find(instance.advert_interval);
  if (found == sharing_.end() || found->second < kMany) return std::nullopt;
  const std::int64_t slots = std::clamp<std::int64_t>(instance.advert_interval / kShortestSlot, 1, kMostSlots);
  const std::uint32_t slot =
      (number_of(instance.interface) + instance.virtual_router_id) % static_cast<std::uint32_t>(slots);
  return instance.advert_interval * slot / slots;
}

}  // namespace holdfast::vrrp
