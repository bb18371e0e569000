// Where this daemon's files are (behaviour.md b.4). Several daemons on one machine, each with its own -p -r -c, meet nowhere:
// whatever else we keep lies in `run_directory`, which follows -p, or the instance and the network namespace. Pure.
#pragma once

#include <string>

#include "core/config/schema/global_defs.h"
#include "core/watchdog/command_line.h"

namespace holdfast::watchdog {

struct Paths {
  std::string pid_file, vrrp_pid_file, checkers_pid_file;
  std::string run_directory;  ///< mode 0700
  std::string name_suffix;    ///< "_NAMESPACE_INSTANCE" of idents, pid files and dumps; empty parts left out

  std::string cookie() const { return run_directory + "/cookie"; }
  std::string records() const { return run_directory + "/records"; }
  std::string rendezvous() const { return run_directory + "/rendezvous.sock"; }
  std::string control() const { return run_directory + "/control.sock"; }
};

Paths paths_for(const CommandLine& options, const config::GlobalDefs& globals);

}  // namespace holdfast::watchdog
