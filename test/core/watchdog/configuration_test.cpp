#include "core/watchdog/configuration.h"

#include <catch2/catch.hpp>

#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

const std::string instance =
    "vrrp_instance V {\n    state BACKUP\n    interface lo\n    virtual_router_id 51\n    priority 100\n"
    "    virtual_ipaddress {\n        192.0.2.9/24\n    }\n}\n";

struct Files {
  explicit Files(const std::string& text) {
    write_file(directory.file("k.conf"), text, 0644);
    options.use_file = directory.file("k.conf");
  }
  Configuration load() const { return load_configuration(options); }
  TemporaryDirectory directory;
  CommandLine options;
};

}  // namespace

TEST_CASE("a configuration with an instance needs the VRRP process") {
  const Configuration c = Files(instance).load();
  CHECK(c.usable());
  CHECK(c.clean());
  CHECK(c.needed == std::vector<Role>{Role::Vrrp});
  CHECK(c.config.vrrp_instances.size() == 1);
}

TEST_CASE("without an instance, or with -C, nothing is needed") {
  CHECK(Files("global_defs {\n}\n").load().needed.empty());
  Files files(instance);
  files.options.only_checkers = true;
  CHECK(files.load().needed.empty());
}

TEST_CASE("a missing file is not usable") {
  Files files(instance);
  files.options.use_file = "/no/such/file.conf";
  CHECK_FALSE(files.load().usable());
  CHECK(files.load().loaded.tree.files.empty());
}

TEST_CASE("a file with an unknown keyword is usable for a start and not clean enough for a reload") {
  const Configuration c = Files(instance + "bananas 3\n").load();
  CHECK(c.usable());
  CHECK_FALSE(c.clean());
}

TEST_CASE("the digest says whether the vrrp process would run the same, wherever the lines stand") {
  const std::uint64_t digest = Files(instance).load().part(Role::Vrrp).digest;
  CHECK(Files("# comment\n\n" + instance).load().part(Role::Vrrp).digest == digest);
  std::string other = instance;
  other.replace(other.find("100"), 3, "101");
  CHECK(Files(other).load().part(Role::Vrrp).digest != digest);
}

TEST_CASE("what belongs to the checkers does not reach the vrrp process and does not change its digest") {
  const Configuration c =
      Files(instance + "virtual_server 192.0.2.9 80 {\n    delay_loop 6\n    real_server 10.0.0.1 80 {\n    }\n}\n")
          .load();
  CHECK(c.part(Role::Vrrp).tree.roots.size() == 1);
  CHECK(c.part(Role::Vrrp).digest == Files(instance).load().part(Role::Vrrp).digest);
}

TEST_CASE("a script that this machine cannot run is not told to the vrrp process") {
  const Configuration c = Files("vrrp_script chk {\n    script \"/no/such/script\"\n}\n" + instance).load();
  for (const config::Node& root : c.part(Role::Vrrp).tree.roots) CHECK(root.words[0] != "vrrp_script");
  CHECK(c.config.vrrp_scripts.empty());
}

TEST_CASE("-t says what is wrong in the file it is given, and exits as keepalived does (behaviour.md a.5)") {
  Files good("global_defs {\n router_id here\n}\n");
  good.options.test_output = good.directory.file("out");
  CHECK(test_configuration(good.options) == 0);
  CHECK(content(good.directory.file("out")).empty());
  Files bad(instance + "bananas 3\n");
  bad.options.test_output = bad.directory.file("out");
  CHECK(test_configuration(bad.options) == 5);
  const std::string once = content(bad.directory.file("out"));
  CHECK(once.find("bananas") != std::string::npos);
  CHECK(test_configuration(bad.options) == 5);
  CHECK(content(bad.directory.file("out")) == once + once);
  bad.options.test_output = "/no/such/folder/out";
  CHECK(test_configuration(bad.options) == 4);
}

TEST_CASE("a reload must not change where the daemon lives") {
  config::GlobalDefs a, b;
  CHECK(unchangeable_difference(a, b).empty());
  b.router_id = "other";
  CHECK(unchangeable_difference(a, b).empty());
  b.instance = "one";
  CHECK(unchangeable_difference(a, b) == "instance");
  b.net_namespace = "blue";
  CHECK(unchangeable_difference(a, b) == "net_namespace");
  config::GlobalDefs c;
  c.use_pid_dir = true;
  CHECK(unchangeable_difference(a, c) == "use_pid_dir");
  config::GlobalDefs d;
  d.firewall.nftables = "keepalived";
  CHECK(unchangeable_difference(a, d).empty());
  d.firewall.nftables = "other";
  CHECK(unchangeable_difference(a, d) == "nftables");
  config::GlobalDefs e, f;
  e.marks.nftables = "";
  f.marks.nftables = "keepalived_ipvs";
  CHECK(unchangeable_difference(a, e) == "IPVS nftables table name");
  CHECK(unchangeable_difference(e, a) == "IPVS nftables table name");
  CHECK(unchangeable_difference(e, f).empty());
  f.marks.start = 5;
  f.marks.priority = 3;
  CHECK(unchangeable_difference(e, f).empty());
}
