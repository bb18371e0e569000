#include "vrrp/logic/reconfigure.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

config::VrrpInstance instance(const std::string& name, const std::string& interface, int vrid) {
  config::VrrpInstance i;
  i.name = name;
  i.interface = interface;
  i.virtual_router_id = static_cast<std::uint8_t>(vrid);
  return i;
}

}  // namespace

TEST_CASE("instances are matched by key, not by name") {
  const auto a = instance("A", "ens33", 1);
  const auto b = instance("B", "ens33", 2);
  const auto renamed = instance("X", "ens33", 2);
  const auto moved = instance("A", "eth1", 1);
  const Matching m = match_instances({&a, &b}, {&renamed, &moved});
  CHECK(m.old_of == std::vector<std::size_t>{1, Matching::kNew});
  CHECK(m.removed == std::vector<std::size_t>{0});
}

TEST_CASE("another multicast group or family is another virtual router") {
  const auto a = instance("A", "ens33", 1);
  auto other_group = a;
  other_group.multicast_group = *IpAddress::parse("224.0.0.99");
  CHECK(match_instances({&a}, {&other_group}).removed.size() == 1);
  auto other_family = a;
  other_family.family = Family::IPv6;
  CHECK(match_instances({&a}, {&other_family}).removed.size() == 1);
}

TEST_CASE("of two new instances with one key only the first takes the old one over") {
  const auto a = instance("A", "ens33", 1);
  const Matching m = match_instances({&a}, {&a, &a});
  CHECK(m.old_of == std::vector<std::size_t>{0, Matching::kNew});
}

}  // namespace holdfast::vrrp
