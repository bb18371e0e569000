// Random weeks: routers on a lossy wire are paused, killed, resumed, stopped, cut off and robbed of their VIPs. When
// the trouble is over exactly one of them is Active and exactly one kernel has the VIP, within the time the protocol
// allows. Every run is a number: HOLDFAST_SEED=N runs that one alone and prints its time line; HOLDFAST_SEEDS=N runs
// that many. The wire is in turn multicast, unicast, IPv6, unicast with AH, multicast with auth_hmac.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>

#include "test/support/virtual_lan.h"

namespace holdfast::test {

namespace {

constexpr Duration kMostDelay = milliseconds(40);
const IpAddress kVip = *IpAddress::parse("192.0.2.9");

class Simulation {
 public:
  Simulation(std::uint64_t seed, bool talk) : seed_(seed), talk_(talk), lan_(seed) {
    lan_.observe([this](TimePoint at, VirtualHost& h, const vrrp::Effect& effect) { observe(at, h, effect); });
    version_ = pick(2) == 0 ? 2 : 3;
    if (wire() == Wire::Ah) version_ = 2;
    if (wire() == Wire::Ipv6 || wire() == Wire::Hmac) version_ = 3;
    if (wire() == Wire::Ipv6) vip_ = {*IpAddress::parse("2001:db8::9"), 64};
    interval_ = version_ == 2 ? seconds(1) : centiseconds(static_cast<std::int64_t>(10 * (1 + pick(10))));
    preempt_ = pick(3) != 0;
    const int routers = 2 + static_cast<int>(pick(4));
    for (int i = 0; i < routers; ++i) add_router(i, routers);
  }

  /// Empty, or what went wrong.
  std::string run() {
    for (auto& [name, h] : lan_.hosts()) {
      if (pick(4) != 0) lan_.start(h);
    }
    lan_.faults() = {0.05 * static_cast<double>(pick(4)), 0.1 * static_cast<double>(pick(3)), draw(kMostDelay)};
    const int troubles = 10 + static_cast<int>(pick(20));
    for (int i = 0; i < troubles && failure_.empty(); ++i) {
      trouble();
      lan_.run(draw(pick(3) == 0 ? 8 * interval_ : 2 * interval_));
    }
    if (failure_.empty()) settle();
    return failure_;
  }

 private:
  enum class Wire : std::uint8_t { Multicast, Unicast, Ipv6, Ah, Hmac };
  Wire wire() const { return static_cast<Wire>(seed_ % 5); }
  std::uint64_t pick(std::uint64_t below) {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(lan_.random());
  }
  Duration draw(Duration most) {
    return Duration(static_cast<std::int64_t>(pick(static_cast<std::uint64_t>(most.count()) + 1)));
  }

  void add_router(int i, int routers) {
    const std::string name(1, static_cast<char>('a' + i));
    VirtualHost& h = lan_.add(name, {IpAddress::v4(0x0a000001U + static_cast<std::uint32_t>(i)), 24});
    lan_.add_link(h, "ens33");
    lan_.add_address(h, "ens33", h.address);
    config::VrrpInstance instance;
    instance.name = "V";
    instance.interface = "ens33";
    instance.virtual_router_id = 51;
    instance.version = version_;
    instance.advert_interval = interval_;
    instance.priority = 1 + static_cast<int>(pick(254));
    if (pick(4) == 0) instance.priority = 100;  // ties
    instance.preempt = preempt_;
    instance.virtual_addresses.push_back({});
    instance.virtual_addresses[0].prefix = vip_;
    set_wire(h, i, routers, instance);
    h.config.vrrp_instances.push_back(instance);
  }

  void set_wire(VirtualHost& h, int i, int routers, config::VrrpInstance& instance) {
    if (wire() == Wire::Ipv6) {
      lan_.add_address(h, "ens33", *IpPrefix::parse(fmt::format("fe80::{}/64", i + 1)));
      instance.family = Family::IPv6;
      instance.multicast_group = *IpAddress::parse("ff02::12");
    }
    for (int other = 0; other < routers && (wire() == Wire::Unicast || wire() == Wire::Ah); ++other) {
      const IpAddress address = IpAddress::v4(0x0a000001U + static_cast<std::uint32_t>(other));
      if (other != i) instance.unicast_peers.push_back({address, {}, {}, {}});
    }
    if (wire() == Wire::Ah) {
      instance.authentication = config::Authentication::Ah;
      instance.auth_pass = "secret";
    }
    if (wire() == Wire::Hmac) {
      instance.hmac.emplace();
      instance.hmac->keys = {{1, std::string(32, 'k')}};
      instance.hmac->active_key = 1;
    }
  }

  VirtualHost& any() {
    auto at = lan_.hosts().begin();
    std::advance(at, static_cast<long>(pick(lan_.hosts().size())));
    return at->second;
  }

  void trouble() {
    VirtualHost& h = any();
    switch (pick(11)) {
      case 0:
        if (h.engine && !h.paused) note("pause", h), lan_.pause(h);
        break;
      case 1:
      case 2:
        if (h.paused) note("wake", h), lan_.wake(h, pick(2) == 0);
        break;
      case 3:
        if (h.engine) note("kill", h), lan_.kill(h);
        break;
      case 4:
      case 5:
        if (!h.engine) note("resume", h), lan_.start(h, true);
        break;
      case 6:
        if (h.engine && !h.paused) note("stop", h), lan_.stop(h);
        break;
      case 7:
        if (VirtualHost& other = any(); other.name != h.name) note("cut", h), lan_.cut(h.name, other.name);
        break;
      case 8:
        note("heal", h), lan_.heal();
        break;
      case 9:
        note("rob", h), lan_.remove_address(h, vip_.address);
        break;
      default:
        note("link", h), lan_.set_link(h, "ens33", !h.links.at("ens33").up);
    }
  }

