// What only this machine knows about routes and rules: names of tables, protocols, scopes, realms, DS fields, groups and IP
// protocols, and whether the interfaces in them exist. Reads the lines once more; what could not be read there was reported
// when it was interpreted. Called by lint_machine().
#pragma once

#include "core/config/machine.h"

namespace holdfast::config {

/// True when an interface is missing (each reported).
bool lint_routes_on(const Machine& machine, const Tree& tree, const Config& config, Diagnostics& diagnostics);

}  // namespace holdfast::config
