#include "core/config/schema/vrrp_instance.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
VrrpInstance only(const Loaded& loaded) {
  REQUIRE(loaded.config.vrrp_instances.size() == 1);
  return loaded.config.vrrp_instances[0];
}
}  // namespace

TEST_CASE("values out of range are reported once each and the defaults stay") {
  const Loaded loaded =
      load_text(instance("priority 256\nadvert_int 0\nversion 4\ngarp_master_delay -1\npreempt_delay 1001"));
  CHECK(messages(loaded, Severity::Error).size() == 5);
  CHECK(only(loaded).priority == 100);
  CHECK(only(loaded).version == 2);
}

TEST_CASE("the first of two scripts wins") {
  const Loaded loaded = load_text(instance("notify /bin/a\nnotify /bin/b"));
  CHECK(only(loaded).notify->any.argv[0] == "/bin/a");
  CHECK(mentions(loaded, "(I) notify script already specified - ignoring"));
}

TEST_CASE("the last of two plain values wins") {
  CHECK(only(load_text(instance("priority 1\npriority 2"))).priority == 2);
}

TEST_CASE("an unknown state is BACKUP") {
  const Loaded loaded = load_text(instance("state SLAVE"));
  CHECK_FALSE(only(loaded).wants_master);
  CHECK(mentions(loaded, "(I) unknown state 'SLAVE', defaulting to BACKUP"));
}

TEST_CASE("a script must be defined to be tracked") {
  const Loaded loaded = load_text(instance("track_script {\n S\n}"));
  CHECK(only(loaded).track_scripts.empty());
  CHECK(mentions(loaded, "(I) track script S not found, ignoring..."));
}

TEST_CASE("notify_deleted alone asks for DELETED, with a script it runs it") {
  CHECK(only(load_text(instance("notify_deleted"))).notify_deleted);
  CHECK(only(load_text(instance("notify_deleted /bin/d"))).notify->deleted.argv[0] == "/bin/d");
}

TEST_CASE("sources and peers may carry a prefix and must be of the family") {
  CHECK(only(load_text(instance("mcast_src_ip 10.0.0.7/24"))).source_address->text() == "10.0.0.7");
  CHECK(mentions(load_text(instance("mcast_src_ip fe80::7")),
                 "and src address[fe80::7] MUST be of the same family !!! Skipping..."));
  CHECK(mentions(load_text(instance("unicast_peer {\n 10.0.0.x\n}")),
                 "malformed unicast peer address[10.0.0.x]. Skipping..."));
  CHECK(
      mentions(load_text(instance("unicast_peer {\n 10.0.0.2 min_tll 3\n}")), "unknown unicast peer option 'min_tll'"));
}
