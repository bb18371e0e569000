// The virtual_server_groups of a configuration by name: services ask for theirs, and there may be ten thousand of both. The
// configuration outlives its index.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "core/config/config.h"

namespace holdfast::checker {

class GroupIndex {
 public:
  GroupIndex() = default;
  explicit GroupIndex(const config::Config& config) {
    for (const config::VirtualServerGroup& group : config.virtual_server_groups) by_name_.emplace(group.name, &group);
  }

  /// Null: no such group, or no name.
  const config::VirtualServerGroup* find(const std::string& name) const {
    const auto found = by_name_.find(name);
    return name.empty() || found == by_name_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const config::VirtualServerGroup*> by_name_;
};

}  // namespace holdfast::checker
