#include "core/watchdog/configuration.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>
#include <unistd.h>
#include <utility>

#include "core/config/canonical.h"
#include "core/config/digest.h"
#include "core/config/machine.h"
#include "core/config/print.h"
#include "core/config/render.h"
#include "core/config/routing_numbers.h"
#include "core/config/usable_checks.h"
#include "core/runtime/clock.h"
#include "core/watchdog/io/real_machine.h"
#include "core/watchdog/test_report.h"

namespace holdfast::watchdog {
namespace {

/// Roots of the checker alone, and those that both children work with.
constexpr std::array kCheckerRoots{"virtual_server", "virtual_server_group", "SSL"};
constexpr std::array kCommonRoots{"global_defs", "net_namespace_ipvs", "track_file", "vrrp_track_file"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& roots, const std::string& keyword) {
  return std::ranges::find(roots, keyword) != roots.end();
}

std::string default_config_id() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  const std::string host = name.data();
  return host.substr(0, host.find('.'));
}

/// A script that cannot be run here is taken out of what the child sees, so that it ignores the trackers that name it.
config::Tree tree_for_vrrp(const config::Tree& tree, const config::Config& usable) {
  std::set<std::string> scripts;
  for (const config::VrrpScript& script : usable.vrrp_scripts) scripts.insert(script.name);
  config::Tree cut;
  cut.files = tree.files;
  for (const config::Node& root : tree.roots) {
    const std::string& keyword = root.words.front();
    if (is_one_of(kCheckerRoots, keyword)) continue;
    if (keyword == "vrrp_script" && root.words.size() > 1 && !scripts.contains(root.words[1])) continue;
    cut.roots.push_back(root);
  }
  config::number_routing_names(cut, RealMachine());
  return cut;
}

/// An instance with the old spelling of lvs_sync_daemon.
bool names_sync_daemon(const config::Node& root) {
  return root.words.front() == "vrrp_instance" && std::ranges::any_of(root.children, [](const config::Node& line) {
           return line.words.front() == "lvs_sync_daemon_interface";
         });
}

/// Takes what only the checker needs out of `tree`: it may be half a million lines.
config::Tree tree_for_checker(config::Tree& tree) {
  config::Tree cut;
  cut.files = tree.files;
  for (config::Node& root : tree.roots) {
    const bool common = is_one_of(kCommonRoots, root.words.front()) || names_sync_daemon(root);
    if (common) cut.roots.push_back(root);
    if (is_one_of(kCheckerRoots, root.words.front())) cut.roots.push_back(std::move(root));
  }
  std::erase_if(tree.roots, [](const config::Node& root) { return root.words.empty(); });
  return cut;
}

config::Loaded load_files(const CommandLine& options) {
  config::LoadOptions load_options;
  load_options.config_id = options.config_id.empty() ? default_config_id() : options.config_id;
  load_options.all_include_checks = options.all_include_checks;
  load_options.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
  load_options.random_seed = static_cast<std::uint32_t>(wall_clock_us());
  return config::load(config::RealFileSystem(), options.use_file, load_options);
}

config::Loaded load_and_lint(const CommandLine& options) {
  config::Loaded loaded = load_files(options);
  config::lint_machine(loaded.tree, loaded.config, RealMachine(), loaded.diagnostics);
  return loaded;
}

bool has_work_for_vrrp(const config::Config& config) {
  return !config.vrrp_instances.empty() || !config.static_addresses.empty() || !config.static_routes.empty() ||
         !config.static_rules.empty();
}

void write_diagnostics(std::FILE* out, const config::Loaded& loaded) {
  for (const config::Diagnostic& diagnostic : loaded.diagnostics.list()) {
    std::fprintf(out, "%s\n", config::render(diagnostic, loaded).c_str());
  }
}

}  // namespace

Configuration load_configuration(const CommandLine& options) {
  Configuration c;
  c.loaded = load_files(options);
  c.config = std::move(c.loaded.config);
  config::lint_machine(c.loaded.tree, c.config, RealMachine(), c.loaded.diagnostics);
  if (!c.config.global_defs.config_save_dir.empty()) c.text = config::print(c.loaded.tree);
  c.parts = {Part{tree_for_vrrp(c.loaded.tree, c.config)}, Part{tree_for_checker(c.loaded.tree)}};
  config::drop_unusable_checks(c.parts[static_cast<std::size_t>(Role::Checker)].tree, c.config);
  for (Part& part : c.parts) part.digest = config::digest(part.tree);
  if (has_work_for_vrrp(c.config) && !options.only_checkers) c.needed.push_back(Role::Vrrp);
  if (!c.config.virtual_servers.empty() && !options.only_vrrp) c.needed.push_back(Role::Checker);
  return c;
}

int print_configuration(const CommandLine& options) {
  const config::Loaded loaded = load_and_lint(options);
  write_diagnostics(stderr, loaded);
  std::fputs(config::canonical_text(loaded.config).c_str(), stdout);
  return config::exit_code(loaded.diagnostics);
}

int test_configuration(const CommandLine& options) {
  const config::Loaded loaded = load_and_lint(options);
  if (options.test_as_json) {
    std::fputs(json_report(loaded).c_str(), stdout);
    return config::exit_code(loaded.diagnostics);
  }
  std::FILE* out = stderr;
  if (!options.test_output.empty()) {
    out = std::fopen(options.test_output.c_str(), "ae");
    if (!out) {
      std::perror(options.test_output.c_str());
      return 4;
    }
  }
  write_diagnostics(out, loaded);
  if (out != stderr) std::fclose(out);
  return config::exit_code(loaded.diagnostics);
}

std::string unchangeable_difference(const config::GlobalDefs& running, const config::GlobalDefs& offered) {
  if (running.net_namespace != offered.net_namespace) return "net_namespace";
  if (running.daemon.net_namespace_ipvs != offered.daemon.net_namespace_ipvs) return "net_namespace_ipvs";
  if (running.instance != offered.instance) return "instance";
  if (running.disable_local_igmp != offered.disable_local_igmp) return "disable_local_igmp";
  if (running.use_pid_dir != offered.use_pid_dir) return "use_pid_dir";
  if (running.firewall.table() != offered.firewall.table()) return "nftables";
  if (running.marks.table() != offered.marks.table()) return "IPVS nftables table name";
  return {};
}

}  // namespace holdfast::watchdog
