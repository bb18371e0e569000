// The typed configuration: what interpret() makes of a tree and lint() completes. Values with ==, so that a reload is a
// comparison of two of them.
#pragma once

#include <vector>

#include "core/config/schema/global_defs.h"
#include "core/config/schema/link_watch.h"
#include "core/config/schema/sync_group.h"
#include "core/config/schema/track_file.h"
#include "core/config/schema/track_group.h"
#include "core/config/schema/track_process.h"
#include "core/config/schema/virtual_server.h"
#include "core/config/schema/vrrp_instance.h"
#include "core/config/schema/vrrp_script.h"

namespace holdfast::config {

struct Config {
  GlobalDefs global_defs;
  std::vector<VrrpScript> vrrp_scripts;
  std::vector<VrrpInstance> vrrp_instances;
  std::vector<SyncGroup> sync_groups;
  std::vector<TrackGroup> track_groups;
  std::vector<TrackFile> track_files;
  std::vector<TrackProcess> track_processes;
  std::vector<GarpGroup> garp_groups;
  std::vector<LinkbeatInterface> linkbeat_interfaces;
  std::vector<InterfaceDelay> interface_delays;
  bool linkbeat_use_polling = false;  ///< of every interface that an instance uses or tracks
  std::vector<VirtualAddress> static_addresses;
  std::vector<Route> static_routes;
  std::vector<Rule> static_rules;
  std::vector<VirtualServerGroup> virtual_server_groups;
  std::vector<VirtualServer> virtual_servers;
  TlsClient tls_client;
  std::vector<KeptLine> unused_lines;  ///< of keywords that are not honoured yet

  bool operator==(const Config&) const = default;
};

}  // namespace holdfast::config
