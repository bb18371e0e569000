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

TEST_CASE("sizes of buffers, and what else sockets and interfaces are to be like") {
  const auto read = [](const std::string& lines) { return globals(lines).config.global_defs; };
  const GlobalDefs none = read("");
  CHECK_FALSE(none.netlink_commands.octets);
  CHECK_FALSE(none.advert_buffers.octets);
  CHECK(none.advert_buffers.multiplier == 3);
  CHECK_FALSE(none.dynamic_interfaces);
  const GlobalDefs all = read(
      "vrrp_netlink_cmd_rcv_bufs 1000\nvrrp_netlink_cmd_rcv_bufs_force\nvrrp_netlink_monitor_rcv_bufs 2000\n"
      "vrrp_rx_bufs_policy MTU ADVERT\nvrrp_rx_bufs_multiplier 5\ndisable_local_igmp\n"
      "dynamic_interfaces allow_if_changes");
  CHECK(all.netlink_commands == BufferSize{1000, true});
  CHECK(all.netlink_monitor == BufferSize{2000, false});
  CHECK((all.advert_buffers.by_mtu && all.advert_buffers.by_advert && all.advert_buffers.multiplier == 5));
  CHECK(all.disable_local_igmp);
  CHECK(all.interfaces_may_change);
  CHECK(read("vrrp_rx_bufs_policy 4096").advert_buffers.octets == 4096U);
  CHECK_FALSE(read("dynamic_interfaces").interfaces_may_change);
  CHECK(read("dynamic_interfaces").dynamic_interfaces);
}
