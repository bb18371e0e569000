// What only shows when instances are looked at side by side: the same virtual router twice, addresses that two of them
// carry, members of sync groups that do not fit, names of instances that nobody defines (behaviour.md d.2, d.11;
// users_and_peers.md theme 8). Hash tables only: cost is linear in the number of instances and addresses. Called by
// lint.cpp and interpret().
#pragma once

#include <string>
#include <unordered_map>

#include "core/config/context.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

/// Keeps instances apart: by interface, family, VRID, and the group or the unicast source that adverts come from.
class RouterKeys {
 public:
  /// False, with an error, when another instance is the same virtual router.
  bool take(const InstanceDraft& draft, Context& context);

 private:
  struct Holder {
    std::string name;
    Location at;
  };
  std::unordered_map<std::string, Holder> taken_;
};

/// After finish_instances and finish_groups.
void lint_together(const Tree& tree, Context& context);

}  // namespace holdfast::config
