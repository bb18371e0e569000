#include "ipvs_wrapper/logic/reconciler.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "ipvs_wrapper/logic/normal.h"
#include "test/ipvs_wrapper/logic/tables.h"
#include "test/support/fake_kernel_ipvs.h"

using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;

namespace {

using Kind = Operation::Kind;
using Texts = std::vector<std::string>;

/// A reconciler and its kernel, driven as the checker drives them.
struct World {
  FakeKernelIpvs kernel;
  Reconciler reconciler;
  Texts log;

  void carry_out(const std::vector<Operation>& operations) {
    const auto refusals = kernel.apply(operations);
    for (std::string& line : reconciler.applied(operations, refusals)) log.push_back(std::move(line));
  }
  /// Gives the findings.
  Texts compare() {
    const Comparison comparison = reconciler.compare(*kernel.list());
    carry_out(comparison.operations);
    Texts texts;
    for (const Finding& finding : comparison.findings) texts.push_back(finding.text);
    return texts;
  }
  /// What the checker does after each round of events. Gives how often it compared.
  int settle() {
    carry_out(reconciler.changes());
    int compared = 0;
    for (; reconciler.wants_compare() && compared < 10; ++compared) compare();
    return compared;
  }
  std::size_t operations_since(std::size_t before) const { return kernel.tried - before; }
  bool holds(const Table& wanted) { return normal(kernel.table) == normal(wanted); }
};

const ServiceKey kKey = tcp("10.0.0.1");

}  // namespace

TEST_CASE("nothing_is_done_before_the_kernel_was_looked_at") {
  World world;
  world.reconciler.set(kKey, service_with({1, 1}));
  CHECK(world.reconciler.wants_compare());
  CHECK(world.reconciler.changes().empty());
  CHECK(world.compare().empty());  // a start finds nothing
  CHECK(world.holds({{kKey, service_with({1, 1})}}));
  CHECK_FALSE(world.reconciler.wants_compare());
  CHECK(world.reconciler.changes().empty());
}

TEST_CASE("a_change_costs_its_size") {
  World world;
  for (unsigned i = 0; i < 50; ++i) {
    world.reconciler.set(tcp("10.0.0." + std::to_string(i + 1)), service_with({1, 1, 1}));
  }
  world.settle();
  const std::size_t before = world.kernel.tried;
  world.reconciler.set(kKey, service_with({1, 0, 1}));
  CHECK(world.settle() == 0);
  CHECK(world.operations_since(before) == 1);
  world.reconciler.set(kKey, service_with({1, 0, 1}));
  CHECK(world.reconciler.changes().empty());
}

TEST_CASE("a_set_that_is_taken_back_before_the_next_look_costs_nothing") {
  World world;
  world.reconciler.set(kKey, service_with({1}));
  world.settle();
  world.reconciler.set(kKey, service_with({2}));
  world.reconciler.set(kKey, service_with({1}));
  CHECK(world.reconciler.changes().empty());
}

TEST_CASE("a_removed_service_is_deleted_and_not_ours_any_more") {
  World world;
  world.reconciler.set(kKey, service_with({1}));
  world.settle();
  world.reconciler.remove(kKey);
  world.settle();
  CHECK(world.kernel.table.empty());
  CHECK(world.reconciler.ours().empty());
  world.kernel.table[kKey] = service_with({5});  // somebody else's now
  CHECK(world.compare().empty());
  CHECK(world.kernel.table.size() == 1);
}

TEST_CASE("what_others_did_is_found_and_healed") {
  World world;
  const ServiceKey other = tcp("10.0.0.2");
  const Table wanted{{kKey, service_with({1, 1})}, {other, service_with({1, 1})}};
  for (const auto& [key, service] : wanted) world.reconciler.set(key, service);
  world.settle();

  world.kernel.table.clear();  // ipvsadm -C
  CHECK(world.compare() == Texts{"service [10.0.0.1]:tcp:80 was missing", "service [10.0.0.2]:tcp:80 was missing"});
  CHECK(world.holds(wanted));
  world.kernel.table[kKey].destinations.erase({ip("10.1.0.1"), 80});
  world.kernel.table[other].destinations[{ip("10.1.0.1"), 80}].weight = 3;
  CHECK(world.compare() ==
        Texts{"destination [10.1.0.1]:tcp:80 of service [10.0.0.1]:tcp:80 was missing",
              "destination [10.1.0.1]:tcp:80 of service [10.0.0.2]:tcp:80 had weight 3 instead of 1"});
  CHECK(world.holds(wanted));
  CHECK(world.compare().empty());
  CHECK(world.log.empty());
}

