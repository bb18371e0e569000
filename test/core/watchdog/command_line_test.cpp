#include "core/watchdog/command_line.h"

#include <catch2/catch.hpp>
#include <signal.h>

#include "core/version.h"

using namespace holdfast::watchdog;

namespace {

CommandLine accepted(const std::vector<std::string>& words) {
  const ParsedCommandLine parsed = parse_command_line(words);
  INFO(parsed.standard_error);
  CHECK_FALSE(parsed.exit_code);
  return parsed.options;
}

std::string refused(const std::vector<std::string>& words) {
  const ParsedCommandLine parsed = parse_command_line(words);
  REQUIRE(parsed.exit_code);
  CHECK(*parsed.exit_code == 1);
  CHECK(parsed.standard_output.empty());
  return parsed.standard_error;
}

}  // namespace

TEST_CASE("without options everything is keepalived's default") {
  const CommandLine o = accepted({});
  CHECK(o.use_file == "/etc/keepalived/keepalived.conf");
  CHECK(o.fork);
  CHECK(o.respawn);
  CHECK(o.syslog_facility == 3);
  CHECK_FALSE(o.log_console);
  CHECK(o.log_detail == 0);
  CHECK(o.pid_file.empty());
}

TEST_CASE("short options combine, the last of a cluster may take an argument") {
  CommandLine o = accepted({"-nlD"});
  CHECK_FALSE(o.fork);
  CHECK(o.log_console);
  CHECK(o.log_detail == 1);
  o = accepted({"-nDDf", "/a.conf", "-p/x.pid"});
  CHECK(o.log_detail == 2);
  CHECK(o.use_file == "/a.conf");
  CHECK(o.pid_file == "/x.pid");
  CHECK(accepted({"-fnlD"}).use_file == "nlD");
}

TEST_CASE("every option with its own effect is understood in both forms") {
  CHECK(accepted({"-P"}).only_vrrp);
  CHECK(accepted({"--vrrp"}).only_vrrp);
  CHECK(accepted({"-C"}).only_checkers);
  CHECK(accepted({"--all"}).all_processes);
  CHECK(accepted({"-G"}).no_syslog);
  CHECK(accepted({"-X"}).release_vips);
  CHECK(accepted({"-V"}).keep_vips);
  CHECK(accepted({"-I"}).keep_ipvs);
  CHECK_FALSE(accepted({"-R"}).respawn);
  CHECK_FALSE(accepted({"--dont-respawn"}).respawn);
  CHECK(accepted({"-d"}).dump_configuration);
  CHECK(accepted({"-a"}).watch_addresses);
  CHECK(accepted({"-m"}).core_dump);
  CHECK(accepted({"-e"}).all_include_checks);
  CHECK(accepted({"--ignore-sigint"}).ignore_sigint);
  CHECK(accepted({"-r", "/r"}).vrrp_pid_file == "/r");
  CHECK(accepted({"--vrrp_pid=/r"}).vrrp_pid_file == "/r");
  CHECK(accepted({"-c", "/c"}).checkers_pid_file == "/c");
  CHECK(accepted({"-b", "/b"}).bfd_pid_file == "/b");
  CHECK(accepted({"-s", "blue"}).net_namespace == "blue");
  CHECK(accepted({"-i", "node1"}).config_id == "node1");
  CHECK(accepted({"--config-id", "node1"}).config_id == "node1");
  CHECK(accepted({"-u", "027"}).umask == 027U);
}

TEST_CASE("long options may be shortened while they stay unique, exact names win") {
  CHECK(accepted({"--log-c"}).log_console);
  CHECK(accepted({"--use", "/a"}).use_file == "/a");
  CHECK(accepted({"--dont-f"}).fork == false);
  CHECK(accepted({"--pid", "/p"}).pid_file == "/p");
  CHECK(refused({"--log"}) == "Unknown option --log\n");
  CHECK(refused({"--dont"}) == "Unknown option --dont\n");
  CHECK(refused({"--vrr=x"}) == "Unknown option --vrr=x\n");
}

TEST_CASE("an optional argument must be attached") {
  CommandLine o = accepted({"-t"});
  CHECK(o.test_configuration);
  CHECK(o.test_output.empty());
  CHECK(accepted({"-t/tmp/out"}).test_output == "/tmp/out");
  CHECK(accepted({"--config-test=/tmp/out"}).test_output == "/tmp/out");
  o = accepted({"--config-test", "/tmp/out"});
  CHECK(o.test_output.empty());
  CHECK(o.surplus == std::vector<std::string>{"/tmp/out"});
  CHECK(accepted({"-t", "-f", "/a"}).use_file == "/a");
}

