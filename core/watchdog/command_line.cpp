#include "core/watchdog/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <signal.h>

#include "core/base/text.h"
#include "core/version.h"

namespace holdfast::watchdog {
namespace {

enum class Argument { None, Required, Optional };
struct Option {
  char letter;  // 0 = none
  const char* name;
  Argument argument;
  const char* value;
  const char* help;
};

// One row per option: getopt's view of the command line, from which the words are normalised and CLI11 is told.
constexpr std::array kOptions{
    Option{'f', "use-file", Argument::Required, "FILE", "Use the specified configuration file (or glob)"},
    Option{'P', "vrrp", Argument::None, "", "Only run the VRRP subsystem"},
    Option{'C', "check", Argument::None, "", "Only run the health-checker subsystem"},
    Option{'B', "no_bfd", Argument::None, "", "Do not run the BFD subsystem"},
    Option{0, "all", Argument::None, "", "Run all subsystems, even those with no configuration"},
    Option{'l', "log-console", Argument::None, "", "Log messages to the local console as well"},
    Option{'D', "log-detail", Argument::None, "", "Detailed log messages; twice for more"},
    Option{'S', "log-facility", Argument::Required, "FACILITY", "Syslog facility: 0-7, local0-local7, user, daemon"},
    Option{'g', "log-file", Argument::Optional, "FILE", "Also log to FILE"},
    Option{0, "flush-log-file", Argument::None, "", "Flush the log file on each write"},
    Option{'G', "no-syslog", Argument::None, "", "Do not write to syslog"},
    Option{'u', "umask", Argument::Required, "MASK", "umask for file creation (octal)"},
    Option{'X', "release-vips", Argument::None, "", "Drop VIPs also when they are not known to be ours"},
    Option{'V', "dont-release-vrrp", Argument::None, "", "Keep VIPs, routes and rules on stop"},
    Option{'I', "dont-release-ipvs", Argument::None, "", "Keep the IPVS table on stop"},
    Option{'R', "dont-respawn", Argument::None, "", "Do not restart child processes"},
    Option{'n', "dont-fork", Argument::None, "", "Stay in the foreground"},
    Option{'d', "dump-conf", Argument::None, "", "Dump the configuration to the log"},
    Option{'p', "pid", Argument::Required, "FILE", "pid file of the parent process"},
    Option{'r', "vrrp_pid", Argument::Required, "FILE", "pid file of the VRRP process"},
    Option{'c', "checkers_pid", Argument::Required, "FILE", "pid file of the health checkers"},
    Option{'b', "bfd_pid", Argument::Required, "FILE", "pid file of the BFD process"},
    Option{'T', "genhash", Argument::None, "", "Run as genhash"},
    Option{'a', "address-monitoring", Argument::None, "", "Log all addresses added and deleted"},
    Option{'x', "snmp", Argument::None, "", "Enable the SNMP sub-agent"},
    Option{'A', "snmp-agent-socket", Argument::Required, "ADDR", "Address of the SNMP master agent"},
    Option{'s', "namespace", Argument::Required, "NAME", "Run in this network namespace"},
    Option{'m', "core-dump", Argument::None, "", "Produce a core dump after an abnormal end"},
    Option{'M', "core-dump-pattern", Argument::Optional, "PATTERN", "Set the kernel's core_pattern"},
    Option{'e', "all-config", Argument::None, "", "Errors in include directives are errors"},
    Option{'i', "config-id", Argument::Required, "ID", "Lines beginning with @ID are kept only for this ID"},
    Option{0, "signum", Argument::Required, "NAME",
           "Print the signal number of STOP RELOAD DATA STATS STATS_CLEAR JSON"},
    Option{'t', "config-test", Argument::Optional, "FILE",
           "Check the configuration and exit; messages to FILE or stderr, or as a JSON list to stdout (FILE = json)"},
    Option{0, "print-config", Argument::None, "", "Print what was understood of the configuration, and exit"},
    Option{0, "ignore-sigint", Argument::None, "", "Do not stop on SIGINT"},
    Option{0, "perf", Argument::Optional, "WHEN", "Collect performance data"},
    Option{0, "debug", Argument::Optional, "WHAT", "Debug output"},
    Option{0, "no-mem-check", Argument::None, "", "No memory check"},
    Option{'L', "mem-check-log", Argument::None, "", "Log memory checks"},
    Option{'O', "disable-event-log", Argument::None, "", "Do not log events"},
    Option{'v', "version", Argument::None, "", "Version of the program"},
    Option{'h', "help", Argument::None, "", "This text"},
};

// Read, but what they do belongs to a later part: said in the log at start.
constexpr std::array kLater{"no_bfd",  "log-file",     "flush-log-file",    "dont-release-ipvs", "bfd_pid",
                            "genhash", "snmp",         "snmp-agent-socket", "core-dump-pattern", "perf",
                            "debug",   "no-mem-check", "mem-check-log",     "disable-event-log", "all"};

struct Refusal {
  std::string text;
};

using Words = std::vector<std::string>;
/// name → arguments given, in order.
using Given = std::map<std::string, Words, std::less<>>;

const Option* by_letter(char letter) {
  const auto found = std::ranges::find(kOptions, letter, &Option::letter);
  return letter == 0 || found == kOptions.end() ? nullptr : &*found;
}

/// Exact, or the only one that begins so.
const Option* by_name(std::string_view name) {
  const Option* found = nullptr;
  for (const Option& option : kOptions) {
    const std::string_view full = option.name;
    if (full == name) return &option;
    if (!name.empty() && full.starts_with(name)) found = found ? &kOptions.back() + 1 : &option;
  }
  return found == &kOptions.back() + 1 ? nullptr : found;
}

std::string long_word(const Option& option, std::string_view value) {
  return fmt::format("--{}={}", option.name, value);
}

/// Takes getopt's words apart, so that CLI11 sees only `--name` and `--name=value`.
class Normaliser {
 public:
  explicit Normaliser(const Words& arguments) : arguments_(arguments) {}