  void settle() {
    note("settle", any());
    lan_.heal();
    lan_.faults() = {};
    for (auto& [name, h] : lan_.hosts()) {
      if (!h.links.at("ens33").up) lan_.set_link(h, "ens33", true);
      if (h.paused) lan_.wake(h, pick(2) == 0);
      if (!h.engine) lan_.start(h, pick(2) == 0);
    }
    // one round for what was still in flight, one election, one more where a loser of the first held the timer back
    const Duration skew = vrrp::skew_time(version_, 1, interval_);
    lan_.run(kMostDelay + 3 * interval_ + skew + interval_);
    if (preempt_) lan_.run(3 * interval_ + skew);
    for (int i = 0; i < 5 && failure_.empty(); ++i) {
      check_one_active();
      lan_.run(interval_);
    }
  }

  void check_one_active() {
    std::string active;
    std::string owners;
    int priority = 0;
    int highest = 0;
    for (auto& [name, h] : lan_.hosts()) {
      const auto record = h.engine->records().at(0);
      highest = std::max(highest, record.base_priority);
      if (record.state == vrrp::State::Active) {
        active += name;
        priority = record.base_priority;
      }
      if (VirtualLan::has(h, vip_.address)) owners += name;
    }
    if (active.size() != 1 || owners != active)
      fail(fmt::format("Active: '{}', VIP on: '{}'", active, owners));
    else if (preempt_ && priority != highest)
      fail(fmt::format("Active has {}, not {}", priority, highest));
  }

  void observe(TimePoint at, VirtualHost& h, const vrrp::Effect& effect) {
    if (const auto* log = std::get_if<vrrp::Log>(&effect); log != nullptr && talk_) {
      if (log->level != vrrp::LogLevel::Detail) say(at, h, log->text);
    }
    if (std::holds_alternative<vrrp::SendAdvert>(effect)) {
      ++adverts_;
      if (talk_ && std::getenv("HOLDFAST_ADVERTS") != nullptr) say(at, h, "advert");
    }
    if (std::holds_alternative<vrrp::AddAddresses>(effect)) holding_.insert(h.name);
    if (std::holds_alternative<vrrp::RemoveAddresses>(effect)) {
      if (holding_.erase(h.name) == 0 && !VirtualLan::has(h, vip_.address))
        fail(h.name + " releases what it did not acquire");
    }
  }
  void say(TimePoint at, const VirtualHost& h, const std::string& text) const {
    std::cout << fmt::format("{:>12} {} {}\n", at.time_since_epoch().count() / 1000, h.name, text);
  }
  void note(const char* what, const VirtualHost& h) const {
    if (talk_) say(lan_.now(), h, fmt::format("--- {}", what));
  }
  void fail(const std::string& why) {
    if (failure_.empty())
      failure_ = fmt::format("seed {} at {}: {}", seed_, lan_.now().time_since_epoch().count() / 1000, why);
  }

  std::uint64_t seed_;
  bool talk_;
  VirtualLan lan_;
  IpPrefix vip_{kVip, 24};
  int version_ = 2;
  Duration interval_{};
  bool preempt_ = true;
  int adverts_ = 0;
  std::set<std::string> holding_;
  std::string failure_;
};

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("after any trouble exactly one router is Active and has the VIP") {
  if (const std::uint64_t seed = from_environment("HOLDFAST_SEED", 0); seed != 0) {
    CHECK(Simulation(seed, true).run() == "");
    return;
  }
  const std::uint64_t seeds = from_environment("HOLDFAST_SEEDS", 1000);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const std::string failure = Simulation(seed, false).run();
    if (failure.empty()) continue;
    FAIL_CHECK(failure << "; replay with HOLDFAST_SEED=" << seed);
  }
}

TEST_CASE("a virtual week with a crash every few minutes never moves the VIP") {
  VirtualLan lan(7);
  int became_active_b = 0;
  lan.observe([&](TimePoint, VirtualHost& h, const vrrp::Effect& effect) {
    const auto* log = std::get_if<vrrp::Log>(&effect);
    if (h.name == "b" && log != nullptr && log->text == "(V) Entering MASTER STATE") ++became_active_b;
  });
  for (const auto& [name, priority] : {std::pair("a", 200), std::pair("b", 100)}) {
    VirtualHost& h = lan.add(name, {IpAddress::v4(name[0] == 'a' ? 0x0a000001 : 0x0a000002), 24});
    lan.add_link(h, "ens33");
    lan.add_address(h, "ens33", h.address);
    config::VrrpInstance instance;
    instance.name = "V";
    instance.interface = "ens33";
    instance.virtual_router_id = 51;
    instance.priority = priority;
    instance.advert_interval = seconds(10);
    instance.virtual_addresses.push_back({});
    instance.virtual_addresses[0].prefix = {kVip, 24};
    h.config.vrrp_instances.push_back(instance);
    lan.start(h);
  }
  lan.run(seconds(100));
  std::uniform_int_distribution<std::int64_t> pause_s(1, 15 * 60);
  std::uniform_int_distribution<std::int64_t> dead_us(0, 15'000'000);
  const TimePoint end = lan.now() + seconds(7 * 24 * 3600);
  while (lan.now() < end) {
    lan.run(seconds(pause_s(lan.random())));
    VirtualHost& victim = lan.host(lan.random()() % 2 == 0 ? "a" : "b");
    lan.kill(victim);
    lan.run(Duration(dead_us(lan.random())));
    lan.start(victim, true);
    REQUIRE(VirtualLan::has(lan.host("a"), kVip));
    REQUIRE_FALSE(VirtualLan::has(lan.host("b"), kVip));
  }
  CHECK(became_active_b == 0);
}

}  // namespace holdfast::test
