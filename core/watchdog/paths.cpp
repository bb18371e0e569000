#include "core/watchdog/paths.h"

namespace holdfast::watchdog {

Paths paths_for(const CommandLine& options, const config::GlobalDefs& globals) {
  Paths paths;
  const std::string& net_namespace = options.net_namespace.empty() ? globals.net_namespace : options.net_namespace;
  if (!net_namespace.empty()) paths.name_suffix += "_" + net_namespace;
  if (!globals.instance.empty()) paths.name_suffix += "_" + globals.instance;

  const bool own_directory = globals.use_pid_dir || !paths.name_suffix.empty();
  const auto default_pid_file = [&](const char* name) {
    return own_directory ? std::string("/run/keepalived/") + name + paths.name_suffix + ".pid"
                         : std::string("/run/") + name + ".pid";
  };
  const auto chosen = [&](const std::string& given, const char* name) {
    return given.empty() ? default_pid_file(name) : given;
  };
  paths.pid_file = chosen(options.pid_file, "keepalived");
  paths.vrrp_pid_file = chosen(options.vrrp_pid_file, "vrrp");
  paths.checkers_pid_file = chosen(options.checkers_pid_file, "checkers");
  paths.run_directory = options.pid_file.empty() ? "/run/keepalived" + paths.name_suffix : options.pid_file + ".d";
  return paths;
}

}  // namespace holdfast::watchdog
