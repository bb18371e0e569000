// Rows of lists whose lines are read by a function of their own (virtual_server_group, linkbeat_interfaces, …) and of the
// directives, which the parser knows: for the catalogue only.
#pragma once

#include <string>
#include <vector>

#include "core/config/schema.h"

namespace holdfast::config {

struct LineRows {
  std::string path, doc;
  std::vector<RowInfo> rows;
};

/// What the parser takes before anything is a keyword: include, definitions, conditions, repetition.
const LineRows& directive_rows();
/// The lists of lines that have no table of options.
std::vector<const LineRows*> line_rows();

/// `IFNAME [MII|ETHTOOL|IOCTL]`: the method.
inline Choice linkbeat_method() {
  return {{"MII", "ETHTOOL", "IOCTL"}};
}
/// One delay of interface_up_down_delays, seconds.
inline Seconds interface_delay() {
  return {Duration::zero(), seconds(255), 6};
}

}  // namespace holdfast::config
