// What the addresses of one check of a real server must agree in. Called by the schema of real_server when the block of the
// check was read.
#pragma once

#include "core/config/context.h"

namespace holdfast::config {

/// Takes out of the check a bindto of another family than that of whom it connects to. False when the check cannot be made
/// at all: keepalived then drops it. Both reported.
bool lint_endpoint(CheckDraft& check, const Node& node, const IpAddress& real_server, Context& context);

}  // namespace holdfast::config
