// From the file to what core and its children work with: loaded, checked against this machine, and cut to what each child
// needs. Called at start, at SIGHUP and for -t.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/load.h"
#include "core/watchdog/command_line.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

struct Configuration {
  config::Loaded loaded;   ///< with every diagnostic
  config::Config config;   ///< without the scripts that this machine cannot run
  config::Tree vrrp_tree;  ///< the roots of the vrrp process
  std::uint64_t vrrp_digest = 0;
  std::vector<Role> needed;  ///< the children that have something to do
  bool usable() const { return !loaded.diagnostics.has(config::Severity::Fatal); }
  bool clean() const { return !loaded.diagnostics.has(config::Severity::Error); }
};

Configuration load_configuration(const CommandLine& options);

/// `-t`: writes what is wrong to stderr or the file of the option; gives the exit code (behaviour.md a.5).
int test_configuration(const CommandLine& options);

/// What a reload must not change (behaviour.md c, "Reload"); "" when nothing of that changed.
std::string unchangeable_difference(const config::GlobalDefs& running, const config::GlobalDefs& offered);

}  // namespace holdfast::watchdog
