#include "core/config/lint_vrrp_strict.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("strict mode takes away what the RFC does not know, each with a word") {
  const Loaded loaded = load_text("global_defs {\n vrrp_strict\n}\n" +
                                  instance("state MASTER\npriority 150\npreempt_delay 3\ndown_timer_adverts 5\n"
                                           "garp_lower_prio_repeat 3\ngarp_lower_prio_delay 3\n"
                                           "lower_prio_no_advert off\nhigher_prio_send_advert on\n"
                                           "authentication {\n auth_type PASS\n auth_pass x\n}"));
  for (const char* text :
       {"(I) State MASTER must match being address owner", "(I) Strict mode does not support authentication. Ignoring.",
        "(I) preempt_delay is incompatible with strict mode - resetting",
        "(I) down_timer_adverts is incompatible with strict mode - resetting",
        "(I) Strict mode requires no repeat garps. resetting",
        "(I) Strict mode requires no repeat garp delay. resetting",
        "(I) Strict mode requires no lower priority advert. resetting",
        "(I) strict mode requires higher_prio_send_advert to be clear. resetting"}) {
    CHECK(mentions(loaded, text));
  }
  const VrrpInstance& read = loaded.config.vrrp_instances.at(0);
  CHECK_FALSE(read.wants_master);
  CHECK(read.authentication == Authentication::None);
  CHECK(read.preempt_delay == Duration::zero());
  CHECK(read.down_timer_adverts == 3);
  CHECK(read.garp->lower_prio_repeat == 0);
  CHECK(read.lower_prio_no_advert);
  CHECK_FALSE(read.higher_prio_send_advert);
  CHECK(exit_code(loaded.diagnostics) == 5);
}

TEST_CASE("strict mode of the instance counts before that of global_defs, wherever that stands") {
  const std::string global = "global_defs {\n vrrp_strict\n}\n";
  const std::string auth = "authentication {\n auth_type PASS\n auth_pass x\n}\n";
  CHECK(mentions(load_text(instance(auth) + global), "Strict mode does not support"));
  CHECK_FALSE(mentions(load_text(global + instance(auth + "strict_mode off")), "Strict mode does not support"));
  CHECK(mentions(load_text(instance(auth + "strict_mode on")), "Strict mode does not support"));
}

TEST_CASE("what strict mode does to traffic and unicast is foretold, the exit code stays") {
  const Loaded loaded = load_text(instance("strict_mode on\nunicast_peer {\n10.0.0.9\n}"));
  CHECK(mentions(loaded, "packets to its addresses are dropped while it is master and not their owner"));
  CHECK(mentions(loaded, "strict mode with unicast_peer"));
  CHECK(exit_code(loaded.diagnostics) == 0);
  CHECK_FALSE(mentions(load_text(instance("strict_mode on\nversion 3\naccept")), "are dropped"));
  CHECK_FALSE(mentions(load_text(instance("strict_mode on\nstate MASTER")), "drops packets"));
  CHECK(mentions(load_text(instance("strict_mode on\naccept")), "accept mode for VRRP version 2"));
}

TEST_CASE("a strict instance needs an address, an IPv6 one a link-local address first") {
  CHECK(mentions(load_text("vrrp_instance I {\n interface e\n virtual_router_id 1\n strict_mode\n}\n"),
                 "(I) No VIP specified; at least one is required"));
  CHECK(exit_code(load_text(instance("strict_mode", "2001:db8::1")).diagnostics) == 5);
  CHECK(exit_code(load_text(instance("", "2001:db8::1")).diagnostics) == 0);
}
