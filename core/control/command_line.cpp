#include "core/control/command_line.h"

#include <CLI/CLI.hpp>

#include "core/version.h"

namespace holdfast::control {
namespace {

constexpr const char* kFooter =
    "The run directory is /run/keepalived, FILE.d for a daemon started with -p FILE, and has the suffix _NAMESPACE or\n"
    "_INSTANCE of a daemon that runs in a namespace or as an instance.\n"
    "Exit codes: 0 done, 1 no daemon answers, 2 not allowed, 3 wrong usage.";

}  // namespace

ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments) {
  ParsedCommandLine parsed;
  CommandLine& options = parsed.options;
  CLI::App app{"Looks into a running keepalived without disturbing it", "keepalivedctl"};
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("-V,--version", std::string("keepalivedctl ") + kVersion);
  app.add_option("-r,--run-dir", options.run_directory, "Run directory of the daemon")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_subcommand("status", "Processes, instances, VIPs, scripts, and how late timers were")->callback([&] {
    options.command = Command::Status;
  });
  app.add_subcommand("watch", "A line for each event as it happens, until interrupted")->callback([&] {
    options.command = Command::Watch;
  });
  for (CLI::App* command : app.get_subcommands({})) command->add_flag("--json", options.json, "JSON instead of text");
  // CLI11 reports by exceptions, help and version included; none leaves this function.
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& end) {
    std::ostringstream out, error;
    const bool asked_for = app.exit(end, out, error) == 0;
    parsed.standard_output = out.str();
    parsed.standard_error = error.str();
    parsed.exit_code = asked_for ? kExitDone : kExitUsage;
  }
  return parsed;
}

}  // namespace holdfast::control
