// The tables of every block, for interpret, write, the manual and the tests. Each is built at its first use and never
// changes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/schema.h"
#include "core/config/schema/global_defs.h"
#include "core/config/schema/vrrp_instance.h"
#include "core/config/schema/vrrp_script.h"

namespace holdfast::config {

/// A vrrp_instance while it is read: what was said, before defaults make it final (lint.h).
struct InstanceDraft : VrrpInstance {
  const Node* node = nullptr;
  std::optional<bool> given_state;  ///< true = MASTER
  std::optional<int> given_priority, given_version;
  std::optional<Duration> given_interval;
  std::optional<bool> given_lower_prio_no_advert, given_higher_prio_send_advert, given_owner_ignore_adverts,
      given_notify_priority_changes;
  std::optional<IpAddress> given_group;
  std::optional<Family> given_family;  ///< of the first address that says one
  IpAddress family_witness;            ///< that address
  bool no_virtual_ipaddress = false;
  bool has_unicast_peers = false;
  Location unicast_source_at;  ///< line 0 = no unicast_src_ip
};

/// Blocks whose values no process uses yet: read and validated only.
struct Unused {};

const Schema<GlobalDefs>& global_defs_schema();
const Schema<VrrpScript>& vrrp_script_schema();
const Schema<InstanceDraft>& vrrp_instance_schema();
const Schema<InstanceDraft>& authentication_schema();
const Schema<Unused>& auth_hmac_schema();
const Schema<SyncGroupDraft>& vrrp_sync_group_schema();
const Schema<Unused>& track_group_schema();
const Schema<Unused>& garp_group_schema();
const Schema<Unused>& track_file_schema();
const Schema<Unused>& vrrp_track_process_schema();
const Schema<Config>& root_schema();

}  // namespace holdfast::config
