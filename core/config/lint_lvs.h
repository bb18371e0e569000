// From what the block of a virtual server said to what it means (behaviour.md e.1, e.3): at its end the defaults of the
// levels above are copied in, so that every value of a check is final; after the last line of the file groups, track
// files and the conflicts between settings are settled, with keepalived's messages. Called by the schema and by
// interpret(); the checks that must ask the machine are in machine.h.
#pragma once

#include "core/config/context.h"

namespace holdfast::config {

/// At the end of its block: copies the defaults in and moves the server into context.config.
void close_virtual_server(VirtualServerDraft&& draft, Context& context);

/// The draft that says explicitly all that a final server is; for write().
VirtualServerDraft draft_of(const VirtualServer& server);

/// After the last line: drops what cannot be run.
void finish_virtual_servers(Context& context);

}  // namespace holdfast::config
