#include "vrrp/logic/roster.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

config::VrrpInstance instance(const std::string& name, int vrid) {
  config::VrrpInstance i;
  i.name = name;
  i.interface = "ens33";
  i.virtual_router_id = static_cast<std::uint8_t>(vrid);
  i.notify.own().fault.argv = {"to_fault"};
  return i;
}

struct Bench {
  LinkTable links;
  ScriptTable scripts;
  FlatSet<IpAddress> vips;
  std::set<AddressKey> leaving;
  std::set<std::string> grouped;
  Roster roster;
  Effects out;
  Roster::Turnover load(const std::vector<config::VrrpInstance>& instances) {
    std::vector<const config::VrrpInstance*> list;
    for (const auto& i : instances) list.push_back(&i);
    out.clear();
    return roster.reconfigure(list, {links, scripts, vips, leaving, {}, grouped}, from_us(5), out);
  }
  std::vector<std::string> names_in_order() const {
    std::vector<std::string> names;
    for (const RouterId id : roster.order()) names.push_back(roster.at(id).name());
    return names;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the first configuration makes fresh routers in its order, which have not begun") {
  Bench b;
  const auto turnover = b.load({instance("B", 2), instance("A", 1)});
  CHECK(turnover.fresh == b.roster.order());
  CHECK(turnover.gone.empty());
  CHECK(b.names_in_order() == Names{"B", "A"});
  CHECK(b.roster.names() == std::set<std::string>{"A", "B"});
  CHECK(b.out.empty());
}

TEST_CASE("a renamed and moved router keeps its id, and ids are never used again") {
  Bench b;
  b.load({instance("A", 1), instance("B", 2)});
  const RouterId first = b.roster.order()[0];
  const RouterId second = b.roster.order()[1];
  auto turnover = b.load({instance("X", 2)});
  CHECK(b.roster.order() == std::vector<RouterId>{second});
  CHECK(b.names_in_order() == Names{"X"});
  CHECK(turnover.gone == std::vector<RouterId>{first});
  turnover = b.load({instance("A", 1), instance("X", 2)});
  REQUIRE(turnover.fresh.size() == 1);
  CHECK(turnover.fresh[0] != first);
  CHECK(b.roster.order() == std::vector<RouterId>{turnover.fresh[0], second});
}

TEST_CASE("a router that leaves tells its scripts") {
  Bench b;
  b.load({instance("A", 1)});
  b.load({});
  REQUIRE(b.out.size() >= 2);
  CHECK(std::get<RunNotifyScript>(b.out[b.out.size() - 2]).command.argv == Names{"to_fault"});
  CHECK(std::get<TellFifo>(b.out.back()).line == "INSTANCE \"A\" FAULT 100");
  CHECK(b.roster.names().empty());
}

TEST_CASE("records, views and statistics come in the order of the configuration") {
  Bench b;
  b.load({instance("B", 2), instance("A", 1)});
  REQUIRE(b.roster.records().size() == 2);
  CHECK(b.roster.records()[0].instance == "B");
  REQUIRE(b.roster.views().size() == 2);
  CHECK(b.roster.views()[1].settings.name == "A");
  const std::string text = b.roster.statistics_text();
  CHECK(text.find("Instance: B") < text.find("Instance: A"));
}

}  // namespace holdfast::vrrp
