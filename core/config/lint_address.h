// What the options of one address must agree in (keepalived 2.2.7 changes or drops such addresses with a message each).
// Called by read_address_entry when every word of the line was read.
#pragma once

#include "core/config/diagnostic.h"
#include "core/config/schema/virtual_address.h"

namespace holdfast::config {

/// Takes out of `entry` what does not go together; false when it cannot be used at all. Both reported.
bool lint_address(VirtualAddress& entry, const Node& node, Diagnostics& diagnostics);

}  // namespace holdfast::config