TEST_CASE("the syslog facility is a number, local0 to local7, user or daemon") {
  CHECK(accepted({"-S", "0"}).syslog_facility == 16);
  CHECK(accepted({"-S", "7"}).syslog_facility == 23);
  CHECK(accepted({"-S", "local3"}).syslog_facility == 19);
  CHECK(accepted({"-S", "user"}).syslog_facility == 1);
  CHECK(accepted({"-Sdaemon"}).syslog_facility == 3);
  for (const char* wrong : {"8", "-1", "local8", "local", "mail", "07"}) {
    CHECK(refused({std::string("--log-facility=") + wrong}).find("facility") != std::string::npos);
  }
}

TEST_CASE("a umask is octal") {
  for (const char* wrong : {"8", "1000", "x", "0x12", "-1"}) {
    CHECK(refused({std::string("--umask=") + wrong}).find("umask") != std::string::npos);
  }
}

TEST_CASE("wrong options are answered in one line, exit 1") {
  CHECK(refused({"--bananas"}) == "Unknown option --bananas\n");
  CHECK(refused({"-n", "-Z"}) == "Unknown option -Z\n");
  CHECK(refused({"-nZ"}) == "Unknown option -Z\n");
  CHECK(refused({"--vrrp=yes"}) == "Unknown option --vrrp=yes\n");
  CHECK(refused({"-f"}) == "Missing parameter for option -f\n");
  CHECK(refused({"-nf"}) == "Missing parameter for option -f\n");
  CHECK(refused({"--use-file"}) == "Missing parameter for option --use-file\n");
}

TEST_CASE("surplus words are named and ignored") {
  const ParsedCommandLine parsed = parse_command_line({"start", "-n", "--", "-l", "x"});
  CHECK_FALSE(parsed.exit_code);
  CHECK_FALSE(parsed.options.fork);
  CHECK_FALSE(parsed.options.log_console);
  CHECK(parsed.standard_error == "Unexpected argument(s): start -l x\n");
}

TEST_CASE("the last of several wins") {
  CHECK(accepted({"-f", "/a", "--use-file=/b"}).use_file == "/b");
}

TEST_CASE("values that look like options or hold strange characters are values") {
  CHECK(accepted({"-f", "-n"}).use_file == "-n");
  CHECK(accepted({"-i", "--"}).config_id == "--");
  CHECK(accepted({"-f", "/a b=c,d [x]"}).use_file == "/a b=c,d [x]");
  CHECK(accepted({"-i", "[a,b]"}).config_id == "[a,b]");
}

TEST_CASE("signal numbers by name") {
  const auto number = [](const std::string& name) { return parse_command_line({"--signum", name}).standard_output; };
  CHECK(number("STOP") == std::to_string(SIGTERM) + "\n");
  CHECK(number("RELOAD") == "1\n");
  CHECK(number("DATA") == "10\n");
  CHECK(number("STATS") == "12\n");
  CHECK(number("STATS_CLEAR") == std::to_string(SIGRTMAX - 1) + "\n");
  CHECK(number("JSON") == std::to_string(SIGRTMIN + 2) + "\n");
  CHECK(refused({"--signum=X"}) == "Unknown sigfunc X\n");
}

TEST_CASE("version goes to stderr, help to stdout, both exit 0") {
  for (const char* word : {"-v", "--version"}) {
    const ParsedCommandLine parsed = parse_command_line({word});
    CHECK(parsed.exit_code == 0);
    CHECK(parsed.standard_error.starts_with(std::string("Keepalived v") + holdfast::kVersion + " ("));
    CHECK(parsed.standard_output.empty());
  }
  const ParsedCommandLine help = parse_command_line({"-h"});
  CHECK(help.exit_code == 0);
  for (const char* option : {"--use-file", "-f", "--config-test", "--dont-fork", "--signum"}) {
    CHECK(help.standard_output.find(option) != std::string::npos);
  }
}

TEST_CASE("-t may answer in JSON, and --print-config is ours") {
  CHECK(accepted({"--config-test=json"}).test_as_json);
  CHECK(accepted({"-tjson"}).test_as_json);
  CHECK_FALSE(accepted({"--config-test=/tmp/json"}).test_as_json);
  CHECK(accepted({"--print-config", "-f", "x"}).print_configuration);
}

TEST_CASE("options whose effect belongs to a later part say so") {
  CHECK(accepted({"-x", "-B", "-A", "unix:x"}).later ==
        std::vector<std::string>{"--no_bfd", "--snmp", "--snmp-agent-socket"});
  CHECK(accepted({"-n"}).later.empty());
}
