#include "vrrp/logic/address_keeper.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

KernelAddress vip(int n) {
  KernelAddress a;
  a.interface_index = 2;
  a.entry.prefix = {IpAddress::v4(0xc0000200U + static_cast<std::uint32_t>(n)), 24};
  return a;
}
std::vector<KernelAddress> vips(int count) {
  std::vector<KernelAddress> list;
  for (int i = 1; i <= count; ++i) list.push_back(vip(i));
  return list;
}
const TimePoint kNow = from_us(5'000'000);

}  // namespace

TEST_CASE("nothing is added before it is held, and 64 at a time afterwards") {
  AddressKeeper keeper;
  keeper.want(vips(100), kNow);
  CHECK_FALSE(keeper.next_deadline());
  keeper.hold(kNow);
  Budget first;
  CHECK(keeper.next_batch(kNow, first).addresses.size() == 64);
  CHECK(keeper.next_deadline() == kNow);
  Budget second;
  CHECK(keeper.next_batch(kNow, second).addresses.size() == 36);
  CHECK_FALSE(keeper.next_deadline());
}

TEST_CASE("a new list gives what is unwanted and makes only what is new due") {
  AddressKeeper keeper;
  keeper.want({vip(1), vip(2)}, kNow);
  keeper.hold(kNow);
  Budget budget;
  keeper.next_batch(kNow, budget);
  const auto unwanted = keeper.want({vip(2), vip(3)}, kNow);
  CHECK(unwanted == std::vector<KernelAddress>{vip(1)});
  CHECK(keeper.next_batch(kNow, budget).addresses == std::vector<KernelAddress>{vip(3)});
}

TEST_CASE("a fight over an address is paced, and never given up") {
  AddressKeeper keeper;
  keeper.want({vip(1)}, kNow);
  keeper.hold(kNow);
  Budget budget;
  keeper.next_batch(kNow, budget);
  int restored = 0;
  const TimePoint end = kNow + seconds(10);
  for (TimePoint now = kNow; now < end; now += milliseconds(1)) {
    Budget fresh;
    keeper.vanished(key_of(vip(1)), now);
    restored += static_cast<int>(keeper.next_batch(now, fresh).restored.size());
  }
  CHECK(restored >= 45);
  CHECK(restored <= 60);
}

TEST_CASE("many addresses that vanish together are all restored at once") {
  AddressKeeper keeper;
  keeper.want(vips(50), kNow);
  keeper.hold(kNow);
  Budget budget;
  keeper.next_batch(kNow, budget);
  for (const auto& address : vips(50)) CHECK(keeper.vanished(key_of(address), kNow) == AddressKeeper::Loss::Restoring);
  Budget fresh;
  CHECK(keeper.next_batch(kNow, fresh).restored.size() == 50);
}

TEST_CASE("what is not ours, not tracked or not held is not restored") {
  AddressKeeper keeper;
  KernelAddress untracked = vip(2);
  untracked.entry.no_track = true;
  keeper.want({vip(1), untracked}, kNow);
  CHECK(keeper.vanished(key_of(vip(1)), kNow) == AddressKeeper::Loss::Ignored);
  keeper.hold(kNow);
  Budget budget;
  keeper.next_batch(kNow, budget);
  CHECK(keeper.vanished(key_of(untracked), kNow) == AddressKeeper::Loss::Ignored);
  CHECK(keeper.vanished(key_of(vip(9)), kNow) == AddressKeeper::Loss::NotOurs);
}

TEST_CASE("a refused address is tried again after a second until it is there") {
  AddressKeeper keeper;
  keeper.want({vip(1)}, kNow);
  keeper.hold(kNow);
  Budget budget;
  keeper.next_batch(kNow, budget);
  CHECK(keeper.refused(key_of(vip(1)), kNow));
  CHECK(keeper.next_deadline() == kNow + seconds(1));
  CHECK(keeper.appeared(key_of(vip(1))));
  CHECK_FALSE(keeper.next_deadline());
  CHECK_FALSE(keeper.appeared(key_of(vip(1))));
}

TEST_CASE("a lifetime is renewed at a third of it") {
  AddressKeeper keeper;
  KernelAddress mortal = vip(1);
  mortal.valid_lifetime = seconds(9);
  keeper.want({mortal}, kNow);
  keeper.hold(kNow);
  Budget budget;
  keeper.next_batch(kNow, budget);
  CHECK(keeper.next_deadline() == kNow + seconds(3));
  keeper.let_go();
  CHECK_FALSE(keeper.next_deadline());
}

TEST_CASE("the key of a point-to-point address has the length of its peer") {
  KernelAddress address = vip(1);
  address.entry.details.own().peer = IpPrefix::parse("10.9.9.9/30");
  CHECK(key_of(address).prefix.length == 30);
}

TEST_CASE("verify adds what is held and missing, in silence") {
  AddressKeeper keeper;
  LinkTable links;
  LinkChanged link;
  link.index = 2;
  link.name = "ens33";
  links.link_changed(link);
  links.address_appeared({2, vip(1).entry.prefix, false});
  keeper.want({vip(1), vip(2)}, kNow);
  keeper.hold(kNow);
  Budget budget;
  keeper.next_batch(kNow, budget);
  keeper.verify(links, kNow);
  CHECK_FALSE(keeper.next_deadline());  // still under way
  keeper.verify(links, kNow + seconds(1));
  const auto batch = keeper.next_batch(kNow + seconds(1), budget);
  CHECK(batch.addresses == std::vector<KernelAddress>{vip(2)});
  CHECK(batch.restored.empty());
}

}  // namespace holdfast::vrrp
