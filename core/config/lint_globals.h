// Lines of global_defs, and settings beside it, that keepalived 2.2.7 leaves out or changes with a message: those without
// their value, those that were said before, values it brings into range. Called by the schema of the root for each line.
#pragma once

#include "core/config/context.h"

namespace holdfast::config {

/// False when the line is not to be used (reported).
bool lint_global_line(const Node& line, Context& context);

}  // namespace holdfast::config
