#include <catch2/catch.hpp>

#include "core/config/canonical.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("tracked files and processes are validated") {
  CHECK_FALSE(
      load_text(
          "track_file f {\n file \"/tmp/x\"\n weight 1 reverse\n init_file 0x10 overwrite\n}\n"
          "vrrp_track_process p {\n process nginx -g x\n param_match initial\n quorum 2\n delay 1.5\n}\n"
          "garp_group {\n garp_interval 0.1\n interfaces {\n eth0\n }\n}\ntrack_group t {\n group {\n I\n }\n}\n" +
          instance(""))
          .diagnostics.has(Severity::Warning));
  CHECK(mentions(load_text("vrrp_track_process p {\n weight 255\n}\n"), "outside range [-254, 254]"));
  CHECK(mentions(load_text("vrrp_track_process p {\n param_match partly\n}\n"),
                 "invalid value 'partly' for param_match"));
  CHECK(mentions(load_text("vrrp_track_process p {\n weight 5 revers\n}\n"), "unknown weight option 'revers'"));
}

TEST_CASE("a group's scripts must be defined") {
  CHECK(mentions(load_text("vrrp_sync_group G {\n track_script {\n s\n }\n}\n"),
                 "track script s not found, ignoring..."));
}

TEST_CASE("a track_group has its names, and goes on as it was read") {
  const std::string text = instance("") + "track_group T {\n group {\n I\n }\n}\n";
  const Config config = load_text(text).config;
  REQUIRE(config.track_groups.size() == 1);
  CHECK(config.track_groups[0].name == "T");
  CHECK(config.track_groups[0].members == std::vector<std::string>{"I"});
  CHECK(load_text(canonical_text(config)).config.track_groups[0].members == config.track_groups[0].members);
  CHECK_FALSE(mentions(load_text(text), "not used in this version"));
}

TEST_CASE("of two blocks of a track_group the first counts") {
  const std::string both = instance("") + "track_group T {\n group {\n I\n }\n group {\n J\n }\n}\n";
  CHECK(load_text(both).config.track_groups.at(0).members == std::vector<std::string>{"I"});
}
