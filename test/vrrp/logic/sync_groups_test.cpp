#include "vrrp/logic/sync_groups.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

config::VrrpInstance member(const std::string& name, int priority = 100) {
  config::VrrpInstance instance;
  instance.name = name;
  instance.priority = priority;
  return instance;
}

/// Group G of V and W; X is alone. V has trackers with and without weights.
config::Config sample() {
  config::Config config;
  config.vrrp_scripts.resize(3);
  config.vrrp_scripts[0].name = "heavy";
  config.vrrp_scripts[0].weight = -20;
  config.vrrp_scripts[1].name = "plain";
  config.vrrp_scripts[2].name = "shared";
  config.vrrp_instances = {member("V"), member("W"), member("X")};
  config::VrrpInstance& v = config.vrrp_instances[0];
  v.track_scripts = {{"heavy", {}, {}, {}}, {"plain", {}, {}, {}}, {"shared", -5, {}, {}}};
  v.track_interfaces = {{"eth1", -10, false, {}}, {"eth2", 0, false, {}}};
  config.vrrp_instances[2].track_scripts = {{"heavy", {}, {}, {}}};
  config.sync_groups.resize(1);
  config::SyncGroup& group = config.sync_groups[0];
  group.name = "G";
  group.members = {"V", "W"};
  group.track_scripts = {{"shared", {}, {}, {}}};
  group.track_interfaces = {{"eth3", -7, false, {}}};
  return config;
}

std::vector<std::string> scripts_of(const config::VrrpInstance& instance) {
  std::vector<std::string> names;
  for (const auto& track : instance.track_scripts) names.push_back(track.name);
  return names;
}
std::vector<std::string> interfaces_of(const config::VrrpInstance& instance) {
  std::vector<std::string> names;
  for (const auto& track : instance.track_interfaces) names.push_back(track.interface);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("members get what their group tracks, and lose weighted trackers of their own") {
  const auto all = with_group_trackers(sample());
  CHECK(scripts_of(all[0]) == Names{"plain", "shared"});
  CHECK(interfaces_of(all[0]) == Names{"eth2", "eth3"});
  CHECK(scripts_of(all[1]) == Names{"shared"});
  CHECK(interfaces_of(all[1]) == Names{"eth3"});
  CHECK(all[1].track_interfaces[0].weight == -7);
  CHECK(scripts_of(all[2]) == Names{"heavy"});
}

TEST_CASE("with sync_group_tracking_weight members keep theirs, and nothing is tracked twice") {
  config::Config config = sample();
  config.sync_groups[0].members_may_weigh = true;
  const auto all = with_group_trackers(config);
  CHECK(scripts_of(all[0]) == Names{"heavy", "plain", "shared"});
  CHECK(all[0].track_scripts[2].weight == -5);
  CHECK(interfaces_of(all[0]) == Names{"eth1", "eth2", "eth3"});
}

TEST_CASE("members wait for their group unless all of them are owners") {
  config::Config config = sample();
  CHECK(waiting_for_group(config) == std::set<std::string>{"V", "W"});
  config.vrrp_instances[0].priority = 255;
  CHECK(waiting_for_group(config) == std::set<std::string>{"V", "W"});
  config.vrrp_instances[1].priority = 255;
  CHECK(waiting_for_group(config).empty());
}

}  // namespace holdfast::vrrp
