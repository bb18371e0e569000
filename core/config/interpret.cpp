#include "core/config/interpret.h"

#include "core/config/lint.h"
#include "core/config/lint_lvs.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

Config interpret(const Tree& tree, Diagnostics& diagnostics) {
  Config config;
  Context context(config, diagnostics);
  read_lines(root_schema(), tree.roots, config, context);
  finish_instances(context);
  check_groups(context);
  finish_virtual_servers(context);
  return config;
}

}  // namespace holdfast::config
