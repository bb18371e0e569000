// keepalivedctl's command line. Pure: what is to be printed and the exit code are in the result.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace holdfast::control {

enum class Command { Status, Watch };

inline constexpr int kExitDone = 0;
inline constexpr int kExitNoDaemon = 1;
inline constexpr int kExitNotAllowed = 2;
inline constexpr int kExitUsage = 3;

struct CommandLine {
  std::string run_directory = "/run/keepalived";
  Command command = Command::Status;
  bool json = false;

  std::string socket() const { return run_directory + "/control.sock"; }
};

struct ParsedCommandLine {
  CommandLine options;
  std::string standard_output, standard_error;
  std::optional<int> exit_code;  ///< set: print and leave
};

/// argv without the program name.
ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace holdfast::control
