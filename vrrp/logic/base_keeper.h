// Keeps the interfaces below macvlans from answering ARP for what lies on the macvlans (arp_ignore and arp_filter, behaviour.md
// d.10) and from asking in its name (arp_announce, ours), and gives them back what they had when no macvlan needs it any more. What they had goes into a record, so that a
// successor gives back the same. Called by the engine whenever a link or the configuration changed.
//
// Absent: a fight. Who changes these settings afterwards is left in peace.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/roster.h"

namespace holdfast::vrrp {

/// Names of the interfaces below macvlans that carry IPv4.
std::set<std::string> bases_of(const Roster& routers);

/// What a predecessor made for an instance that no configuration has any more.
void remove_left_vmacs(const InstanceRecord& record, const LinkTable& links, Effects& out);

class BaseKeeper {
 public:
  /// Answers only for addresses of its own, and never asks in the name of one that lies on a macvlan: who is asked would learn
  /// that address with the MAC of the base.
  static constexpr ArpStrictness kStrict{1, 1, 2};

  void inherit(const std::vector<BaseRecord>& records);
  void step(const std::set<std::string>& bases, const LinkTable& links, Effects& out);
  void release_all(const LinkTable& links, Effects& out) { step({}, links, out); }

 private:
  void take(const std::string& name, const LinkTable& links, Effects& out);
  static void release(const BaseRecord& record, const LinkTable& links, Effects& out);

  std::map<std::string, BaseRecord> held_;
  std::set<std::string> unverified_;  ///< of a predecessor, who may have died before it set them
};

}  // namespace holdfast::vrrp
