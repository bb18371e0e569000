#include "vrrp/logic/standing.h"

#include <optional>

namespace holdfast::vrrp {

Standing standing_of(const config::VrrpInstance& settings, const Surroundings& around) {
  Standing standing;
  standing.assessment = assess(settings, around.scripts, around.links);
  auto& faults = standing.assessment.faults;
  const LinkChanged* link = around.links.by_name(settings.interface);
  if (link == nullptr) {
    faults.insert(faults.begin(), {FaultReason::Kind::InterfaceMissing, settings.interface});
    return standing;
  }
  standing.interface_index = link->index;
  std::optional<IpAddress> source = settings.source_address;
  if (!source) source = around.links.primary_address(link->index, settings.family, around.vips);
  if (!source && settings.owner()) source = around.links.primary_address(link->index, settings.family, {});
  standing.source = source.value_or(IpAddress{});
  if (!source) faults.insert(faults.begin(), {FaultReason::Kind::NoAddress, settings.interface});
  if (!link->up && settings.track_primary) {
    faults.insert(faults.begin(), {FaultReason::Kind::InterfaceDown, settings.interface});
  }
  return standing;
}

Readiness readiness_of(const Assessment& assessment) {
  if (!assessment.faults.empty()) return Readiness::Faulty;
  return assessment.waiting ? Readiness::Waiting : Readiness::Ready;
}

Election election_of(const config::VrrpInstance& settings, const Standing& standing, const Surroundings& around) {
  Election e;
  e.name = settings.name;
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
  e.waits_for_group = around.grouped.contains(settings.name);
  return e;
}

std::vector<KernelAddress> resolve_addresses(const config::VrrpInstance& settings, const LinkTable& links) {
  std::vector<KernelAddress> resolved;
  resolved.reserve(settings.virtual_addresses.size() + settings.excluded_addresses.size());
  for (const auto* list : {&settings.virtual_addresses, &settings.excluded_addresses}) {
    for (const config::VirtualAddress& entry : *list) {
      const LinkChanged* link = links.by_name(entry.interface.empty() ? settings.interface : entry.interface);
      if (link != nullptr) resolved.push_back({link->index, entry, settings.vip_lifetime});
    }
  }
  return resolved;
}

}  // namespace holdfast::vrrp
