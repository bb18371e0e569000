// What is said of interfaces apart from the instances that use them: garp_group, linkbeat_interfaces,
// interface_up_down_delays (behaviour.md d.8, d.9, d.14).
#pragma once

#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/config/schema/values.h"

namespace holdfast::config {

/// Interfaces that share one pace of gratuitous ARP and one of neighbour advertisements.
struct GarpGroup {
  Duration garp_interval{};  ///< 0 = the instances' own
  Duration gna_interval{};
  std::vector<std::string> interfaces;
  Origin at;
  bool operator==(const GarpGroup&) const = default;
};

/// How a carrier is asked for; what a driver does not know is replaced by what it does.
enum class LinkbeatMethod : std::uint8_t { FirstThatWorks, Mii, Ethtool, Ioctl };

struct LinkbeatInterface {
  std::string interface;
  LinkbeatMethod method = LinkbeatMethod::FirstThatWorks;
  Origin at;
  bool operator==(const LinkbeatInterface&) const = default;
};

/// For how long a change of an interface must last before it counts; 0..255 s.
struct InterfaceDelay {
  std::string interface;
  Duration down{}, up{};
  Origin at;
  bool operator==(const InterfaceDelay&) const = default;
};

}  // namespace holdfast::config
