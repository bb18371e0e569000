#include "core/config/lint_groups.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

std::string member(const std::string& name, int vrid, const std::string& lines) {
  return "vrrp_instance " + name + " {\n interface eth0\n virtual_router_id " + std::to_string(vrid) +
         "\n virtual_ipaddress {\n 10.0.0." + std::to_string(vrid) + "\n }\n" + lines + "\n}\n";
}
std::string group(const std::string& lines) {
  return "vrrp_sync_group G {\n group {\n A\n B\n }\n" + lines + "\n}\n";
}
const std::string kScript = "vrrp_script s {\n script /x\n weight 7\n}\n";
const std::string kPlain = "vrrp_script s {\n script /x\n}\n";
const std::string kFile = "track_file f {\n file /x\n}\n";
const std::string kProcess = "vrrp_track_process p {\n process x\n weight 7\n}\n";
const std::string kOther = member("B", 2, "");

Loaded tracked(const std::string& definition, const std::string& lines, const std::string& group_lines = "") {
  return load_text(definition + group(group_lines) + member("A", 1, lines) + kOther);
}
int code(const Loaded& loaded) {
  return exit_code(loaded.diagnostics);
}

}  // namespace

TEST_CASE("weights of a group's members are ignored, whoever says them") {
  const Loaded by_definition = tracked(kScript, " track_script {\n s\n }");
  CHECK(
      mentions(by_definition, "(A) ignoring weight of tracked script s due to SYNC group G (weight 7 is from line 3)"));
  CHECK(code(by_definition) == 5);
  CHECK(code(tracked(kPlain, " track_script {\n s weight 3\n }")) == 5);
  CHECK(code(tracked("", " track_interface {\n eth1 weight 3\n }")) == 5);
  CHECK(code(tracked(kFile, " track_file {\n f\n }")) == 5);
  CHECK(code(tracked("bfd_instance b {\n neighbor_ip 10.0.0.9\n}\n", " track_bfd {\n b weight 3\n }")) == 5);
}

TEST_CASE("without a weight, or with sync_group_tracking_weight, nothing is ignored") {
  CHECK(code(tracked(kPlain, " track_script {\n s\n }")) == 0);
  CHECK(code(tracked(kScript, " track_script {\n s weight 0\n }")) == 0);
  CHECK(code(tracked(kFile, " track_file {\n f weight 0\n }")) == 0);
  CHECK(code(tracked(kScript, " track_script {\n s\n }", " sync_group_tracking_weight")) == 0);
}

TEST_CASE("of processes keepalived does not say it, so the exit code stays") {
  const Loaded loaded = tracked(kProcess, " track_process {\n p\n }");
  CHECK(mentions(loaded, "ignoring weight of tracked process p"));
  CHECK(code(loaded) == 0);
}

TEST_CASE("what the group tracks its members need not") {
  CHECK(code(tracked(kPlain, " track_script {\n s\n }", " track_script {\n s\n }")) == 0);
  CHECK(mentions(tracked(kPlain, " track_script {\n s\n }", " track_script {\n s\n }"),
                 "(A) track_script s is configured"));
  CHECK(code(tracked("", " track_interface {\n eth1\n }", " track_interface {\n eth1\n }")) == 5);
  CHECK(code(tracked("", "", " track_interface {\n eth0\n }")) == 5);
  CHECK(code(tracked("", "", " track_interface {\n eth1\n }")) == 0);
}

TEST_CASE("a group with an owner cannot have weighted trackers") {
  const std::string owners = member("A", 1, " priority 255") + member("B", 2, " priority 255");
  const Loaded loaded = load_text(kScript + group(" track_script {\n s\n }") + owners);
  CHECK(mentions(loaded, "(G) Cannot have weighted track script 's' with member having priority 255"));
  CHECK(code(loaded) == 5);
  CHECK(code(load_text(kScript + group(" track_script {\n s weight 0\n }") + owners)) == 0);
}

TEST_CASE("static entries name track_groups that exist, in any order") {
  const std::string entry = "static_ipaddress {\n 10.3.0.1/24 dev eth0 track_group T\n}\n";
  CHECK(mentions(load_text(entry), "k.conf:2:35: track_group T not found"));
  CHECK(code(load_text(entry)) == 5);
  CHECK(code(load_text(entry + member("A", 1, "") + "track_group T {\n group {\n A\n }\n}\n")) == 0);
}

TEST_CASE("a group has a name of its own and one list of members") {
  const std::string both = member("A", 1, "") + kOther;
  CHECK(mentions(load_text(both + group("") + group("")), "vrrp_sync_group G already defined - ignoring"));
  CHECK_FALSE(mentions(load_text(both + group("") + group("")), "more than one sync group"));
  CHECK(code(load_text(both + "vrrp_sync_group {\n group {\n A\n B\n }\n}\n")) == 5);
  CHECK(code(load_text(both + "track_group {\n group {\n A\n }\n}\n")) == 5);
  CHECK(mentions(load_text(both + group(" group {\n A\n }")), "Sync group G has a second block group"));
  CHECK(mentions(load_text(both + "vrrp_sync_group G {\n group {\n }\n}\n"), "sync group G has empty group block"));
  CHECK(mentions(load_text(both + "vrrp_sync_group G {\n group {\n A\n A\n B\n }\n}\n"), "more than one sync group"));
  CHECK(mentions(load_text("track_group T {\n group {\n }\n}\n"), "empty block group"));
  CHECK(code(load_text(both + "track_group T {\n group {\n A\n }\n group {\n A\n }\n}\n")) == 5);
}

TEST_CASE("of a group's scripts the first counts, and global_tracking is past") {
  const std::string both = member("A", 1, "") + kOther;
  CHECK(mentions(load_text(both + group(" notify_master /a\n notify_master /b")),
                 "sync group G: notify_master script already specified - ignoring"));
  CHECK_FALSE(mentions(load_text(both + group(" notify_master /a\n notify_backup /b")), "already specified"));
  CHECK(code(load_text(both + group(" global_tracking"))) == 5);
}

TEST_CASE("names of groups and instances are one word") {
  CHECK(code(load_text(member("A", 1, "") + "track_group T U {\n group {\n A\n }\n}\n")) == 5);
  const Loaded loaded = load_text(member("A X", 1, ""));
  CHECK(mentions(loaded, "k.conf:1:1: vrrp_instance must have a name, of one word"));
  CHECK(loaded.config.vrrp_instances.empty());
}
