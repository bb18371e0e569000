// The files that signals ask for (behaviour.md b.4): written by core from text that the children made, because a child's loop
// must never wait for a disk.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/watchdog/logic/events.h"
#include "proto/supervision.pb.h"

namespace holdfast::watchdog {

/// Writes keepalived.data (keepalived_check.data of the checker), keepalived.stats or keepalived.json in $TMPDIR (if it is an absolute directory) or /tmp; JSON goes
/// to a temporary name first.
Status write_dump_file(Role role, const proto::DumpText& dump);

}  // namespace holdfast::watchdog
