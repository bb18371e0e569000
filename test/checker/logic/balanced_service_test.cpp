#include "checker/logic/balanced_service.h"

#include <catch2/catch.hpp>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

// Who is alive, quorum and sorry servers are shown by test/scenarios/checker; here is what no time line shows.

TEST_CASE("a service of a group sets all its keys, each with the host mask of its family") {
  const auto config = test::configuration(
      "virtual_server_group G {\n 192.0.2.1-2 80\n fwmark 7 inet6\n}\n"
      "virtual_server group G {\n delay_loop 6\n lb_algo rr\n lb_kind NAT\n protocol TCP\n"
      " real_server 10.0.0.1 80 {\n }\n}\n");
  REQUIRE(config->virtual_servers.size() == 1);
  BalancedService service(config->virtual_servers[0], {&config->virtual_server_groups[0]}, false);
  service.servers().push_back({&config->virtual_servers[0].real_servers[0], "RS", true, 1, {}, {}});
  Effects out;
  service.begin(nullptr, {}, from_us(1), out);
  std::vector<SetService> set;
  for (const Effect& effect : out) {
    if (const auto* one = std::get_if<SetService>(&effect)) set.push_back(*one);
  }
  REQUIRE(set.size() == 3);
  CHECK(set[0].service.settings.netmask == 0xffffffffU);
  CHECK(set[2].key.fwmark == 7);
  CHECK(set[2].service.settings.netmask == 128);
  CHECK(set[0].service.destinations.size() == 1);
  CHECK(service.record().keys.size() == 3);
}

TEST_CASE(
    "with a mark it is one service for each family; what is not translated has no port there; without, it is as "
    "before") {
  const auto config = test::configuration(
      "virtual_server_group G {\n 192.0.2.1-2 80\n 2001:db8::1 80\n}\n"
      "virtual_server group G {\n lb_algo rr\n lb_kind DR\n protocol TCP\n"
      " real_server 10.0.0.1 80 {\n }\n real_server 10.0.0.2 80 {\n  lvs_method NAT\n }\n}\n");
  const config::VirtualServer& settings = config->virtual_servers.at(0);
  const config::VirtualServerGroup* group = &config->virtual_server_groups[0];
  BalancedService service(settings, {group, 1000}, false);
  for (const config::RealServer& real : settings.real_servers)
    service.servers().push_back({&real, "RS", true, 1, {}, {}});
  REQUIRE(service.keys().size() == 2);
  CHECK(service.keys()[0].fwmark == 1000);
  CHECK(service.keys()[1].family == Family::IPv6);
  CHECK(service.record().mark == 1000);
  const auto ports = [&] {
    std::vector<std::uint16_t> found;
    for (const auto& [key, destination] : service.desired().destinations) found.push_back(key.port);
    return found;
  };
  CHECK(ports() == std::vector<std::uint16_t>{0, 80});
  Effects out;
  service.move({group, std::nullopt, true}, out);
  CHECK(service.keys().size() == 3);
  CHECK(ports() == std::vector<std::uint16_t>{80, 80});
  CHECK(std::get<RemoveService>(out.at(0)).key.fwmark == 1000);
  CHECK(out.size() == 2 + 3);
  CHECK(service.record().mark == 0);
  CHECK(service.record().marks_refused);
}

TEST_CASE("a configuration without quorum's weight begins with quorum down, and says so") {
  const auto config = test::configuration(
      "virtual_server 192.0.2.9 80 {\n delay_loop 6\n lb_algo rr\n lb_kind NAT\n protocol TCP\n alpha\n"
      " real_server 10.0.0.1 80 {\n  TCP_CHECK {\n  }\n }\n}\n");
  BalancedService service(config->virtual_servers[0], {}, false);
  CheckRun check(1, config->virtual_servers[0].real_servers[0].checks[0]);
  service.servers().push_back({&config->virtual_servers[0].real_servers[0], "RS", true, 1, {}, {&check}});
  Effects out;
  service.begin(nullptr, {}, from_us(1), out);
  CHECK_FALSE(service.quorum_up());
  CHECK(service.up_weight() == 0);
  CHECK(std::get<Log>(out.front()).text == "Starting with quorum down for VS [192.0.2.9]:tcp:80");
}

}  // namespace holdfast::checker
