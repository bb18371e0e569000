// Interfaces whose carrier is polled (behaviour.md d.14: linkbeat_interfaces, linkbeat_use_polling), because their driver does
// not tell the kernel: they are up when the kernel says so and the poll does. The engine passes every fact about a link
// through here. Absent: polling (vrrp/io/linkbeat_watch.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

class Linkbeats {
 public:
  /// Of the interfaces that `instances` stand on or track, those that the configuration wants polled. Returns the links of
  /// which something else counts now.
  std::vector<LinkChanged> configure(const config::Config& config,
                                     const std::vector<const config::VrrpInstance*>& instances, Effects& out);
  /// What counts of a fact.
  LinkChanged taken(const LinkChanged& fact);
  void removed(std::uint32_t interface_index) { facts_.erase(interface_index); }
  /// The link of which something else counts now; nothing when the poll says what it said.
  std::optional<LinkChanged> on(const LinkbeatSeen& event, Effects& out);
  void stop(Effects& out);

 private:
  LinkChanged counted(const LinkChanged& fact) const;

  std::vector<config::LinkbeatInterface> polled_;
  std::map<std::string, bool> beats_;           ///< by interface: what the last poll said
  std::map<std::uint32_t, LinkChanged> facts_;  ///< as the kernel tells them
};

}  // namespace holdfast::vrrp
