#include "core/config/schema/root_watch.h"

#include <catch2/catch.hpp>

#include "core/config/write.h"
#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("polled interfaces have a method, or the first that works") {
  const Loaded loaded =
      load_text("linkbeat_interfaces {\n eth0\n eth1 ETHTOOL\n eth2 WRONG\n eth0 MII\n}\nlinkbeat_use_polling\n");
  const auto& list = loaded.config.linkbeat_interfaces;
  REQUIRE(list.size() == 2);
  CHECK(list[0] == LinkbeatInterface{"eth0", LinkbeatMethod::Mii, {}});
  CHECK(list[1] == LinkbeatInterface{"eth1", LinkbeatMethod::Ethtool, {}});
  CHECK(loaded.config.linkbeat_use_polling);
}

TEST_CASE("delays of an interface are decimal, the second is the first when it is not given") {
  const Loaded loaded = load_text("interface_up_down_delays {\n eth0 0.00001\n eth1 1.5 0\n eth2\n eth3 256\n}\n");
  const auto& list = loaded.config.interface_delays;
  REQUIRE(list.size() == 3);
  CHECK(list[0] == InterfaceDelay{"eth0", microseconds(10), microseconds(10), {}});
  CHECK(list[1] == InterfaceDelay{"eth1", milliseconds(1500), Duration::zero(), {}});
  CHECK(list[2] == InterfaceDelay{"eth3", Duration::zero(), Duration::zero(), {}});
  CHECK(mentions(loaded, "no delay is given for eth2"));
}

TEST_CASE("a second process of one name is ignored") {
  const Loaded loaded = load_text("vrrp_track_process p {\n process x\n}\nvrrp_track_process p {\n process y\n}\n");
  REQUIRE(loaded.config.track_processes.size() == 1);
  CHECK(loaded.config.track_processes[0].process == "x");
}