TEST_CASE("services_of_others_are_never_touched") {
  World world;
  const ServiceKey foreign = tcp("10.0.0.9");
  world.kernel.table[foreign] = service_with({7});
  world.reconciler.set(kKey, service_with({1}));
  world.settle();
  world.reconciler.remove_all();
  world.settle();
  CHECK(world.holds({{foreign, service_with({7})}}));
}

TEST_CASE("what_a_predecessor_made_is_ours") {
  World world;
  const ServiceKey gone = tcp("10.0.0.2");
  const ServiceKey foreign = tcp("10.0.0.3");
  world.kernel.table = {{kKey, service_with({1, 1})}, {gone, service_with({1})}, {foreign, service_with({1})}};
  world.reconciler.inherit({kKey, gone});
  world.reconciler.set(kKey, service_with({1, 0}));
  const Texts found = world.compare();
  CHECK(found == Texts{"destination [10.1.0.2]:tcp:80 of service [10.0.0.1]:tcp:80 had weight 1 instead of 0"});
  CHECK(world.kernel.tried == 2);
  CHECK(world.holds({{kKey, service_with({1, 0})}, {foreign, service_with({1})}}));
  CHECK(world.reconciler.ours() == std::set<ServiceKey>{kKey});
}

TEST_CASE("there_already_is_no_error_but_a_reason_to_compare") {
  World world;
  world.settle();
  world.kernel.table[kKey] = service_with({9});  // made by others after our look
  world.reconciler.set(kKey, service_with({1, 1}));
  CHECK(world.settle() == 1);
  CHECK(world.holds({{kKey, service_with({1, 1})}}));
  CHECK(world.log.empty());
}

TEST_CASE("gone_is_no_error_but_a_reason_to_compare") {
  World world;
  world.reconciler.set(kKey, service_with({1, 1}));
  world.settle();
  world.kernel.table.clear();
  world.reconciler.set(kKey, service_with({1, 2}));
  CHECK(world.settle() == 1);
  CHECK(world.holds({{kKey, service_with({1, 2})}}));
  CHECK(world.log.empty());
}

TEST_CASE("what_the_kernel_never_takes_is_said_once_and_does_not_turn_in_circles") {
  World world;
  Service service = service_with({1});
  service.settings.scheduler = "best";
  world.reconciler.set(kKey, service);
  CHECK(world.settle() <= 3);
  CHECK(world.log.size() == 1);
  for (int i = 0; i < 5; ++i) world.compare();
  CHECK(world.log.size() == 1);
  CHECK_FALSE(world.reconciler.wants_compare());
  service.settings.scheduler = "rr";
  world.reconciler.set(kKey, service);
  world.settle();
  CHECK(world.holds({{kKey, service}}));
  service.settings.scheduler = "worst";
  world.reconciler.set(kKey, service);
  world.settle();
  CHECK(world.log.size() == 2);  // well in between: said again
}

TEST_CASE("a_lost_answer_leads_to_a_comparison") {
  World world;
  world.settle();
  world.reconciler.set(kKey, service_with({1, 1}));
  const auto operations = world.reconciler.changes();
  world.kernel.apply(operations);  // carried out, and the answers lost
  std::vector<Refusal> lost;
  for (std::size_t i = 0; i < operations.size(); ++i) lost.push_back({i, {"IPVS", ENOBUFS}});
  CHECK_FALSE(world.reconciler.applied(operations, lost).empty());
  CHECK(world.reconciler.wants_compare());
  const std::size_t before = world.kernel.tried;
  world.compare();
  CHECK(world.operations_since(before) == 0);
  CHECK(world.reconciler.changes().empty());
}

