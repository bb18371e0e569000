// smtp_alert where no mail can be sent: keepalived says nothing and sends nothing. Said once, at the first line that asks for
// mails. Called by interpret.cpp when global_defs is complete.
#pragma once

#include "core/config/context.h"
#include "core/config/node.h"

namespace holdfast::config {

void lint_mail(const Tree& tree, Context& context);

}  // namespace holdfast::config
