// Reads the files in which iproute2 keeps names of routing tables, protocols, scopes and the like. What is missing or
// unreadable has no names. Called by RealMachine.
#pragma once

#include <string>
#include <vector>

#include "core/config/route_names.h"

namespace holdfast::watchdog {

/// In the order of Machine::route_name_files; of each file at most the first 1 MiB, of a folder at most 256 files.
std::vector<std::string> read_route_name_files(const std::string& table, const config::RouteNameFolders& folders);

}  // namespace holdfast::watchdog
