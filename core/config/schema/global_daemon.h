// The rows of global_defs that concern the daemon itself (daemon_settings.h); global_defs.cpp puts them with its own.
#pragma once

#include <vector>

#include "core/config/schema.h"
#include "core/config/schema/global_defs.h"

namespace holdfast::config {

std::vector<Row<GlobalDefs>> global_daemon_rows();

}  // namespace holdfast::config
