// What its real servers allow the quorum of a virtual server and its sorry server to be (behaviour.md e.1). Called by
// lint_lvs when the real servers are final.
#pragma once

#include "core/config/diagnostic.h"
#include "core/config/schema/virtual_server.h"

namespace holdfast::config {

/// Brings quorum and hysteresis to what can be reached, and lost again.
void settle_quorum(VirtualServer& server, Diagnostics& diagnostics);

/// A real server that is the sorry server too cannot stay with weight 0 and be removed at once: the real server decides.
/// Without a sorry server there is nothing to inhibit.
void settle_inhibition(VirtualServer& server, Diagnostics& diagnostics);

}  // namespace holdfast::config