  std::optional<Refusal> run(Words& normal, Words& surplus) {
    for (at_ = 0; at_ < arguments_.size(); ++at_) {
      const std::string& word = arguments_[at_];
      std::optional<Refusal> refusal;
      if (word == "--") {
        surplus.insert(surplus.end(), arguments_.begin() + static_cast<std::ptrdiff_t>(at_) + 1, arguments_.end());
        break;
      }
      if (word.starts_with("--"))
        refusal = long_option(word, normal);
      else if (word.size() > 1 && word[0] == '-')
        refusal = cluster(word, normal);
      else
        surplus.push_back(word);
      if (refusal) return refusal;
    }
    return std::nullopt;
  }

 private:
  std::optional<Refusal> long_option(const std::string& word, Words& normal) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const Option* option = by_name(name);
    const bool has_value = equals != std::string::npos;
    if (!option || (has_value && option->argument == Argument::None)) return Refusal{"Unknown option " + word};
    if (has_value && equals + 1 == word.size() && option->argument == Argument::Required) {
      return Refusal{"Missing parameter for option --" + name};
    }
    if (has_value) {
      normal.push_back(long_word(*option, word.substr(equals + 1)));
    } else if (option->argument == Argument::Required) {
      return with_next_word(*option, "--" + name, normal);
    } else {
      normal.push_back(fmt::format("--{}", option->name));
    }
    return std::nullopt;
  }

  std::optional<Refusal> cluster(const std::string& word, Words& normal) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const Option* option = by_letter(word[i]);
      if (!option) return Refusal{fmt::format("Unknown option -{}", word[i])};
      const std::string rest = word.substr(i + 1);
      if (option->argument != Argument::None && !rest.empty()) {
        normal.push_back(long_word(*option, rest));
        return std::nullopt;
      }
      if (option->argument == Argument::Required) return with_next_word(*option, fmt::format("-{}", word[i]), normal);
      normal.push_back(fmt::format("--{}", option->name));
    }
    return std::nullopt;
  }

  std::optional<Refusal> with_next_word(const Option& option, const std::string& shown, Words& normal) {
    if (at_ + 1 >= arguments_.size() || arguments_[at_ + 1].empty())
      return Refusal{"Missing parameter for option " + shown};
    normal.push_back(long_word(option, arguments_[++at_]));
    return std::nullopt;
  }

  const Words& arguments_;
  std::size_t at_ = 0;
};

Given parse_with_cli11(const Words& normal, std::string& help) {
  CLI::App app{"Holdfast: VRRP and load-balancer director daemon, in keepalived's place", "keepalived"};
  app.set_help_flag();
  Given given;
  for (const Option& option : kOptions) {
    const std::string names =
        option.letter ? fmt::format("-{},--{}", option.letter, option.name) : fmt::format("--{}", option.name);
    const auto keep = [&given, name = std::string(option.name)](const Words& values) {
      Words& all = given[name];
      all.insert(all.end(), values.begin(), values.end());
      return true;
    };
    CLI::Option* added = app.add_option(names, CLI::callback_t(keep), option.help);
    added->type_name(option.value)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (option.argument == Argument::None) added->expected(0)->type_size(0)->type_name("");
    if (option.argument == Argument::Optional) added->expected(0, 1);
  }
  help = app.help();
  Words reversed(normal.rbegin(), normal.rend());
  // The words have been made regular above; what CLI11 still refuses is a defect of this file.
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError&) {
    given.clear();
  }
  return given;
}

