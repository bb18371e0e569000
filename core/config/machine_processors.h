// Processors that *_cpu_affinity names and this machine does not have. Called by lint_machine().
#pragma once

#include "core/config/machine.h"

namespace holdfast::config {

/// Reports them and takes them out of `config`.
void lint_processors(const Machine& machine, const Tree& tree, Config& config, Diagnostics& diagnostics);

}  // namespace holdfast::config
