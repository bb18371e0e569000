// Which part of the tree a child is sent: the roots it reads, without the lines that cannot be carried out on this
// machine. Called by the watchdog after lint_machine; the child interprets what it gets and arrives at the same servers.
// Absent: the part of vrrp (core/watchdog/configuration).
#pragma once

#include "core/config/config.h"
#include "core/config/node.h"

namespace holdfast::config {

/// For the checker: global_defs, SSL, track_file, virtual_server_group, virtual_server, and a vrrp_instance that has the
/// older lvs_sync_daemon_interface. A MISC_CHECK that is not in `usable` any more (its program cannot be run) is left out:
/// its server is not down for it (keepalived).
Tree tree_for_checker(const Tree& tree, const Config& usable);

}  // namespace holdfast::config
