// A virtual router alone on ens33, an owner with one VIP, and what it asked for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

inline const TimePoint kNow = from_us(5'000'000);

struct RouterBench {
  LinkTable links;
  ScriptTable scripts;
  FlatSet<IpAddress> vips;
  std::set<AddressKey> leaving;
  config::VrrpInstance settings;
  Effects out;
  RouterBench() {
    LinkChanged link;
    link.index = 2;
    link.name = "ens33";
    link.up = true;
    links.link_changed(link);
    links.address_appeared({2, *IpPrefix::parse("10.0.0.1/24"), false});
    settings.name = "V";
    settings.interface = "ens33";
    settings.virtual_router_id = 51;
    settings.priority = 255;
    settings.virtual_addresses.push_back({});
    settings.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.9/24");
    vips.insert(*IpAddress::parse("192.0.2.9"));
  }
  std::set<std::string> grouped;
  Surroundings around() const { return {links, scripts, vips, leaving, {}, grouped}; }
  void chores(VirtualRouter& router, TimePoint now) {
    ArpPace pace;
    Budget budget;
    router.chores(links, pace, now, budget, out);
  }
  template <class What>
  std::vector<What> all() const {
    std::vector<What> list;
    for (const Effect& e : out) {
      if (const auto* what = std::get_if<What>(&e)) list.push_back(*what);
    }
    return list;
  }
};

}  // namespace holdfast::vrrp
