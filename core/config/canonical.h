// What was understood, as text: `--print-config` and `-d`. Reading it back gives the same configuration, also of a text that was
// wrong (canonical_test.cpp, mutation_test.cpp). Lines that are not honoured stand there as they were written.
#pragma once

#include <string>

#include "core/config/config.h"

namespace holdfast::config {

/// Every value that is in force, in the order of the schema. A line that has its built-in default ends in `# default`.
std::string canonical_text(const Config& config);

}  // namespace holdfast::config
