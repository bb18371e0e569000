// The words of a line use_vmac or use_ipvlan, sorted by what they are (keywords.tsv): each an index into the line. Whether
// they are good is asked by lint_made_interfaces, and by machine_interfaces whether such an interface is there already.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/config/node.h"

namespace holdfast::config {

struct MadeInterface {
  std::vector<std::size_t> names, macs, addresses, modes;

  /// use_vmac: [name] [IFNAME] [MAC] [group GROUP] [netlink_notify_msg]; use_ipvlan: [name] [IFNAME]
  /// [bridge|private|vepa] [group GROUP] [ADDRESS].
  static MadeInterface read(const Node& line);
};

/// Five or six octets `xx:xx:…`; nothing for anything else.
std::optional<std::vector<std::uint8_t>> mac_octets(std::string_view text);

}  // namespace holdfast::config