TEST_CASE("a_service_whose_answer_was_lost_stays_ours_until_the_kernel_was_looked_at") {
  World world;
  world.settle();
  world.reconciler.set(kKey, service_with({1}));
  const auto operations = world.reconciler.changes();
  world.kernel.apply(operations);
  world.reconciler.applied(operations, std::vector<Refusal>{{0, {"IPVS", ENOBUFS}}, {1, {"IPVS", ENOBUFS}}});
  world.reconciler.remove(kKey);
  world.settle();
  CHECK(world.kernel.table.empty());
  CHECK(world.reconciler.ours().empty());
}

TEST_CASE("a_kernel_that_forgets_tunnel_types_is_not_asked_for_ever") {
  World world;
  world.kernel.tunnel_types = false;
  Service service;
  service.destinations[{ip("10.1.0.1"), 80}] = tunnel(1, 6080, 1);
  world.reconciler.set(kKey, service);
  world.settle();
  for (int i = 0; i < 3; ++i) world.compare();
  const std::size_t before = world.kernel.tried;
  CHECK(world.compare().empty());
  CHECK(world.operations_since(before) == 0);
  world.kernel.tunnel_types = true;  // on others it is healed as often as somebody changes it
  service.destinations[{ip("10.1.0.1"), 80}] = tunnel(1, 6081, 1);
  world.reconciler.set(kKey, service);
  world.settle();
  for (int i = 0; i < 3; ++i) {
    world.kernel.table[kKey].destinations.begin()->second.tunnel_type = 0;
    CHECK(world.compare().size() == 1);
    CHECK(world.holds({{kKey, service}}));
    CHECK(world.compare().empty());
  }
}

TEST_CASE("a_slice_heals_only_what_was_looked_at") {
  World world;
  const ServiceKey other = tcp("10.0.0.2");
  world.reconciler.set(kKey, service_with({1}));
  world.reconciler.set(other, service_with({1}));
  world.settle();
  world.kernel.table.clear();
  const std::vector<ServiceKey> slice{other};
  const Comparison comparison = world.reconciler.compare(*world.kernel.list(slice), slice);
  CHECK(comparison.findings.size() == 1);
  world.carry_out(comparison.operations);
  CHECK(world.holds({{other, service_with({1})}}));
}

TEST_CASE("property_it_converges_whatever_the_kernel_refuses_and_others_do") {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    INFO("seed " << seed);
    RandomTables random(seed);
    World world;
    Table wanted;
    bool failing = true;
    world.kernel.fail = [&](std::size_t, const Operation&) { return failing && random.below(8) == 0 ? ENOMEM : 0; };
    for (int step = 0; step < 8; ++step) {
      const ServiceKey key = random.key();
      const Service service = random.service(key);
      switch (random.below(4)) {
        case 0:
          wanted.erase(key);
          world.reconciler.remove(key);
          break;
        case 1:
          if (world.reconciler.ours().contains(key)) world.kernel.table[key] = normal(key, service);  // ipvsadm
          break;
        default:
          wanted[key] = service;
          world.reconciler.set(key, service);
      }
      world.settle();
    }
    failing = false;
    world.compare();
    REQUIRE(world.holds(wanted));
    const std::size_t before = world.kernel.tried;
    REQUIRE(world.compare().empty());
    REQUIRE(world.operations_since(before) == 0);
    REQUIRE(normal(world.kernel.table) == world.reconciler.believed());
  }
}

TEST_CASE("property_without_failures_belief_is_the_truth") {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    INFO("seed " << seed);
    RandomTables random(seed);
    World world;
    world.compare();
    for (int step = 0; step < 8; ++step) {
      const ServiceKey key = random.key();
      if (random.below(4) == 0) {
        world.reconciler.remove(key);
      } else {
        world.reconciler.set(key, random.service(key));
      }
      REQUIRE(world.settle() == 0);
      REQUIRE(normal(world.kernel.table) == world.reconciler.desired());
      REQUIRE(world.reconciler.believed() == world.reconciler.desired());
    }
  }
}
