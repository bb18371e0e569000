// What was understood, as text: `--print-config` and `-d`. Reading it back gives the same configuration (canonical_test.cpp).
// Absent: keywords that are read but not honoured yet; they are no part of what was understood.
#pragma once

#include <string>

#include "core/config/config.h"

namespace holdfast::config {

/// Every value that is in force, in the order of the schema. A line that has its built-in default ends in `# default`.
std::string canonical_text(const Config& config);

}  // namespace holdfast::config
