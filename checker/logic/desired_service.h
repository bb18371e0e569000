// How the kernel's services of a virtual_server should look: configuration and health in, ipvs values out. Pure translation;
// who is alive and whether there is quorum has been decided before (balanced_service.h).
#pragma once

#include <vector>

#include "core/config/schema/global_defs.h"
#include "core/config/schema/virtual_server.h"
#include "ipvs_wrapper/logic/model.h"

namespace holdfast::checker {

/// One key, or those of the group's entries. An unknown group has none.
std::vector<ipvs::ServiceKey> service_keys(const config::VirtualServer& service,
                                           const config::VirtualServerGroup* group);
/// Where nftables_ipvs marks what goes to the addresses of the group: one key for each family that it has.
std::vector<ipvs::ServiceKey> marked_keys(const config::VirtualServerGroup& group, std::uint32_t mark);
/// Without destinations.
ipvs::ServiceSettings service_settings(const config::VirtualServer& service);
ipvs::DestinationSettings destination_settings(const config::RealServer& server, int weight);
ipvs::DestinationSettings destination_settings(const config::SorryServer& server, int weight);
ipvs::Timeouts timeouts(const config::LvsTimeouts& timeouts);
/// behaviour.md e.5: with an instance the state follows it; without, master and backup both run.
std::vector<ipvs::SyncDaemon> sync_daemons(const config::LvsSyncDaemon& daemon, std::optional<bool> instance_active,
                                           std::uint8_t virtual_router_id);

}  // namespace holdfast::checker
