// Keeps promote_secondaries on at the interfaces of the instances that ask for it (behaviour.md d.10), so that the kernel keeps
// an interface's other addresses when the first of a network goes, and switches it off again where it was off, when no instance
// asks any more. What was off goes into a record, so that a successor does the same. Called by the engine whenever a link or
// the configuration changed. Absent: macvlans, which always have it (vmac_table.h); a fight with others who change it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/roster.h"

namespace holdfast::vrrp {

/// Names of the interfaces whose instances ask for it.
std::set<std::string> promoting(const Roster& routers);

class PromotionKeeper {
 public:
  void inherit(const std::vector<PromotionRecord>& records);
  void step(const std::set<std::string>& interfaces, const LinkTable& links, Effects& out);
  void release_all(const LinkTable& links, Effects& out) { step({}, links, out); }

 private:
  void take(const std::string& name, const LinkTable& links, Effects& out);

  std::map<std::string, PromotionRecord> held_;  ///< that were off
  std::map<std::string, std::uint32_t> seen_;    ///< index of those that were looked at
};

}  // namespace holdfast::vrrp
