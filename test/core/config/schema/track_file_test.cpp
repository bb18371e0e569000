#include "core/config/schema/track_file.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast::config;

TEST_CASE("a track_file has a path, a factor and perhaps a first content, under either name") {
  const Loaded loaded = load_text(
      "track_file f {\n file /x\n weight 5 reverse\n init_file 0x10 overwrite\n}\nvrrp_track_file g {\n file /y\n}\n");
  CHECK(messages(loaded) ==
        std::vector<std::string>{"k.conf:6:1: warning: 'vrrp_track_file' is an older spelling, write 'track_file'"});
  REQUIRE(loaded.config.track_files.size() == 2);
  CHECK(loaded.config.track_files[0] == TrackFile{"f", "/x", 5, true, 16, true, {}});
  CHECK(loaded.config.track_files[1] == TrackFile{"g", "/y", 1, false, {}, false, {}});
}

TEST_CASE("a track_file without a file is ignored, a second of the name remarked") {
  const Loaded loaded = load_text(
      "track_file f {\n weight 5 foo\n weight 300\n init_file x\n}\ntrack_file f {\n file /x\n}\ntrack_file f {\n file "
      "/y\n}\n");
  CHECK(mentions(load_text("track_file f {\n weight 300\n}\n"), "number '300' outside range [-254, 254]"));
  CHECK(mentions(loaded, "track_file f unknown weight option foo"));
  CHECK(mentions(loaded, "No file set for track_file f - ignoring"));
  CHECK(mentions(loaded, "track_file f already defined - ignoring"));
  REQUIRE(loaded.config.track_files.size() == 1);
  CHECK(loaded.config.track_files[0].path == "/x");
}
