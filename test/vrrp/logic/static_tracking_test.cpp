#include "vrrp/logic/static_tracking.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

using Names = std::set<std::string>;
using Kind = FaultReason::Kind;

std::size_t faults_of(const StaticTracking& tracking, const std::string& instance) {
  std::vector<FaultReason> faults;
  tracking.add_faults(instance, faults);
  return faults.size();
}

}  // namespace

TEST_CASE("what is broken faults the members of its group, and learn() names those for whom something is new") {
  StaticTracking tracking;
  CHECK(tracking.idle());
  tracking.configure({{"G", {"A", "B"}, {}}, {"H", {"B"}, {}}});
  const BrokenStatic down{"G", {Kind::StaticInterface, "eth1"}}, refused{"H", {Kind::StaticEntry, "rule x"}};
  CHECK(tracking.learn({down}) == Names{"A", "B"});
  CHECK(tracking.learn({down}).empty());
  CHECK(tracking.learn({down, down, refused}) == Names{"B"});
  CHECK(faults_of(tracking, "A") == 1);
  CHECK(faults_of(tracking, "B") == 2);
  CHECK(faults_of(tracking, "C") == 0);
  CHECK(tracking.learn({refused}) == Names{"A", "B"});
}

TEST_CASE("a group that a reload drops faults nobody") {
  StaticTracking tracking;
  tracking.configure({{"G", {"A"}, {}}});
  tracking.learn({{"G", {Kind::StaticInterface, "eth1"}}});
  tracking.configure({});
  CHECK_FALSE(tracking.idle());
  CHECK(tracking.learn({{"G", {Kind::StaticInterface, "eth1"}}}) == Names{"A"});
  CHECK(tracking.idle());
}

}  // namespace holdfast::vrrp
