#include "ipvs_wrapper/logic/plan.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "ipvs_wrapper/logic/describe.h"
#include "ipvs_wrapper/logic/normal.h"
#include "test/ipvs_wrapper/logic/tables.h"
#include "test/support/fake_kernel_ipvs.h"

using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;

namespace {

using Kind = Operation::Kind;
using Texts = std::vector<std::string>;

Texts texts(const std::vector<Operation>& operations) {
  Texts result;
  for (const Operation& operation : operations) result.push_back(describe(operation));
  return result;
}

std::set<ServiceKey> keys_of(const Table& table) {
  std::set<ServiceKey> keys;
  for (const auto& [key, service] : table) keys.insert(key);
  return keys;
}

std::size_t count(const std::vector<Operation>& operations, Kind kind, const Operation& like) {
  return static_cast<std::size_t>(std::ranges::count_if(operations, [&](const Operation& o) {
    return o.kind == kind && o.service == like.service && o.destination == like.destination;
  }));
}

/// The fewest operations that lead from one to the other, counted independently of the plan.
std::size_t fewest(const Table& desired, const Table& actual) {
  std::size_t operations = 0;
  for (const auto& [key, service] : actual) operations += desired.contains(key) ? 0 : 1;
  for (const auto& [key, service] : desired) {
    const auto found = actual.find(key);
    if (found == actual.end()) {
      operations += 1 + service.destinations.size();
      continue;
    }
    operations += service.settings == found->second.settings ? 0 : 1;
    for (const auto& [destination, settings] : service.destinations) {
      const auto same = found->second.destinations.find(destination);
      operations += same != found->second.destinations.end() && same->second == settings ? 0 : 1;
    }
    for (const auto& [destination, settings] : found->second.destinations) {
      operations += service.destinations.contains(destination) ? 0 : 1;
    }
  }
  return operations;
}

}  // namespace

TEST_CASE("a_new_service_gets_its_destinations_right_behind_it") {
  const Table desired{{tcp("10.0.0.1"), service_with({1, 2})}, {tcp("10.0.0.2"), service_with({1})}};
  CHECK(texts(plan(desired, {}, {})) ==
        Texts{"add service [10.0.0.1]:tcp:80", "add destination [10.1.0.1]:tcp:80 of service [10.0.0.1]:tcp:80",
              "add destination [10.1.0.2]:tcp:80 of service [10.0.0.1]:tcp:80", "add service [10.0.0.2]:tcp:80",
              "add destination [10.1.0.1]:tcp:80 of service [10.0.0.2]:tcp:80"});
}

TEST_CASE("inside_a_service_what_serves_comes_before_what_goes") {
  Service wanted = service_with({2, 0, 1});
  wanted.settings.scheduler = "rr";
  wanted.destinations.erase({ip("10.1.0.3"), 80});
  wanted.destinations[{ip("10.1.0.4"), 80}] = weight(1);
  const Table desired{{tcp("10.0.0.1"), wanted}};
  const Table actual{{tcp("10.0.0.1"), service_with({1, 1, 1})}};
  CHECK(texts(plan(desired, actual, {})) == Texts{"edit service [10.0.0.1]:tcp:80",
                                                  "add destination [10.1.0.4]:tcp:80 of service [10.0.0.1]:tcp:80",
                                                  "edit destination [10.1.0.1]:tcp:80 of service [10.0.0.1]:tcp:80",
                                                  "edit destination [10.1.0.2]:tcp:80 of service [10.0.0.1]:tcp:80",
                                                  "delete destination [10.1.0.3]:tcp:80 of service [10.0.0.1]:tcp:80"});
}

TEST_CASE("services_that_go_go_last_and_take_their_destinations_along") {
  const Table desired{{tcp("10.0.0.2"), service_with({1})}};
  const Table actual{{tcp("10.0.0.1"), service_with({1, 1})}};
  CHECK(texts(plan(desired, actual, keys_of(actual))) ==
        Texts{"add service [10.0.0.2]:tcp:80", "add destination [10.1.0.1]:tcp:80 of service [10.0.0.2]:tcp:80",
              "delete service [10.0.0.1]:tcp:80"});
}

TEST_CASE("services_of_others_stay_untouched") {
  const Table actual{{tcp("10.0.0.1"), service_with({1, 1})}};
  CHECK(plan({}, actual, {}).empty());
  CHECK(plan({}, actual, {tcp("10.0.0.2")}).empty());
}

TEST_CASE("the_port_of_a_mark_s_destination_is_replaced_at_the_end") {
  Service wanted, found;
  wanted.destinations[{ip("10.1.0.1"), 81}] = weight(1);
  wanted.destinations[{ip("10.1.0.2"), 81}] = weight(1);
  found.destinations[{ip("10.1.0.1"), 80}] = weight(1);
  found.destinations[{ip("10.1.0.3"), 80}] = weight(1);
  const Texts expected{
      "add destination [10.1.0.2]:81 of service FWM 1", "delete destination [10.1.0.3]:80 of service FWM 1",
      "delete destination [10.1.0.1]:80 of service FWM 1", "add destination [10.1.0.1]:81 of service FWM 1"};
  CHECK(texts(plan({{mark(1), wanted}}, {{mark(1), found}}, {})) == expected);
}

TEST_CASE("fields_without_effect_cause_nothing") {
  Service wanted = service_with({1});
  Service found = wanted;
  found.settings.flags = service_flag::kHashed;
  found.settings.netmask = 0xff000000;
  found.destinations.begin()->second.tunnel_port = 99;
  CHECK(plan({{tcp("10.0.0.1"), wanted}}, {{tcp("10.0.0.1"), found}}, {}).empty());
}

TEST_CASE("property_the_plan_leads_there_is_shortest_and_removes_nothing_that_it_adds") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    INFO("seed " << seed);
    RandomTables random(seed);
    FakeKernelIpvs kernel;
    const Table actual = normal(random.table());
    const Table desired = random.table();
    kernel.apply(plan(actual, {}, {}));
    REQUIRE(normal(kernel.table) == actual);
    const auto operations = plan(desired, kernel.table, keys_of(actual));
    REQUIRE(kernel.apply(operations).empty());
    REQUIRE(normal(kernel.table) == normal(desired));
    REQUIRE(plan(desired, kernel.table, keys_of(actual)).empty());
    REQUIRE(operations.size() == fewest(normal(desired), actual));
    for (const Operation& operation : operations) {
      REQUIRE(count(operations, operation.kind, operation) == 1);
      if (operation.kind == Kind::AddDestination) REQUIRE(count(operations, Kind::DeleteDestination, operation) == 0);
      if (operation.kind == Kind::AddService) REQUIRE(count(operations, Kind::DeleteService, operation) == 0);
    }
  }
}

TEST_CASE("property_a_service_is_never_without_weight_when_it_need_not_be") {
  const auto serves = [](const Service& service) {
    return std::ranges::any_of(service.destinations, [](const auto& d) { return d.second.weight > 0; });
  };
  for (unsigned seed = 0; seed < 3000; ++seed) {
    INFO("seed " << seed);
    RandomTables random(seed);
    const ServiceKey key = tcp("10.0.0.1");
    FakeKernelIpvs kernel;
    kernel.table[key] = random.service(key);
    const Service desired = random.service(key);
    if (!serves(desired) || !serves(kernel.table[key])) continue;
    for (const Operation& operation : plan({{key, desired}}, kernel.table, {})) {
      REQUIRE(kernel.apply({&operation, 1}).empty());
      REQUIRE(serves(kernel.table[key]));
    }
  }
}
