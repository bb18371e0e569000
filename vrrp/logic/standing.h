// Where one virtual router stands: what the facts about links, addresses and scripts make of its settings. Pure
// functions; the virtual router asks again after every new fact and compares (level-triggered). Absent: any memory, any
// state, any effect.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/phases.h"
#include "vrrp/logic/routing_facts.h"
#include "vrrp/logic/state_machine.h"
#include "vrrp/logic/static_tracking.h"
#include "vrrp/logic/tracking.h"

namespace holdfast::vrrp {

/// UTC since 1970 minus the time that the engine is told, for stamps on the wire. Kept by the engine.
struct UtcOffset {
  Duration value{};
};
Duration utc_at(const UtcOffset* offset, TimePoint now);

/// The facts that all virtual routers share.
struct Surroundings {
  const LinkTable& links;
  const ScriptTable& scripts;
  const FlatSet<IpAddress>& vips;           ///< of all instances: never a source address
  const std::set<AddressKey>& leaving;      ///< removed by us, not yet confirmed by the kernel
  TimePoint hold_until{};                   ///< vrrp_startup_delay
  const std::set<std::string>& grouped;     ///< names of instances that wait for their sync group
  const UtcOffset* utc = nullptr;           ///< null = the clock of the process starts in 1970
  const TrackedObjects* objects = nullptr;  ///< null = no file or process is tracked
  const Phases* phases = nullptr;           ///< null = nobody is spread
  const RoutingFacts* routing = nullptr;    ///< null = nobody asks the kernel about routes
  const StaticTracking* statics = nullptr;  ///< null = no static entry is tracked
  bool same_kind_only = false;              ///< an interface may not come back as one of another kind
};

struct Standing {
  std::uint32_t interface_index = 0;  ///< where adverts come in (interface, ipvlan or VRF); 0 = that does not exist
  bool any_interface = false;         ///< adverts are bound to none: unicast without `interface`
  IpAddress source;                   ///< 0.0.0.0 = none now
  Assessment assessment;              ///< trackers and the own interface; reasons of that come first
};

/// The source address is the configured one, else the primary one of the interface that is no VIP; an owner may use a
/// VIP. For IPv6 that is a link-local one (RFC 9568 §5.1.2.1), towards global unicast peers a global one.
Standing standing_of(const config::VrrpInstance& settings, const Surroundings& around);

Readiness readiness_of(const Assessment& assessment);

/// `interface`, or without one where the source address stands. Null when there is none now.
const LinkChanged* home_link(const config::VrrpInstance& settings, const LinkTable& links);

/// Where its adverts come in; nothing while there is no such place.
std::optional<Listen> endpoint_of(const config::VrrpInstance& settings, const Standing& standing);

/// For the state machine, with the effective priority of the assessment.
Election election_of(const config::VrrpInstance& settings, const Standing& standing, const Surroundings& around);

/// virtual_ipaddress, then virtual_ipaddress_excluded, on the interfaces and macvlans that exist now.
std::vector<KernelAddress> resolve_addresses(const config::VrrpInstance& settings, const LinkTable& links);

}  // namespace holdfast::vrrp
