#include "core/config/schema/global_defs.h"

#include <catch2/catch.hpp>

#include "core/config/schema/schemas.h"
#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
Loaded globals(const std::string& lines) {
  return load_text("global_defs {\n" + lines + "\n}\n");
}
}  // namespace

TEST_CASE("global_defs has the 140 keywords of keepalived and five of ours") {
  CHECK(global_defs_schema().rows().size() == 145);
  CHECK(global_defs_schema().find("orphan_grace") != nullptr);
  CHECK(global_defs_schema().find("vip_lifetime") != nullptr);
}

TEST_CASE("several global_defs blocks add up, and the last plain value wins") {
  const Loaded loaded = load_text("global_defs {\n router_id a\n vrrp_version 3\n}\nglobal_defs {\n router_id b\n}\n");
  CHECK(loaded.config.global_defs.router_id == "b");
  CHECK(loaded.config.global_defs.vrrp_version == 3);
}

TEST_CASE("a value out of range keeps the default") {
  const Loaded loaded = globals("vrrp_garp_master_delay 9999\nvrrp_version 4\nvrrp_rt_priority x");
  CHECK(loaded.config.global_defs == GlobalDefs{});
  CHECK(messages(loaded, Severity::Error).size() == 3);
}

TEST_CASE("keywords with forms of their own are checked") {
  CHECK_FALSE(globals("lvs_timeouts tcp 5 udp 6\nvrrp_rx_bufs_policy MTU\nvrrp_garp_extra_if all "
                      "5\ninclude_check read +match\n"
                      "lvs_sync_daemon eth0 id 5 maxlen 1400\nsmtp_server 10.0.0.1 2525\nvrrp_rx_bufs_policy 4096")
                  .diagnostics.has(Severity::Warning));
  CHECK(mentions(globals("lvs_timeouts ftp 5"), "Unknown option ftp specified for lvs_timeouts"));
  CHECK(mentions(globals("vrrp_rx_bufs_policy MTUU"), "vrrp_rx_bufs_policy MTUU invalid"));
  CHECK(mentions(globals("include_check read match"), "Unknown include_check type 'match'"));
  CHECK(mentions(globals("smtp_server a 99999"), "outside range [1, 65535]"));
  CHECK(mentions(globals("notification_email {\n}"), "Warning - empty notification_email block"));
  CHECK(mentions(globals("vrrp_garp_interval 0"), "vrrp_garp_interval '0' is invalid"));
}
