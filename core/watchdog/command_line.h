// keepalived's command line (behaviour.md b.1), parsed by CLI11. getopt's habits that operators' scripts rely on are kept:
// short options combine (-nlD), an optional argument must be attached (--config-test=FILE, -tFILE), long options may be
// shortened as long as they stay unique.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace holdfast::watchdog {

struct CommandLine {
  std::string use_file = "/etc/keepalived/keepalived.conf";
  bool only_vrrp = false;                                                ///< -P
  bool only_checkers = false;                                            ///< -C
  bool all_processes = false;                                            ///< --all
  bool log_console = false;                                              ///< -l
  int log_detail = 0;                                                    ///< -D, twice for more
  int syslog_facility = 3;                                               ///< RFC 3164 number; daemon
  bool no_syslog = false;                                                ///< -G
  std::optional<unsigned> umask;                                         ///< -u
  bool release_vips = false;                                             ///< -X
  bool keep_vips = false;                                                ///< -V
  bool keep_ipvs = false;                                                ///< -I
  bool respawn = true;                                                   ///< false: -R
  bool fork = true;                                                      ///< false: -n
  bool dump_configuration = false;                                       ///< -d
  std::string pid_file, vrrp_pid_file, checkers_pid_file, bfd_pid_file;  ///< "" = default
  bool watch_addresses = false;                                          ///< -a
  std::string net_namespace;                                             ///< -s
  bool core_dump = false;                                                ///< -m
  bool all_include_checks = false;                                       ///< -e
  std::string config_id;                                                 ///< -i; "" = host name up to its first dot
  bool test_configuration = false;                                       ///< -t
  std::string test_output;                                               ///< file of -t; "" = stderr
  bool test_as_json = false;                                             ///< --config-test=json
  bool print_configuration = false;                                      ///< --print-config
  bool ignore_sigint = false;
  std::vector<std::string> later;    ///< options given whose effect belongs to a later part, as written
  std::vector<std::string> surplus;  ///< words that are no options
};

struct ParsedCommandLine {
  CommandLine options;
  /// Set when the program ends here: help, version, --signum, or a wrong option.
  std::optional<int> exit_code;
  std::string standard_output;
  std::string standard_error;
};

ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments);

/// "Holdfast's version line as keepalived prints it": name, version and date.
std::string version_text();

}  // namespace holdfast::watchdog
