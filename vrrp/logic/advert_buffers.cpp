#include "vrrp/logic/advert_buffers.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace holdfast::vrrp {

namespace {

constexpr std::uint64_t kHeader = 8, kPassword = 8, kAuthenticationHeader = 24, kHmacTrailer = 28;

std::uint64_t advert_octets(const config::VrrpInstance& settings) {
  const bool v4 = settings.family == Family::IPv4;
  std::uint64_t octets =
      kHeader + (v4 ? 20 + 4 * settings.virtual_addresses.size() : 40 + 16 * settings.virtual_addresses.size());
  if (settings.version == 2) octets += kPassword;
  if (settings.authentication == config::Authentication::Ah) octets += kAuthenticationHeader;
  if (settings.hmac) octets += kHmacTrailer;
  return octets;
}

std::uint32_t fitting(std::uint64_t octets) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(octets, std::numeric_limits<std::int32_t>::max()));
}

}  // namespace

std::uint32_t receive_buffer_of(const config::VrrpInstance& settings, const config::AdvertBuffers& policy,
                                std::uint32_t mtu) {
  if (settings.receive_buffer) return *settings.receive_buffer;
  if (policy.octets) return *policy.octets;
  const auto factor = static_cast<std::uint64_t>(policy.multiplier);
  const std::uint64_t by_mtu = policy.by_mtu ? mtu * factor : 0;
  const std::uint64_t by_advert = policy.by_advert ? advert_octets(settings) * factor : 0;
  return fitting(std::max(by_mtu, by_advert));
}

void AdvertBufferSizes::step(const Roster& routers, const config::AdvertBuffers& policy, const LinkTable& links,
                             Effects& out) {
  std::map<Place, std::uint64_t> sums;
  for (const RouterId id : routers.order()) {
    const VirtualRouter& router = routers.at(id);
    for (const auto& place : {router.endpoint(), router.vmac_endpoint()}) {
      if (!place) continue;
      const LinkChanged* link = links.by_index(place->interface_index);
      const std::uint32_t octets = receive_buffer_of(router.settings(), policy, link == nullptr ? 1500 : link->mtu);
      if (octets > 0) sums[{place->interface_index, place->group.family()}] += octets;
    }
  }
  std::map<Place, std::uint32_t> wanted;
  for (const auto& [place, octets] : sums) wanted[place] = fitting(octets);
  for (const auto& [place, octets] : wanted) {
    const auto before = sizes_.find(place);
    if (before == sizes_.end() || before->second != octets)
      out.push_back(SizeAdvertBuffer{place.first, place.second, octets});
  }
  for (const auto& [place, octets] : sizes_) {
    if (!wanted.contains(place)) out.push_back(SizeAdvertBuffer{place.first, place.second, 0});
  }
  sizes_ = std::move(wanted);
}

}  // namespace holdfast::vrrp
