// An instance, the few facts that it needs, and a look at what came of them, for the tests of the engine.
#pragma once

#include <string>

#include "vrrp/logic/engine.h"

namespace holdfast::vrrp {

inline const TimePoint kNow = from_us(5'000'000);

inline config::VrrpInstance instance(int vrid, int priority) {
  config::VrrpInstance i;
  i.name = "V" + std::to_string(vrid);
  i.interface = "ens33";
  i.virtual_router_id = static_cast<std::uint8_t>(vrid);
  i.priority = priority;
  i.virtual_addresses.push_back({});
  i.virtual_addresses[0].prefix = {IpAddress::v4(0xc0000200U + static_cast<std::uint32_t>(vrid)), 24};
  return i;
}

inline void tell_facts(Engine& engine, std::uint32_t index = 2, const std::string& name = "ens33") {
  LinkChanged link;
  link.index = index;
  link.name = name;
  link.up = true;
  engine.handle(link, kNow);
  engine.handle(AddressAppeared{index, {IpAddress::v4(0x0a000001U + (index << 8)), 24}, false}, kNow);
}

template <class What>
int count(const Effects& effects) {
  int n = 0;
  for (const Effect& e : effects) n += std::holds_alternative<What>(e) ? 1 : 0;
  return n;
}

}  // namespace holdfast::vrrp
