// The rows of global_defs about the firewall of `no_accept` and macvlans (behaviour.md d.10).
#pragma once

#include <vector>

#include "core/config/schema.h"
#include "core/config/schema/global_defs.h"

namespace holdfast::config {

std::vector<Row<GlobalDefs>> global_firewall_rows();

}  // namespace holdfast::config
