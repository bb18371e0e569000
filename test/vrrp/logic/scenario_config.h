// What the lines of a scenario make of a host's configuration: vrrp_instances, groups and static entries edited key by key, and the
// made-up adverts of somebody who has almost the same instance. The keys are listed in test/support/scenario.h; an
// unknown one throws.
#pragma once

#include "core/config/config.h"
#include "test/support/virtual_host.h"
#include "test/vrrp/logic/scenario_words.h"

namespace holdfast::test {

/// The instance of this name; made when there is none: interface ens33, VRID 51.
config::VrrpInstance& instance_named(config::Config& config, const std::string& name);
/// no_track= counts for the VIPs that the other keys have set.
void edit_instance(config::Config& config, const std::string& name, const Keys& keys);
/// Makes or changes the sync group of this name.
void edit_group(config::Config& config, const std::string& name, const Keys& keys);
/// Addresses, routes and rules of the static_* blocks.
void edit_static(config::Config& config, const Keys& keys);

/// An advert: as `mine` would send it with priority 100 from 10.0.0.99 (IPv6: fe80::99), but for the keys.
VirtualPacket made_up_advert(const config::VrrpInstance& mine, Keys keys);

}  // namespace holdfast::test
