#include "vrrp/logic/statics.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "test/vrrp/logic/routing_support.h"

namespace holdfast::vrrp {

namespace {

const TimePoint kNow = from_us(5'000'000);

config::VirtualAddress address(const char* prefix, const char* interface) {
  config::VirtualAddress entry;
  entry.prefix = *IpPrefix::parse(prefix);
  entry.interface = interface;
  return entry;
}
RoutingFacts known() {
  RoutingFacts facts;
  facts.resync_finished();
  return facts;
}
template <class T>
std::size_t count(const Effects& effects) {
  return static_cast<std::size_t>(
      std::count_if(effects.begin(), effects.end(), [](const Effect& e) { return std::holds_alternative<T>(e); }));
}

}  // namespace

TEST_CASE("static entries are added at once, but for what is there and what has no interface yet") {
  LinkTable links = two_links();
  links.address_appeared({2, *IpPrefix::parse("10.8.0.1/24"), false});
  Statics statics;
  Effects out;
  statics.configure({address("10.8.0.1/24", "eth0"), address("10.8.1.1/24", "eth1"), address("10.8.2.1/24", "eth9")},
                    {route_line("10.1.0.0/16 dev eth0")}, {rule_line("table 5 preference 6")}, links, kNow, out);
  Budget budget;
  statics.chores(links, known(), kNow, budget, out);
  REQUIRE(count<AddAddresses>(out) == 1);
  CHECK(std::get<AddAddresses>(out.at(0)).addresses.size() == 1);
  CHECK(count<AddRouting>(out) == 1);
  out.clear();
  links.link_changed({9, "eth9", true, false, {}, 1500});
  statics.reassess(links, kNow, out);
  statics.chores(links, known(), kNow, budget, out);
  CHECK(count<AddAddresses>(out) == 1);
}

TEST_CASE("static entries go at the end, unless they are to stay") {
  for (const bool keep : {false, true}) {
    const LinkTable links = two_links();
    Statics statics;
    Effects out;
    statics.configure({address("10.8.0.1/24", "eth0")}, {route_line("10.1.0.0/16 dev eth0")}, {}, links, kNow, out);
    Budget budget;
    statics.chores(links, known(), kNow, budget, out);
    statics.remember(out);
    CHECK(count<RememberStatics>(out) == 1);
    out.clear();
    statics.stop(keep, out);
    CHECK(count<RemoveAddresses>(out) == (keep ? 0 : 1));
    CHECK(count<RemoveRouting>(out) == (keep ? 0 : 1));
    CHECK(std::get<RememberStatics>(out.back()).record.empty());
  }
}

TEST_CASE("what a predecessor left and the configuration does not name goes") {
  LinkTable links = two_links();
  links.address_appeared({2, *IpPrefix::parse("10.9.0.1/24"), false});
  Statics statics;
  StaticRecord past;
  past.addresses.push_back({2, address("10.9.0.1/24", "eth0"), Duration::zero()});
  past.routing.push_back(route("10.9.0.0/16 dev eth0"));
  statics.inherit(past);
  Effects out;
  statics.configure({}, {}, {}, links, kNow, out);
  Budget budget;
  statics.chores(links, RoutingFacts{}, kNow, budget, out);
  CHECK(count<RemoveAddresses>(out) == 1);
  CHECK(count<RemoveRouting>(out) == 1);
}

}  // namespace holdfast::vrrp
