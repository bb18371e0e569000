#include "core/config/interpret.h"

#include <algorithm>
#include <unordered_set>

#include "core/config/lint.h"
#include "core/config/lint_definitions.h"
#include "core/config/lint_groups.h"
#include "core/config/lint_link_watch.h"
#include "core/config/lint_lvs.h"
#include "core/config/lint_mail.h"
#include "core/config/lint_marks.h"
#include "core/config/lint_references.h"
#include "core/config/lint_together.h"
#include "core/config/packed.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

/// What others rely on is read before them: settings, then definitions, then all that uses them. Order in the file is
/// thus no information; it stays the order inside each of the three.
constexpr int kPasses = 3;

int pass_of(const Node& root) {
  static const std::unordered_set<std::string_view> definitions{
      "vrrp_script", "track_file", "vrrp_track_file", "vrrp_track_process", "bfd_instance", "virtual_server_group"};
  static const std::unordered_set<std::string_view> users{"vrrp_instance", "vrrp_sync_group",  "virtual_server",
                                                          "track_group",   "static_ipaddress", "static_routes",
                                                          "static_rules"};
  if (definitions.contains(root.words.front())) return 1;
  return users.contains(root.words.front()) ? 2 : 0;
}

void read_roots(const Tree& tree, Config& config, Context& context) {
  Unpacker unpacker;
  for (int pass = 0; pass < kPasses; ++pass) {
    for (const Node& root : tree.roots) {
      if (pass_of(root) == pass) read_line(root_schema(), unpacker.open(root), config, context);
    }
  }
}

}  // namespace

Config interpret(const Tree& tree, Diagnostics& diagnostics) {
  Config config;
  Context context(config, diagnostics);
  config.virtual_servers.reserve(static_cast<std::size_t>(
      std::ranges::count_if(tree.roots, [](const Node& root) { return !root.packed.empty(); })));
  read_roots(tree, config, context);
  lint_references(tree, context);
  const TrackerWeights weights(tree);
  finish_instances(tree, weights, context);
  finish_groups(context);
  lint_interface_delays(context);
  lint_groups(tree, weights, context);
  lint_definitions(tree, context);
  lint_together(tree, context);
  lint_mail(tree, context);
  finish_virtual_servers(context);
  lint_marks(tree, context);
  return config;
}

}  // namespace holdfast::config
