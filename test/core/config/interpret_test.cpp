#include "core/config/interpret.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("a child makes of the tree what the watchdog made of the text") {
  const Loaded loaded =
      load_text("vrrp_script S {\n script /bin/s\n}\n" + instance("track_script {\n S weight 3\n Q\n}\npriority 300"));
  Diagnostics again;
  CHECK(interpret(loaded.tree, again) == loaded.config);
  again.sort();
  CHECK(again.list() == loaded.diagnostics.list());
}
