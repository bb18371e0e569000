// The typed configuration: what interpret() makes of a tree and lint() completes. Values with ==, so that a reload is a
// comparison of two of them.
#pragma once

#include <vector>

#include "core/config/schema/global_defs.h"
#include "core/config/schema/vrrp_instance.h"
#include "core/config/schema/vrrp_script.h"

namespace holdfast::config {

struct Config {
  GlobalDefs global_defs;
  std::vector<VrrpScript> vrrp_scripts;
  std::vector<VrrpInstance> vrrp_instances;

  bool operator==(const Config&) const = default;
};

}  // namespace holdfast::config
