#include "vrrp/logic/standing.h"

#include <algorithm>
#include <optional>

#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/vmac_keeper.h"

namespace holdfast::vrrp {

namespace {

std::optional<IpAddress> own_ipv6_address(const config::VrrpInstance& settings, std::uint32_t index,
                                          const FlatSet<IpAddress>& vips, const LinkTable& links) {
  const auto global = [](const config::UnicastPeer& peer) { return !peer.address.is_link_local(); };
  const bool link_local = std::ranges::none_of(settings.unicast_peers, global);
  return links.primary_ipv6_address(index, link_local, vips);
}

std::optional<IpAddress> own_address(const config::VrrpInstance& settings, std::uint32_t index,
                                     const FlatSet<IpAddress>& vips, const LinkTable& links) {
  if (settings.family == Family::IPv6) return own_ipv6_address(settings, index, vips, links);
  return links.primary_address(index, Family::IPv4, vips);
}

/// Its own address; for IPv6 without one its link-local address, and until it has that the one of the interface below.
std::optional<IpAddress> ipvlan_source(const config::VrrpInstance& settings, std::uint32_t index,
                                       const Surroundings& around) {
  if (settings.vmac->address) return settings.vmac->address->address;
  if (settings.family == Family::IPv4) return std::nullopt;
  if (const LinkChanged* link = vmac_link(*settings.vmac, around.links)) {
    if (const auto own = around.links.primary_ipv6_address(link->index, true, around.vips)) return own;
  }
  return own_address(settings, index, around.vips, around.links);
}

std::optional<IpAddress> source_of(const config::VrrpInstance& settings, std::uint32_t index,
                                   const Surroundings& around) {
  if (settings.source_address) return settings.source_address;
  if (settings.vmac && settings.vmac->ipvlan) return ipvlan_source(settings, index, around);
  const auto source = own_address(settings, index, around.vips, around.links);
  if (source || !settings.owner()) return source;
  return own_address(settings, index, {}, around.links);
}

FaultReason missing_home(const config::VrrpInstance& settings) {
  if (settings.interface.empty() && settings.source_address) {
    return {FaultReason::Kind::NoSource, settings.source_address->text()};
  }
  return {FaultReason::Kind::InterfaceMissing, settings.interface};
}

void add_faults_of_vrf(const config::VrrpInstance& settings, const LinkTable& links, std::vector<FaultReason>& faults) {
  const LinkChanged* vrf = links.by_name(settings.vrf);
  if (vrf == nullptr || vrf->vrf_table == 0) return faults.push_back({FaultReason::Kind::NoVrf, *settings.vrf});
  if (!vrf->up) faults.push_back({FaultReason::Kind::InterfaceDown, *settings.vrf});
}

/// The link that its sockets are bound to; 0 = it does not exist.
std::uint32_t socket_index(const config::VrrpInstance& settings, const LinkChanged& home, const LinkTable& links) {
  const LinkChanged* link = &home;
  if (!settings.vrf.empty()) link = links.by_name(settings.vrf);
  if (settings.vmac && settings.vmac->ipvlan) link = vmac_link(*settings.vmac, links);
  return link == nullptr ? 0 : link->index;
}

/// Why adverts cannot be sent or heard now, the most telling reason first.
std::vector<FaultReason> faults_of_wire(const config::VrrpInstance& settings, const LinkChanged& link,
                                        const Standing& standing, const Surroundings& around) {
  using Kind = FaultReason::Kind;
  std::vector<FaultReason> faults;
  if (!settings.vrf.empty()) add_faults_of_vrf(settings, around.links, faults);
  if (!link.up && settings.track_primary) faults.push_back({Kind::InterfaceDown, link.name});
  if (standing.source.is_any()) {
    faults.push_back({settings.family == Family::IPv4 ? Kind::NoAddress : Kind::NoIpv6Address, link.name});
  }
  if (settings.track_source && settings.source_address &&
      around.links.with_address(*settings.source_address) == nullptr) {
    faults.push_back({Kind::NoSource, settings.source_address->text()});
  }
  if (settings.unicast_fault_no_peer && !settings.unicast()) faults.push_back({Kind::NoPeer, {}});
  return faults;
}

const LinkChanged* address_vmac_link(const config::VirtualAddress& entry, const config::VrrpInstance& settings,
                                     const LinkTable& links) {
  const auto found = std::ranges::find(settings.address_vmacs, *entry.details->use_vmac, &config::Vmac::name);
  return found == settings.address_vmacs.end() ? nullptr : vmac_link(*found, links);
}

}  // namespace

Duration utc_at(const UtcOffset* offset, TimePoint now) {
  const Duration since_start = now - TimePoint{};
  return offset == nullptr ? since_start : since_start + offset->value;
}

const LinkChanged* home_link(const config::VrrpInstance& settings, const LinkTable& links) {
  if (!settings.interface.empty()) return links.by_name(settings.interface);
  return settings.source_address ? links.with_address(*settings.source_address) : nullptr;
}

Standing standing_of(const config::VrrpInstance& settings, const Surroundings& around) {
  Standing standing;
  standing.assessment = assess(settings, around.scripts, around.links, around.objects);
  standing.any_interface = settings.interface.empty() && settings.vrf.empty();
  std::vector<FaultReason> faults;
  if (const LinkChanged* link = home_link(settings, around.links)) {
    standing.interface_index = socket_index(settings, *link, around.links);
    standing.source = source_of(settings, link->index, around).value_or(IpAddress{});
    faults = faults_of_wire(settings, *link, standing, around);
  } else {
    faults.push_back(missing_home(settings));
  }
  const Few<FaultReason>& of_trackers = standing.assessment.faults;
  faults.insert(faults.end(), of_trackers.begin(), of_trackers.end());
  if (around.statics != nullptr) around.statics->add_faults(settings.name, faults);
  standing.assessment.faults = std::move(faults);
  return standing;
}

std::optional<Listen> endpoint_of(const config::VrrpInstance& settings, const Standing& standing) {
  const bool bound = settings.unicast() || settings.family == Family::IPv6;  // a group of IPv6 needs IPv6 to be on
  if (standing.interface_index == 0 || (bound && standing.source.is_any())) return std::nullopt;
  Listen endpoint;
  endpoint.interface_index = standing.any_interface ? 0 : standing.interface_index;
  endpoint.group = settings.unicast() ? standing.source : settings.multicast_group;
  endpoint.protocol = settings.authentication == config::Authentication::Ah ? kAhProtocol : kProtocol;
  return endpoint;
}

Readiness readiness_of(const Assessment& assessment) {
  if (!assessment.faults.empty()) return Readiness::Faulty;
  return assessment.waiting ? Readiness::Waiting : Readiness::Ready;
}

Election election_of(const config::VrrpInstance& settings, const Standing& standing, const Surroundings& around) {
  Election e;
  e.version = settings.version;
  e.priority = standing.assessment.effective_priority;
  e.owner = settings.owner();
  e.advert_interval = settings.advert_interval;
  e.down_timer_adverts = settings.down_timer_adverts;
  e.preempt = settings.preempt;
  e.preempt_delay = settings.preempt_delay;
  e.lower_prio_no_advert = settings.lower_prio_no_advert;
  e.higher_prio_send_advert = settings.higher_prio_send_advert;
  e.source = standing.source;
  e.hold_until = around.hold_until;
  if (around.phases != nullptr) e.advert_phase = around.phases->of(settings);
  e.waits_for_group = around.grouped.contains(settings.name);
  return e;
}

std::vector<KernelAddress> resolve_addresses(const config::VrrpInstance& settings, const LinkTable& links) {
  std::vector<KernelAddress> resolved;
  resolved.reserve(settings.virtual_addresses.size() + settings.excluded_addresses.size());
  const LinkChanged* home = settings.vmac ? vmac_link(*settings.vmac, links) : home_link(settings, links);
  for (const auto* list : {&settings.virtual_addresses, &settings.excluded_addresses.list()}) {
    for (const config::VirtualAddress& entry : *list) {
      const LinkChanged* link = entry.details->use_vmac   ? address_vmac_link(entry, settings, links)
                                : entry.interface.empty() ? home
                                                          : links.by_name(entry.interface);
      if (link != nullptr) resolved.push_back({link->index, entry, settings.vip_lifetime});
    }
  }
  return resolved;
}

}  // namespace holdfast::vrrp
