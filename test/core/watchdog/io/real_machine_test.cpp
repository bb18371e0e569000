#include "core/watchdog/io/real_machine.h"

#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;
using State = config::Machine::ScriptState;

namespace {

State state(const std::string& path, bool check_security = true, const std::string& user = "") {
  config::ScriptCommand command;
  command.argv = {path};
  command.user = user;
  return RealMachine().script_state(command, check_security);
}

}  // namespace

TEST_CASE("kinds of interfaces and addresses are this machine's") {
  const RealMachine machine;
  CHECK(machine.is_loopback("lo"));
  CHECK_FALSE(machine.supports_multicast("lo"));
  CHECK_FALSE(machine.is_loopback("nonesuch9"));
  CHECK(machine.supports_multicast("nonesuch9"));
  CHECK_FALSE(machine.is_loopback(std::string(300, 'x')));
  CHECK_FALSE(machine.addresses().contains(*IpAddress::parse("203.0.113.77")));
}

TEST_CASE("interfaces, users and groups are this machine's") {
  const RealMachine machine;
  CHECK(machine.interface_exists("lo"));
  CHECK_FALSE(machine.interface_exists("nonesuch9"));
  CHECK_FALSE(machine.interface_exists(std::string(300, 'x')));
  CHECK(machine.user_exists("root"));
  CHECK_FALSE(machine.user_exists("nonesuch9"));
  CHECK(machine.group_exists("root"));
  CHECK_FALSE(machine.group_exists(""));
}

TEST_CASE("a program without a slash is looked for in PATH") {
  CHECK(find_program("/no/such/file") == "/no/such/file");
  CHECK(find_program("sh").ends_with("/sh"));
  CHECK(find_program("nonesuch9").empty());
  CHECK(find_program("").empty());
}

TEST_CASE("a script is usable, missing, or not executable") {
  TemporaryDirectory directory;
  CHECK(state("/bin/true") == State::Usable);
  CHECK(state("true") == State::Usable);
  CHECK(state(directory.file("none")) == State::Missing);
  CHECK(state(directory.path()) == State::Missing);
  CHECK(RealMachine().script_state({}, true) == State::Missing);
  write_file(directory.file("plain"), "#!/bin/sh\n", 0644);
  CHECK(state(directory.file("plain")) == State::NotExecutable);
  write_file(directory.file("run"), "#!/bin/sh\n", 0755);
  CHECK(state(directory.file("run"), false) == State::Usable);
}

TEST_CASE("a script run as root that others may change, or whose folder they may, is insecure (behaviour.md h.4)") {
  TemporaryDirectory directory;
  const std::string path = directory.file("run");
  write_file(path, "#!/bin/sh\n", 0755);
  CHECK(state(path) == State::Usable);  // /tmp is sticky
  REQUIRE(chmod(path.c_str(), 0757) == 0);
  CHECK(state(path) == State::Insecure);
  CHECK(state(path, false) == State::Usable);
  CHECK(state(path, true, "nobody") == State::Usable);
  CHECK(state(path, true, "root") == State::Insecure);
  REQUIRE(chmod(path.c_str(), 0755) == 0);
  REQUIRE(chmod(directory.path().c_str(), 0777) == 0);
  CHECK(state(path) == State::Insecure);
  REQUIRE(chmod(directory.path().c_str(), 0755) == 0);
  REQUIRE(chown(path.c_str(), kNobody, 0) == 0);
  CHECK(state(path) == State::Insecure);
}

TEST_CASE("a symlink is judged by what it points to") {
  TemporaryDirectory directory;
  write_file(directory.file("run"), "#!/bin/sh\n", 0757);
  std::filesystem::create_symlink(directory.file("run"), directory.file("link"));
  CHECK(state(directory.file("link")) == State::Insecure);
  std::filesystem::create_symlink(directory.file("nowhere"), directory.file("dangling"));
  CHECK(state(directory.file("dangling")) == State::Missing);
}
