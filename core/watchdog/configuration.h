// From the file to what core and its children work with: loaded, checked against this machine, and cut to what each child
// needs. Called at start, at SIGHUP and for -t.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/config/load.h"
#include "core/watchdog/command_line.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

/// What one child is sent.
struct Part {
  config::Tree tree;         ///< the roots it works with
  std::uint64_t digest = 0;  ///< of that tree, locations aside
};

struct Configuration {
  config::Loaded loaded;      ///< every diagnostic; tree and config are spent, they went into what follows
  config::Config config;      ///< without the scripts that this machine cannot run
  std::array<Part, 2> parts;  ///< by Role
  std::vector<Role> needed;   ///< the children that have something to do
  std::string text;           ///< for config_save_dir: as it was understood line by line; "" when nobody wants it
  const Part& part(Role role) const { return parts[static_cast<std::size_t>(role)]; }
  bool usable() const { return !loaded.diagnostics.has(config::Severity::Fatal); }
  bool clean() const { return !loaded.diagnostics.has(config::Severity::Error); }
};

Configuration load_configuration(const CommandLine& options);

/// `-t`: writes what is wrong to stderr or the file of the option; gives the exit code (behaviour.md a.5).
int test_configuration(const CommandLine& options);

/// `--print-config`: what was understood to stdout, what is wrong to stderr; the exit code of `-t`.
int print_configuration(const CommandLine& options);

/// What a reload must not change (behaviour.md c, "Reload"); "" when nothing of that changed.
std::string unchangeable_difference(const config::GlobalDefs& running, const config::GlobalDefs& offered);

}  // namespace holdfast::watchdog
