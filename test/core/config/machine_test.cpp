#include "core/config/machine.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
Loaded checked(const std::string& text, const FakeMachine& machine) {
  Loaded loaded = load_text(text);
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  return loaded;
}
const std::string kScript = "vrrp_script S {\n script \"/bin/s x\"\n}\n";
const std::string kUse = instance("track_script {\n S\n}\nnotify /bin/n");
}  // namespace

TEST_CASE("an interface that is missing is fatal, unless interfaces may come and go") {
  FakeMachine machine;
  machine.missing_interfaces = {"eth0"};
  const Loaded loaded = checked(instance(""), machine);
  CHECK(mentions(loaded, "k.conf:2:12: WARNING - interface eth0 for vrrp_instance I doesn't exist"));
  CHECK(mentions(loaded, "Non-existent interface specified in configuration"));
  CHECK(loaded.diagnostics.has(Severity::Fatal));
  CHECK(exit_code(loaded.diagnostics) == 5);
  CHECK_FALSE(
      checked("global_defs {\n dynamic_interfaces\n}\n" + instance(""), machine).diagnostics.has(Severity::Fatal));
}

TEST_CASE("scripts without enable_script_security exit 6") {
  const Loaded loaded = checked(kScript + kUse, {});
  CHECK(exit_code(loaded.diagnostics) == 6);
  CHECK(mentions(loaded, "SECURITY VIOLATION - scripts are being executed but script_security not enabled."));
  CHECK(loaded.config.global_defs.script_user == "keepalived_script");
  CHECK(exit_code(checked("global_defs {\n enable_script_security\n script_user root\n}\n" + kScript + kUse, {})
                      .diagnostics) == 0);
  CHECK(exit_code(checked(instance(""), {}).diagnostics) == 0);
}

TEST_CASE("insecure scripts are removed when security is on, and mentioned when it is off") {
  FakeMachine machine;
  machine.insecure_scripts = {"/bin/s"};
  CHECK(mentions(checked(kScript + kUse, machine), "There are insecure scripts."));
  const Loaded on = checked("global_defs {\n enable_script_security\n}\n" + kScript + kUse, machine);
  CHECK(mentions(on, "k.conf:5:9: Disabling track script S due to insecure"));
  CHECK(on.config.vrrp_scripts.empty());
  CHECK(on.config.vrrp_instances[0].track_scripts.empty());
  CHECK(exit_code(on.diagnostics) == 6);
}

TEST_CASE("a script that is missing or no program is removed with its trackers") {
  FakeMachine machine;
  machine.missing_scripts = {"/bin/s"};
  machine.plain_files = {"/bin/n"};
  const Loaded loaded = checked(kScript + kUse, machine);
  CHECK(mentions(loaded, "Disabling track script S since not found/accessible"));
  CHECK(mentions(loaded, "Disabling notify script /bin/n since not found/accessible"));
  CHECK(loaded.config.vrrp_scripts.empty());
  CHECK(loaded.config.vrrp_instances[0].track_scripts.empty());
  CHECK(loaded.config.vrrp_instances[0].notify->any.empty());
  CHECK(exit_code(loaded.diagnostics) == 5);
}

TEST_CASE("without a user to run scripts as, security removes them and its absence warns") {
  FakeMachine machine;
  machine.missing_users = {"keepalived_script"};
  CHECK(mentions(checked(kScript + kUse, machine),
                 "default user 'keepalived_script' for script execution does not exist"));
  const Loaded on = checked("global_defs {\n enable_script_security\n}\n" + kScript + kUse, machine);
  CHECK(mentions(on, "Unable to set default user keepalived_script for script"));
  CHECK(on.config.vrrp_scripts.empty());
  CHECK(exit_code(on.diagnostics) == 5);
}

TEST_CASE("users and groups that are named must exist") {
  FakeMachine machine;
  machine.missing_users = {"ghost"};
  machine.missing_groups = {"ghosts"};
  const Loaded user = checked("global_defs {\n script_user ghost\n}\n" + kScript + kUse, machine);
  CHECK(mentions(user, "Unable to resolve default script username 'ghost' - ignoring"));
  CHECK(user.config.global_defs.script_user == "keepalived_script");
  CHECK(mentions(checked("global_defs {\n script_user root ghosts\n}\n" + kScript + kUse, machine),
                 "Unable to resolve default script group"));
  const Loaded script = checked(kScript + instance("notify /bin/n ghost"), machine);
  CHECK(script.config.vrrp_instances[0].notify->any.empty());
}

TEST_CASE("scripts of the checker go through the same checks, and a check without its program is none") {
  const std::string services =
      "virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n quorum_up \"/bin/q a\"\n"
      " real_server 10.0.0.2 80 {\n notify_up /bin/n\n MISC_CHECK {\n misc_path /bin/m\n }\n MISC_CHECK {\n"
      " misc_path /bin/ok\n }\n }\n}\n";
  FakeMachine machine;
  machine.missing_scripts = {"/bin/m", "/bin/q"};
  machine.insecure_scripts = {"/bin/n"};
  const Loaded off = checked(services, machine);
  CHECK(mentions(off, "k.conf:9:12: warning: Disabling misc script /bin/m since not found/accessible"));
  CHECK(mentions(off, "k.conf:5:12: warning: Disabling quorum script /bin/q since not found/accessible"));
  CHECK(mentions(off,
                 "SECURITY VIOLATION - check scripts are being executed but script_security not enabled. There are "
                 "insecure scripts."));
  CHECK(off.config.virtual_servers[0].quorum_up.empty());
  CHECK(off.config.virtual_servers[0].real_servers[0].checks.size() == 1);
  CHECK_FALSE(off.config.virtual_servers[0].real_servers[0].notify_up.empty());
  const Loaded on = checked("global_defs {\n enable_script_security\n}\n" + services, machine);
  CHECK(mentions(on, "k.conf:10:12: Disabling notify script /bin/n due to insecure"));
  CHECK(exit_code(on.diagnostics) == 6);
}
