#include "core/watchdog/main_program.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/config/canonical.h"
#include "core/config/render.h"
#include "core/log/console_sink.h"
#include "core/log/syslog_sink.h"
#include "core/runtime/clock.h"
#include "core/runtime/process_name.h"
#include "core/runtime/signals.h"

namespace holdfast::watchdog {
namespace {

constexpr int kExitConfiguration = 2;
constexpr int kExitNoConfiguration = 6;  // behaviour.md b.2: no or unreadable configuration

std::unique_ptr<SinkLogger> make_logger(const CommandLine& options, const Paths& paths) {
  std::vector<std::unique_ptr<LogSink>> sinks;
  if (!options.no_syslog) sinks.push_back(std::make_unique<SyslogSink>(SyslogOptions{options.syslog_facility}));
  if (options.log_console) sinks.push_back(std::make_unique<ConsoleSink>());
  LoggerOptions logger{"Keepalived" + paths.name_suffix, getpid(), options.log_detail > 0, wall_clock_us};
  return std::make_unique<SinkLogger>(std::move(logger), std::move(sinks));
}

Status enter_network_namespace(const std::string& name) {
  const std::string path = "/run/netns/" + name;
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return system_error(path, errno);
  if (setns(fd.get(), CLONE_NEWNET) != 0) return system_error("entering " + path, errno);
  return success();
}

void allow_core_dumps() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &unlimited);
}

void log_start(SinkLogger& logger, const CommandLine& options, const std::vector<std::string>& arguments) {
  utsname system{};
  uname(&system);
  logger.info(fmt::format("Starting {}", version_text()));
  logger.info(fmt::format("Running on {} {} {}", system.sysname, system.release, system.version));
  std::string line = "Command line: 'keepalived'";
  for (const std::string& argument : arguments) line += " '" + argument + "'";
  logger.info(line);
  logger.info("Configuration file " + options.use_file);
  for (const std::string& option : options.later)
    logger.warning("Option " + option + " is read, but has no effect in this version");
}

void log_diagnostics(SinkLogger& logger, const Configuration& configuration) {
  for (const config::Diagnostic& diagnostic : configuration.loaded.diagnostics.list()) {
    const std::string line =
        config::render_line(diagnostic, configuration.loaded.tree.files, configuration.loaded.definition_uses);
    switch (diagnostic.severity) {
      case config::Severity::Note:
        logger.info(line);
        break;
      case config::Severity::Warning:
        logger.warning(line);
        break;
      default:
        logger.error(line);
        break;
    }
  }
}

/// -d
void log_configuration(SinkLogger& logger, const config::Config& config) {
  const std::string text = config::canonical_text(config);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    logger.info(text.substr(from, end - from));
    from = end + 1;
  }
}

int refuse_configuration(SinkLogger& logger, const Configuration& configuration) {
  logger.error("The configuration cannot be used, nothing is started");
  const bool none_read = configuration.loaded.tree.files.empty();
  return none_read ? kExitNoConfiguration : kExitConfiguration;
}

}  // namespace

int main_program(const std::vector<std::string>& arguments, const ExecutorFactory& make_executor) {
  const ParsedCommandLine parsed = parse_command_line(arguments);
  std::fputs(parsed.standard_output.c_str(), stdout);
  std::fputs(parsed.standard_error.c_str(), stderr);
  if (parsed.exit_code) return *parsed.exit_code;
  const CommandLine& options = parsed.options;
  name_process("keepalived");
  if (options.print_configuration) return print_configuration(options);
  if (options.test_configuration) return test_configuration(options);

  if (options.umask) umask(*options.umask);
  ignore_sigpipe();
  block_signals({SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD, SIGRTMAX - 1, SIGRTMIN + 2});
  if (options.core_dump) allow_core_dumps();

  Configuration configuration = load_configuration(options);
  Paths paths = paths_for(options, configuration.config.global_defs);
  std::unique_ptr<SinkLogger> logger = make_logger(options, paths);
  if (const auto holder = PidFile::holder(paths.pid_file)) {
    logger->info("daemon is already running");
    return 0;
  }
  log_start(*logger, options, arguments);
  log_diagnostics(*logger, configuration);
  if (options.dump_configuration) log_configuration(*logger, configuration.config);
  if (!configuration.usable()) return refuse_configuration(*logger, configuration);
  name_process(configuration.config.global_defs.daemon.names.of_watchdog());
  if (!options.umask && configuration.config.global_defs.umask) umask(*configuration.config.global_defs.umask);
  const std::string& net_namespace =
      options.net_namespace.empty() ? configuration.config.global_defs.net_namespace : options.net_namespace;
  if (!net_namespace.empty()) {
    if (const Status entered = enter_network_namespace(net_namespace); !entered) {
      logger->error(entered.error().message);
      return 1;
    }
  }
  StartReport report;
  if (options.fork) {
    auto daemonized = daemonize();
    if (!daemonized) {
      logger->error(daemonized.error().message);
      return 1;
    }
    report = std::move(*daemonized);
    logger->set_pid(getpid());
  }
  auto pid_file = PidFile::acquire(paths.pid_file);
  if (!pid_file) {
    const bool running = pid_file.error().code == EAGAIN;
    logger->error(running ? "daemon is already running" : "pid file: " + pid_file.error().message);
    report.tell(running ? 0 : 1);
    return running ? 0 : 1;
  }
  configuration.loaded = {};  // all of it was said; it holds the text of every file
  Process process({options, std::move(paths), std::move(configuration), std::move(logger), std::move(*pid_file),
                   std::move(report), make_executor});
  return process.run();
}

}  // namespace holdfast::watchdog
