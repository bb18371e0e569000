// track_group: instances that static entries naming it put into fault when they are broken (keepalived.conf(5), behaviour.md
// d.10). After lint `members` are names of instances that exist.
#pragma once

#include <string>
#include <vector>

#include "core/config/node.h"

namespace holdfast::config {

struct TrackGroup {
  std::string name;
  std::vector<std::string> members;
  Location at;
  bool operator==(const TrackGroup&) const = default;
};

}  // namespace holdfast::config
