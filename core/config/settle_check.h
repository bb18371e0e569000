// A check's final values: its own word, else the real server's, else the virtual server's, else the default of its kind
// (behaviour.md e.3). Called by lint_lvs when the block of a virtual server is closed, and by write() the other way.
#pragma once

#include "core/config/schema/global_defs.h"
#include "core/config/schema/lvs_draft.h"

namespace holdfast::config {

/// `real` and `server` with their final address, port, alpha and virtualhost.
Check settle_check(AnyCheckDraft&& draft, const RealServerDraft& real, const VirtualServerDraft& server,
                   const GlobalDefs& globals);

/// The draft that says explicitly all that a final check is.
AnyCheckDraft draft_of(const Check& check);

}  // namespace holdfast::config
