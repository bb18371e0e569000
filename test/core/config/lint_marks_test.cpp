#include "core/config/lint_marks.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

Loaded load_globals(const std::string& lines, const std::string& rest = "") {
  return load_text("global_defs {\n" + lines + "\n}\n" + rest);
}

std::string service(const std::string& entries, const std::string& servers) {
  return "virtual_server_group G {\n" + entries + "\n}\nvirtual_server group G {\nprotocol TCP\n" + servers + "}\n";
}

}  // namespace

TEST_CASE("marks and drops cannot share a table") {
  for (const char* lines : {"nftables\nnftables_ipvs keepalived", "nftables mine\nnftables_ipvs mine",
                            "nftables keepalived_ipvs\nnftables_ipvs"}) {
    INFO(lines);
    const Loaded loaded = load_globals(lines);
    CHECK(mentions(loaded, "name the same table"));
    CHECK(exit_code(loaded.diagnostics) == 0);
    CHECK_FALSE(loaded.config.global_defs.marks.wanted());
  }
  CHECK(mentions(load_globals("nftables_ipvs keepalived", instance("")), "name the same table"));
  CHECK_FALSE(mentions(load_globals("nftables_ipvs keepalived"), "name the same table"));
  const Loaded loaded = load_globals("nftables\nnftables_ipvs");
  CHECK(exit_code(loaded.diagnostics) == 0);
  CHECK(loaded.config.global_defs.marks.table() == "keepalived_ipvs");
}

TEST_CASE("two real servers of one address are remarked where a mark serves them") {
  const std::string servers = "real_server 10.0.0.1 80 {\n}\nreal_server 10.0.0.1 81 {\n}\n";
  const std::string remark = "real server [10.0.0.1]:tcp:81 is not used";
  CHECK(mentions(load_globals("nftables_ipvs", service("192.0.2.1-3 80", servers)), remark));
  CHECK_FALSE(mentions(load_globals("router_id a", service("192.0.2.1-3 80", servers)), remark));
  CHECK_FALSE(mentions(load_globals("nftables_ipvs", service("192.0.2.1 80\nfwmark 3", servers)), remark));
}
