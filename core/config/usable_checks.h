// What a child must not be sent: a MISC_CHECK whose program cannot be run on this machine. keepalived drops such a check,
// so its server is not down for it; the child, which cannot ask the machine, would take it for a failing one. Called by
// the watchdog on the checker's part of the tree after lint_machine.
#pragma once

#include "core/config/config.h"
#include "core/config/node.h"

namespace holdfast::config {

/// Takes out of `part` each MISC_CHECK that is not in `usable`; both must come from the same load().
void drop_unusable_checks(Tree& part, const Config& usable);

}  // namespace holdfast::config
