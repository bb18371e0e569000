// Diagnostics as text: for humans (-t and start), as one line for the log, and as the exit code of -t (behaviour.md
// a.5; the policy is on one page: docs/decisions/configuration-severity.md).
#pragma once

#include <string>
#include <vector>

#include "core/config/diagnostic.h"
#include "core/config/load.h"

namespace holdfast::config {

/// "file:line:column: what is wrong, expected …, did you mean 'x'?", the source line, a caret line; no final newline.
/// Warnings and notes say so after the position. A diagnostic of the whole configuration is one line.
std::string render(const Diagnostic& diagnostic, const Loaded& loaded);

/// "(FILE: Line N) what is wrong [column C], expected …": the form keepalived's children log, with our column after the
/// text.
/// `uses` adds where definitions in the line come from.
std::string render_line(const Diagnostic& diagnostic, const std::vector<std::string>& files,
                        const DefinitionUses& uses = {});

/// Of -t: 2 when keepalived would have given up reading, else 6 for script security, 5 general, 4 fatal only, 0.
int exit_code(const Diagnostics& diagnostics);

}  // namespace holdfast::config
