// Tree → Config through the schema, with every check that needs no machine. load() calls it in the watchdog, and each
// child calls it on the tree it was sent over its socket; both get the same Config and the same diagnostics.
#pragma once

#include "core/config/config.h"
#include "core/config/diagnostic.h"
#include "core/config/node.h"

namespace holdfast::config {

/// Lines that are wrong are reported and left out; what is returned can always be run (unless a Fatal was reported).
Config interpret(const Tree& tree, Diagnostics& diagnostics);

}  // namespace holdfast::config
