// What a refusal of the kernel means. The reconciler asks; the errnos are those of the kernel's ip_vs_genl_set_cmd.
#pragma once

#include <string>

#include "ipvs_wrapper/ports.h"

namespace holdfast::ipvs {

/// The kernel's table was not what we believed: the entry is there already, is gone, or its service is. No error, a reason to
/// compare. ENOENT for a service is an error: the kernel has no such scheduler or persistence engine.
bool means_other_table(Operation::Kind kind, int error);

/// "IPVS cmd IP_VS_SO_SET_ADDDEST(1159) error: Invalid argument(22): add destination …" (log_lines.md 4; what stands behind
/// the last colon is ours). The name and number are those of the socket option that keepalived names.
std::string refusal_line(const Operation& operation, int error);

}  // namespace holdfast::ipvs