std::optional<int> facility_number(const std::string& text) {
  static const std::map<std::string, int, std::less<>> kNamed{{"user", 1}, {"daemon", 3}};
  if (const auto named = kNamed.find(text); named != kNamed.end()) return named->second;
  const std::string_view digits = text.starts_with("local") ? std::string_view(text).substr(5) : std::string_view(text);
  if (digits.size() != 1 || digits[0] < '0' || digits[0] > '7') return std::nullopt;
  return 16 + (digits[0] - '0');
}

std::optional<int> signal_number(std::string_view name) {
  if (name == "STOP") return SIGTERM;
  if (name == "RELOAD") return SIGHUP;
  if (name == "DATA") return SIGUSR1;
  if (name == "STATS") return SIGUSR2;
  if (name == "STATS_CLEAR") return SIGRTMAX - 1;
  if (name == "JSON") return SIGRTMIN + 2;
  return std::nullopt;
}

std::optional<unsigned> octal(const std::string& text) {
  unsigned value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  if (failure != std::errc{} || end != text.data() + text.size() || value > 0777) return std::nullopt;
  return value;
}

std::string last(const Given& given, std::string_view name, std::string otherwise = {}) {
  const auto found = given.find(name);
  return found == given.end() || found->second.empty() ? otherwise : found->second.back();
}

ParsedCommandLine refuse(ParsedCommandLine parsed, const std::string& text) {
  parsed.exit_code = 1;
  parsed.standard_error += text + "\n";
  return parsed;
}

}  // namespace

std::string version_text() {
  return fmt::format("Keepalived v{} ({})", kVersion, kVersionDate);
}

ParsedCommandLine parse_command_line(const Words& arguments) {
  ParsedCommandLine parsed;
  CommandLine& o = parsed.options;
  Words normal;
  if (const auto refusal = Normaliser(arguments).run(normal, o.surplus))
    return refuse(std::move(parsed), refusal->text);
  std::string help;
  const Given given = parse_with_cli11(normal, help);
  const auto has = [&given](std::string_view name) { return given.contains(name); };
  if (!o.surplus.empty()) parsed.standard_error += "Unexpected argument(s): " + join(o.surplus, " ") + "\n";

  if (has("version")) {
    parsed.exit_code = 0;
    parsed.standard_error += version_text() + "\n\nHoldfast, in keepalived's place. Apache License 2.0, no warranty.\n";
    return parsed;
  }
  if (has("help")) {
    parsed.exit_code = 0;
    parsed.standard_output = help;
    return parsed;
  }
  if (has("signum")) {
    const std::string name = last(given, "signum");
    const auto number = signal_number(name);
    if (!number) return refuse(std::move(parsed), "Unknown sigfunc " + name);
    parsed.exit_code = 0;
    parsed.standard_output = fmt::format("{}\n", *number);
    return parsed;
  }
  if (has("genhash")) {
    return refuse(std::move(parsed), "--genhash must be the first option, its own follow it");
  }
  if (has("log-facility")) {
    const auto facility = facility_number(last(given, "log-facility"));
    if (!facility) return refuse(std::move(parsed), "Invalid log facility '" + last(given, "log-facility") + "'");
    o.syslog_facility = *facility;
  }
  if (has("umask")) {
    o.umask = octal(last(given, "umask"));
    if (!o.umask) return refuse(std::move(parsed), "Invalid umask '" + last(given, "umask") + "'");
  }
  o.use_file = last(given, "use-file", o.use_file);
  o.only_vrrp = has("vrrp");
  o.only_checkers = has("check");
  o.all_processes = has("all");
  o.log_console = has("log-console");
  o.log_detail = static_cast<int>(std::ranges::count(normal, "--log-detail"));
  o.no_syslog = has("no-syslog");
  o.release_vips = has("release-vips");
  o.keep_vips = has("dont-release-vrrp");
  o.keep_ipvs = has("dont-release-ipvs");
  o.respawn = !has("dont-respawn");
  o.fork = !has("dont-fork");
  o.dump_configuration = has("dump-conf");
  o.pid_file = last(given, "pid");
  o.vrrp_pid_file = last(given, "vrrp_pid");
  o.checkers_pid_file = last(given, "checkers_pid");
  o.bfd_pid_file = last(given, "bfd_pid");
  o.watch_addresses = has("address-monitoring");
  o.net_namespace = last(given, "namespace");
  o.core_dump = has("core-dump");
  o.all_include_checks = has("all-config");
  o.config_id = last(given, "config-id");
  o.test_configuration = has("config-test");
  o.test_output = last(given, "config-test");
  o.test_as_json = o.test_output == "json";
  o.print_configuration = has("print-config");
  o.ignore_sigint = has("ignore-sigint");
  for (const char* name : kLater) {
    if (has(name)) o.later.push_back(fmt::format("--{}", name));
  }
  return parsed;
}

}  // namespace holdfast::watchdog
