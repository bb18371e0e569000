#include "core/config/schema/root_lvs.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
std::string headed(const std::string& heading) {
  return "virtual_server " + heading + " {\n lb_algo rr\n lb_kind NAT\n real_server 10.0.0.2 80 {\n}\n}\n";
}
}  // namespace

TEST_CASE("a virtual server is reached by address, mark or group") {
  const VirtualServer mark = only_server(load_text(headed("fwmark 4294967295")));
  CHECK(mark.fwmark == 4294967295U);
  CHECK(mark.by_mark);
  const VirtualServer any = only_server(load_text(headed("10.0.0.1")));
  CHECK(any.port == 0);
  CHECK(any.persistence_timeout_s == 360);
  const VirtualServer group = only_server(load_text(headed("group g") + "virtual_server_group g {\n 10.0.0.1 81\n}\n"));
  CHECK(group.group == "g");
  CHECK_FALSE(group.by_mark);
}

TEST_CASE("a heading that cannot be read drops the block, in keepalived's words") {
  const auto says = [](const std::string& heading, const std::string& text, int exit) {
    INFO(heading);
    const Loaded loaded = load_text("virtual_server " + heading + " {\n nonsense\n}\n");
    CHECK(loaded.config.virtual_servers.empty());
    CHECK(mentions(loaded, text));
    CHECK(messages(loaded).size() == 1);
    CHECK(exit_code(loaded.diagnostics) == exit);
  };
  says("foo 80", "Invalid virtual server IP address/port foo/80 - skipping", 5);
  says("foo", "Invalid virtual server IP address foo - skipping", 5);
  says("10.0.0.1 80000", "number '80000' outside range [1, 65535]", 5);
  says("fwmark x", "invalid number 'x'", 5);
  says("fwmark 0", "number '0' outside range", 5);
  says("fwmark", "missing a parameter after keyword `fwmark`", 2);
  says("group", "missing a parameter after keyword `group`", 2);
  says("", "missing a parameter after keyword `virtual_server`", 2);
}

TEST_CASE("the first of two groups or track files of a name counts") {
  const Loaded loaded =
      load_text("virtual_server_group g {\n 10.0.0.1 81\n}\nvirtual_server_group g {\n 10.0.0.2 81\n}\n");
  CHECK(mentions(loaded, "virtual_server_group g already defined - ignoring"));
  CHECK(exit_code(loaded.diagnostics) == 0);
  REQUIRE(loaded.config.virtual_server_groups.size() == 1);
  CHECK(loaded.config.virtual_server_groups[0].entries[0].first.text() == "10.0.0.1");
}
