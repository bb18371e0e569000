#include "vrrp/logic/linkbeats.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

LinkChanged link(const char* name, std::uint32_t index, bool up) {
  LinkChanged fact;
  fact.index = index;
  fact.name = name;
  fact.up = up;
  return fact;
}

struct Bench {
  config::Config config;
  config::VrrpInstance instance;
  Linkbeats beats;
  Effects out;
  Bench() {
    instance.interface = "eth0";
    instance.track_interfaces.push_back({"eth1", 0, false, {}});
  }
  std::vector<std::string> configure() {
    out.clear();
    changed = beats.configure(config, {&instance}, out);
    std::vector<std::string> names;
    for (const Effect& effect : out) {
      if (const auto* watch = std::get_if<WatchLinkbeats>(&effect)) {
        for (const auto& one : watch->interfaces) names.push_back(one.interface);
      }
    }
    return names;
  }
  std::vector<LinkChanged> changed;
};

}  // namespace

TEST_CASE("only interfaces that instances use or track are polled, each once") {
  Bench b;
  CHECK(b.configure().empty());
  b.config.linkbeat_interfaces = {{"eth1", config::LinkbeatMethod::Ethtool, {}}, {"eth9", {}, {}}};
  CHECK(b.configure() == std::vector<std::string>{"eth1"});
  CHECK(b.configure().empty());
  b.instance.linkbeat_use_polling = true;
  CHECK(b.configure() == std::vector<std::string>{"eth1", "eth0"});
  b.config.linkbeat_use_polling = true;
  b.instance.linkbeat_use_polling = false;
  b.config.linkbeat_interfaces.clear();
  CHECK(b.configure() == std::vector<std::string>{"eth0", "eth1"});
}

TEST_CASE("a link is up when the kernel and the poll say so") {
  Bench b;
  b.config.linkbeat_use_polling = true;
  b.configure();
  CHECK(b.beats.taken(link("eth0", 2, true)).up);
  CHECK_FALSE(b.beats.on(LinkbeatSeen{"eth0", true}, b.out));
  const auto down = b.beats.on(LinkbeatSeen{"eth0", false}, b.out);
  REQUIRE(down);
  CHECK_FALSE(down->up);
  CHECK(std::get<Log>(b.out.back()).text == "Linkbeat reports eth0 down");
  CHECK_FALSE(b.beats.taken(link("eth0", 2, true)).up);
  CHECK_FALSE(b.beats.on(LinkbeatSeen{"eth0", false}, b.out));
  CHECK(b.beats.on(LinkbeatSeen{"eth0", true}, b.out)->up);
  CHECK_FALSE(b.beats.taken(link("eth0", 2, false)).up);
  CHECK_FALSE(b.beats.on(LinkbeatSeen{"eth7", false}, b.out));
}

TEST_CASE("who is not polled any more is what the kernel says") {
  Bench b;
  b.config.linkbeat_use_polling = true;
  b.configure();
  b.beats.taken(link("eth0", 2, true));
  b.beats.taken(link("eth1", 3, true));
  b.beats.on(LinkbeatSeen{"eth0", false}, b.out);
  b.config.linkbeat_use_polling = false;
  b.configure();
  CHECK(b.changed == std::vector{link("eth0", 2, true)});
  b.out.clear();
  b.beats.stop(b.out);
  CHECK(b.out.empty());
}
