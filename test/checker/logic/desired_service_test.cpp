#include "checker/logic/desired_service.h"

#include <catch2/catch.hpp>

namespace holdfast::checker {

namespace {

config::VirtualServer by_address() {
  config::VirtualServer service;
  service.address = *IpAddress::parse("192.0.2.9");
  service.port = 80;
  service.protocol = config::Protocol::Tcp;
  return service;
}

}  // namespace

TEST_CASE("a range of a group is a service for each of its addresses, carrying over between octets of IPv6") {
  config::VirtualServerGroup group;
  config::GroupEntry range;
  range.first = *IpAddress::parse("fd00::fffe");
  range.count = 3;
  range.port = 80;
  group.entries.push_back(range);
  config::GroupEntry mark;
  mark.fwmark = 9;
  mark.family = Family::IPv6;
  group.entries.push_back(mark);
  config::VirtualServer service;
  service.group = "G";
  service.protocol = config::Protocol::Udp;
  const auto keys = service_keys(service, &group);
  REQUIRE(keys.size() == 4);
  CHECK(keys[0].address.text() == "fd00::fffe");
  CHECK(keys[2].address.text() == "fd00::1:0");
  CHECK(keys[2].protocol == ipvs::Protocol::Udp);
  CHECK(keys[3].fwmark == 9);
  CHECK(keys[3].family == Family::IPv6);
  CHECK(service_keys(service, nullptr).empty());
}

TEST_CASE("flags and persistence are the kernel's") {
  config::VirtualServer service = by_address();
  CHECK(service_settings(service).flags == 0);
  CHECK(service_settings(service).netmask == 0xffffffffU);
  service.one_packet = true;
  service.scheduler_flags = 5;
  service.persistence_timeout_s = 360;
  service.persistence_granularity = 0xffffff00U;
  service.persistence_engine = "sip";
  const ipvs::ServiceSettings settings = service_settings(service);
  CHECK(settings.flags == (ipvs::service_flag::kOnePacket | ipvs::service_flag::kScheduler1 |
                           ipvs::service_flag::kScheduler3 | ipvs::service_flag::kPersistent));
  CHECK(settings.netmask == 0xffffff00U);
  CHECK(settings.persistence_engine == "sip");
  service.family = Family::IPv6;
  service.persistence_granularity.reset();
  CHECK(service_settings(service).netmask == 128);
}

TEST_CASE("forwarding methods keep their tunnel") {
  config::RealServer server;
  server.method = {config::Forwarding::Tunnel, config::TunnelType::Gue, 6080, config::TunnelChecksum::Remote};
  server.upper_threshold = 100;
  const ipvs::DestinationSettings settings = destination_settings(server, 4);
  CHECK(settings.forwarding == ipvs::Forwarding::Tunnel);
  CHECK(settings.tunnel_type == 1);
  CHECK(settings.tunnel_port == 6080);
  CHECK(settings.tunnel_flags == 2);
  CHECK(settings.weight == 4);
  CHECK(settings.upper_threshold == 100);
  server.method.kind = config::Forwarding::DirectRoute;
  CHECK(destination_settings(server, 1).forwarding == ipvs::Forwarding::DirectRoute);
}

TEST_CASE("synchronisation follows its instance, with the instance's VRID, or runs both ways") {
  config::LvsSyncDaemon daemon;
  daemon.interface = "eth0";
  CHECK(sync_daemons(daemon, std::nullopt, 51).size() == 2);
  CHECK(sync_daemons(daemon, std::nullopt, 51)[0].sync_id == 0);
  daemon.vrrp_instance = "VI_1";
  CHECK(sync_daemons(daemon, std::nullopt, 51).empty());
  CHECK(sync_daemons(daemon, true, 51).at(0).state == ipvs::SyncDaemon::State::Master);
  CHECK(sync_daemons(daemon, false, 51).at(0).state == ipvs::SyncDaemon::State::Backup);
  CHECK(sync_daemons(daemon, false, 51).at(0).sync_id == 51);
  daemon.id = 3;
  CHECK(sync_daemons(daemon, false, 51).at(0).sync_id == 3);
}

}  // namespace holdfast::checker
