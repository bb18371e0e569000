// What was understood, as text: `--print-config` and `-d`. Reading it back gives the same configuration (canonical_test.cpp).
// Lines of the root, global_defs and vrrp_instance that are not honoured yet stand there as they were written; those of other
// blocks (BFD_CHECK) are absent.
#pragma once

#include <string>

#include "core/config/config.h"

namespace holdfast::config {

/// Every value that is in force, in the order of the schema. A line that has its built-in default ends in `# default`.
std::string canonical_text(const Config& config);

}  // namespace holdfast::config
