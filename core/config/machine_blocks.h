// Interfaces that blocks of the root name, and those that use_vmac and use_ipvlan would make: whether they exist, and as
// what. Called by lint_machine().
#pragma once

#include "core/config/machine.h"

namespace holdfast::config {

/// True when an interface is missing (each reported).
bool lint_blocks_on(const Machine& machine, const Tree& tree, const Config& config, Diagnostics& diagnostics);

}  // namespace holdfast::config
