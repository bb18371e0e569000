// Names that track_* lines give to what is defined elsewhere: that it exists, wherever it stands; that it is tracked
// once; that it is used at all. A definition behind its use is good here and remarked, for keepalived ignores such a
// use (behaviour.md a.1). Called by interpret(). Absent: interfaces, which only the machine knows (machine.h).
#pragma once

#include "core/config/context.h"

namespace holdfast::config {

void lint_references(const Tree& tree, Context& context);

}  // namespace holdfast::config
