#include "vrrp/logic/engine.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "test/support/virtual_lan.h"
#include "test/vrrp/logic/engine_facts.h"

namespace holdfast::vrrp {

TEST_CASE("becoming Active: log, advert, addresses, gratuitous ARP, notify, record, in this order") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  config.vrrp_instances.push_back(instance(1, 255));
  config.vrrp_instances[0].notify.own().master.argv = {"/bin/master"};
  const Effects out = engine.reconfigure(config, {}, kNow);
  std::string order;
  for (const Effect& e : out) {
    const char letters[] = {'S', 'L', 'U', 'G', 'A', 'R', 'l', 't', 'N', 'T', 'M',
                            'F', 'm', 'f', 'O', 'a', 'w', 'w', 'w', 'w', 'w'};
    if (e.index() >= sizeof letters) continue;
    if (order.empty() || order.back() != letters[e.index()]) order += letters[e.index()];
  }
  std::erase(order, 'l');
  std::erase(order, 'O');
  std::erase(order, 'w');
  CHECK(order.substr(0, 3) == "LSA");
  CHECK(order.find('G') != std::string::npos);
  CHECK(order.substr(order.size() - 3) == "NTM");
}

TEST_CASE("steady adverts change no record") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  config.vrrp_instances.push_back(instance(1, 255));
  engine.reconfigure(config, {}, kNow);
  int records = 0;
  int adverts = 0;
  for (int i = 0; i < 100; ++i) {
    const Effects out = engine.on_deadline(*engine.next_deadline());
    records += count<RememberInstance>(out);
    adverts += count<SendAdvert>(out);
  }
  CHECK(records == 0);
  CHECK(adverts >= 98);
}

TEST_CASE("adverts of other instances are not delayed by the VIPs of one") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  for (int vrid = 1; vrid <= 20; ++vrid) config.vrrp_instances.push_back(instance(vrid, 255));
  for (int i = 0; i < 500; ++i) {
    config.vrrp_instances[0].excluded_addresses.push_back({});
    config.vrrp_instances[0].excluded_addresses.back().prefix = {
        IpAddress::v4(0xc6336400U + static_cast<std::uint32_t>(i)), 32};
  }
  engine.reconfigure(config, {}, kNow);
  // while batches are still waiting the second adverts fall due: the very next call must send all of them
  const TimePoint later = kNow + seconds(1);
  REQUIRE(*engine.next_deadline() <= kNow);
  const Effects out = engine.on_deadline(later);
  CHECK(count<SendAdvert>(out) == 20);
  std::size_t added = 0;
  for (const Effect& e : out) {
    if (const auto* add = std::get_if<AddAddresses>(&e)) added += add->addresses.size();
  }
  CHECK(added <= 64);
  CHECK(std::holds_alternative<SendAdvert>(out.front()));
}

TEST_CASE("nothing is due and nothing is said after stop") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  config.vrrp_instances.push_back(instance(1, 255));
  engine.reconfigure(config, {}, kNow);
  const Effects out = engine.stop(false, kNow);
  CHECK(count<RemoveAddresses>(out) == 1);
  CHECK(count<ForgetInstance>(out) == 1);
  CHECK(count<Unlisten>(out) == 1);
  CHECK_FALSE(engine.next_deadline());
  LinkChanged link;
  link.index = 2;
  link.name = "ens33";
  CHECK(engine.handle(link, kNow).empty());
}

TEST_CASE("with keep_addresses the VIPs stay") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  config.vrrp_instances.push_back(instance(1, 255));
  engine.reconfigure(config, {}, kNow);
  const Effects out = engine.stop(true, kNow);
  CHECK(count<RemoveAddresses>(out) == 0);
  CHECK(count<SendAdvert>(out) == 1);
}

TEST_CASE("unknown VRIDs are logged once when asked for") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  config.global_defs.log_unknown_vrids = true;
  config.vrrp_instances.push_back(instance(1, 100));
  engine.reconfigure(config, {}, kNow);
  const Bytes packet =
      test::ip_datagram(IpAddress::v4(0x0a000007), IpAddress::v4(0xe0000012), Bytes{0x21, 9, 100, 0, 0, 1, 0, 0});
  const Effects out = engine.handle(PacketReceived{2, packet}, kNow);
  REQUIRE(out.size() == 1);
  CHECK(std::get<Log>(out[0]).text == "Unknown VRID(9) received on interface(ens33). ignoring...");
  CHECK(engine.handle(PacketReceived{2, packet}, kNow).empty());
}

TEST_CASE("the same send error is logged once a minute") {
  Engine engine;
  tell_facts(engine);
  CHECK(engine.handle(SendRefused{2, 101}, kNow).size() == 1);
  CHECK(engine.handle(SendRefused{2, 101}, kNow + seconds(1)).empty());
  CHECK(engine.handle(SendRefused{2, 101}, kNow + seconds(61)).size() == 1);
}

TEST_CASE("a thousand instances run an hour and reload in no time") {
  Engine engine;
  config::Config config;
  for (std::uint32_t link = 2; link < 6; ++link) {
    tell_facts(engine, link, "eth" + std::to_string(link));
    for (int vrid = 1; vrid <= 250; ++vrid) {
      config.vrrp_instances.push_back(instance(vrid, 200));
      config.vrrp_instances.back().name += "-" + std::to_string(link);
      config.vrrp_instances.back().interface = "eth" + std::to_string(link);
      config.vrrp_instances.back().advert_interval = seconds(60);
    }
  }
  engine.reconfigure(config, {}, kNow);
  int adverts = 0;
  while (*engine.next_deadline() < kNow + seconds(3600))
    adverts += count<SendAdvert>(engine.on_deadline(*engine.next_deadline()));
  CHECK(adverts >= 1000 * 56);
  config.vrrp_instances[500].priority = 150;
  const auto began = std::chrono::steady_clock::now();
  const Effects out = engine.reconfigure(config, {}, kNow + seconds(3600));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));  // sanitizers on; a second per O(n²) step
  CHECK(count<RememberInstance>(out) == 1);
  CHECK(count<SendAdvert>(out) == 0);
}

}  // namespace holdfast::vrrp
