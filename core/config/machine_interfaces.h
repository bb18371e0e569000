// What only this machine knows about interfaces and addresses: whether they exist, whether VRRP can work on them, whether a
// unicast peer is ourselves (behaviour.md a.5, d.8). Called by lint_machine().
#pragma once

#include "core/config/machine.h"

namespace holdfast::config {

/// `missing`: an interface that something else names is missing.
void lint_interfaces(const Tree& tree, const Config& config, const Machine& machine, bool missing,
                     Diagnostics& diagnostics);

}  // namespace holdfast::config
