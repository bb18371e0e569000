#include "ipvs_wrapper/logic/normal.h"

#include <catch2/catch.hpp>

#include "test/ipvs_wrapper/logic/tables.h"

using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;

TEST_CASE("the_kernels_own_flag_is_not_compared") {
  ServiceSettings settings;
  settings.flags = service_flag::kHashed | service_flag::kOnePacket;
  CHECK(normal(settings, Family::IPv4).flags == service_flag::kOnePacket);
}

TEST_CASE("without_persistence_timeout_and_netmask_mean_nothing") {
  ServiceSettings settings;
  settings.persistence_timeout_s = 300;
  settings.netmask = 0xffffff00;
  CHECK(normal(settings, Family::IPv4) == ServiceSettings{});
  CHECK(normal(settings, Family::IPv6).netmask == 128);
  settings.flags = service_flag::kPersistent;
  CHECK(normal(settings, Family::IPv4).netmask == 0xffffff00);
  CHECK(normal(settings, Family::IPv4).persistence_timeout_s == 300);
}

TEST_CASE("a_netmask_of_zero_is_that_of_a_host") {
  ServiceSettings settings;
  settings.flags = service_flag::kPersistent;
  settings.netmask = 0;
  CHECK(normal(settings, Family::IPv6).netmask == 128);
  CHECK(normal(settings, Family::IPv4).netmask == 0xffffffff);
}

TEST_CASE("tunnel_fields_count_where_the_kernel_uses_them") {
  DestinationSettings nat = tunnel(1, 6080, 1);
  nat.forwarding = Forwarding::Masquerade;
  CHECK(normal(nat) == weight(1));
  CHECK(normal(tunnel(0, 6080, 1)) == tunnel(0));
  CHECK(normal(tunnel(1, 6080, 1)) == tunnel(1, 6080, 1));
  CHECK(normal(tunnel(2, 6080, 1)) == tunnel(2, 0, 1));
}

TEST_CASE("a_mark_has_no_address_and_an_address_has_its_family") {
  ServiceKey with_address = tcp("10.0.0.1", 80);
  with_address.fwmark = 7;
  CHECK(normal(with_address) == mark(7));
  ServiceKey wrong = tcp("fd00::1");
  wrong.family = Family::IPv4;
  CHECK(normal(wrong) == tcp("fd00::1"));
}

TEST_CASE("a_mark_knows_each_address_once") {
  Service service;
  service.destinations[{ip("10.1.0.1"), 80}] = weight(1);
  service.destinations[{ip("10.1.0.1"), 81}] = weight(2);
  service.destinations[{ip("10.1.0.2"), 81}] = weight(3);
  CHECK(normal(tcp("10.0.0.1"), service).destinations.size() == 3);
  const Destinations of_mark = normal(mark(1), service).destinations;
  REQUIRE(of_mark.size() == 2);
  CHECK(of_mark.at({ip("10.1.0.1"), 80}).weight == 1);
}

TEST_CASE("a_sync_daemon_serves_when_it_has_what_was_asked_for") {
  const SyncDaemon running{SyncDaemon::State::Master, "eth0", 51, 1472, 8848, 1, ip("224.0.0.81")};
  SyncDaemon wanted{SyncDaemon::State::Master, "eth0", 51, {}, {}, {}, {}};
  CHECK(serves(running, wanted));
  wanted.port = 8849;
  CHECK_FALSE(serves(running, wanted));
  wanted.port = 8848;
  wanted.sync_id = 52;
  CHECK_FALSE(serves(running, wanted));
}
