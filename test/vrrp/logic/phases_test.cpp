#include "vrrp/logic/phases.h"

#include <catch2/catch.hpp>
#include <map>

namespace holdfast::vrrp {

namespace {

std::vector<config::VrrpInstance> instances(int count, Duration interval) {
  std::vector<config::VrrpInstance> made;
  for (int i = 0; i < count; ++i) {
    config::VrrpInstance instance;
    instance.interface = "eth" + std::to_string(i / 250);
    instance.virtual_router_id = static_cast<std::uint8_t>(i % 250 + 1);
    instance.advert_interval = interval;
    made.push_back(instance);
  }
  return made;
}

}  // namespace

TEST_CASE("a few instances keep the rhythm in which they began") {
  Phases phases;
  const auto few = instances(15, seconds(1));
  phases.count(few);
  for (const config::VrrpInstance& instance : few) CHECK_FALSE(phases.of(instance));
}

TEST_CASE("many that share an interval are spread evenly over it") {
  const auto many = instances(1000, milliseconds(100));
  Phases phases;
  phases.count(many);
  std::map<Duration, int> in_slot;
  for (const config::VrrpInstance& instance : many) {
    const auto phase = phases.of(instance);
    REQUIRE(phase);
    CHECK(*phase >= Duration::zero());
    CHECK(*phase < milliseconds(100));
    ++in_slot[*phase];
  }
  CHECK(in_slot.size() == 8);
  for (const auto& [phase, count] : in_slot) CHECK(count <= 130);
}

TEST_CASE("the shortest interval has one slot, a long one no more than eight") {
  for (const auto& [interval, slots] : {std::pair(milliseconds(10), 1U), {seconds(40), 8U}}) {
    const auto many = instances(250, interval);
    Phases phases;
    phases.count(many);
    std::map<Duration, int> in_slot;
    for (const config::VrrpInstance& instance : many) ++in_slot[*phases.of(instance)];
    CHECK(in_slot.size() == slots);
  }
}

}  // namespace holdfast::vrrp
