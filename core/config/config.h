// The typed configuration: what interpret() makes of a tree and lint() completes. Values with ==, so that a reload is a
// comparison of two of them.
#pragma once

#include <vector>

#include "core/config/schema/global_defs.h"
#include "core/config/schema/sync_group.h"
#include "core/config/schema/track_file.h"
#include "core/config/schema/virtual_server.h"
#include "core/config/schema/vrrp_instance.h"
#include "core/config/schema/vrrp_script.h"

namespace holdfast::config {

struct Config {
  GlobalDefs global_defs;
  std::vector<VrrpScript> vrrp_scripts;
  std::vector<VrrpInstance> vrrp_instances;
  std::vector<SyncGroup> sync_groups;
  std::vector<TrackFile> track_files;
  std::vector<VirtualServerGroup> virtual_server_groups;
  std::vector<VirtualServer> virtual_servers;
  TlsClient tls_client;
  std::vector<KeptLine> unused_lines;  ///< of keywords that are not honoured yet

  bool operator==(const Config&) const = default;
};

}  // namespace holdfast::config
