// Tried with keepalived 2.2.7.
#include "core/config/lint_globals.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
Loaded globals(const std::string& lines) {
  return load_text("global_defs {\n" + lines + "\n}\n");
}
int code(const std::string& lines) {
  return exit_code(globals(lines).diagnostics);
}
}  // namespace

TEST_CASE("some keywords without their value are passed over, others end the reading") {
  for (const char* line :
       {"router_id", "notification_email_from", "default_interface", "lvs_timeouts", "notify_fifo"}) {
    INFO(line);
    CHECK(code(line) == 5);
    CHECK(mentions(globals(line), "k.conf:2:1: " + std::string(line) + " has no value - ignoring"));
  }
  CHECK(code("smtp_server") == 2);
}

TEST_CASE("of fifos, tables and prefixes the first counts") {
  const Loaded loaded = globals("notify_fifo /a\nnotify_fifo /b");
  CHECK(mentions(loaded, "k.conf:3:1: warning: notify_fifo already specified - ignoring"));
  CHECK(exit_code(loaded.diagnostics) == 5);
  CHECK(code("nftables\nnftables foo") == 5);
  CHECK(code("vmac_prefix a\nvmac_prefix b") == 5);
  CHECK(code("notify_fifo /a\nvrrp_notify_fifo /b") == 0);
  CHECK(code("router_id a\nrouter_id b") == 0);
}

TEST_CASE("values that are brought into range are said") {
  for (const char* line : {"vrrp_garp_master_repeat 0", "vrrp_garp_master_refresh_repeat 0", "smtp_connect_timeout 0",
                           "process_name aaaaaaaaaabbbbbbbbbb", "vrrp_mcast_group6 ff05::12",
                           "vrrp_rx_bufs_policy MTU ADVERT", "lvs_sync_daemon eth0 A 5"}) {
    INFO(line);
    CHECK(exit_code(load_text("global_defs {\n" + std::string(line) + "\n}\n").diagnostics) == 5);
  }
  for (const char* line :
       {"vrrp_garp_master_repeat 1", "process_name short", "vrrp_mcast_group6 ff02::13", "vrrp_rx_bufs_policy MTU"}) {
    INFO(line);
    CHECK(code(line) == 0);
  }
}

TEST_CASE("an instance's own settings are said likewise") {
  CHECK(mentions(load_text(instance("garp_master_repeat 0")), "(I) garp_master_repeat must be greater than 0"));
  CHECK(mentions(load_text(instance("mcast_dst_ip ff02::12")), "(I) mcast_dst_ip ff02::12 is not of the family"));
  CHECK(exit_code(load_text(instance("vmac_garp_intvl 5")).diagnostics) == 5);
}
