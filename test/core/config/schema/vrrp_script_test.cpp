#include "core/config/schema/vrrp_script.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
Loaded script(const std::string& lines) {
  return load_text("vrrp_script S {\n script \"/bin/s\"\n" + lines + "\n}\n");
}
}  // namespace

TEST_CASE("every keyword of a script is kept") {
  const Loaded loaded = script("interval 0.5\ntimeout 3\nweight -2 reverse\nrise 2\nfall 3\nuser u g\ninit_fail");
  CHECK_FALSE(loaded.diagnostics.has(Severity::Error));
  const VrrpScript& s = loaded.config.vrrp_scripts[0];
  CHECK(s.interval == milliseconds(500));
  CHECK(s.effective_timeout() == seconds(3));
  CHECK(s.weight == -2);
  CHECK(s.reverse);
  CHECK(s.rise == 2);
  CHECK(s.fall == 3);
  CHECK(s.script.user == "u");
  CHECK(s.script.group == "g");
  CHECK(s.init_fail);
}

TEST_CASE("wrong values are reported and the defaults stay") {
  CHECK(mentions(script("interval 0"), "interval must not be 0, setting to 1"));
  CHECK(script("interval 0").config.vrrp_scripts[0].interval == seconds(1));
  CHECK(mentions(script("weight 254"), "number '254' outside range [-253, 253]"));
  CHECK(mentions(script("weight 5 backwards"), "unknown weight option 'backwards'"));
  CHECK(mentions(script("rise 0"), "outside range [1, 2147483647]"));
  CHECK(mentions(script("interval 0.0001"), "too many decimal places"));
}

TEST_CASE("words after an unquoted script are not part of the command") {
  const Loaded loaded = load_text("vrrp_script S {\n script /bin/s arg\n}\n");
  CHECK(loaded.config.vrrp_scripts[0].script.argv == std::vector<std::string>{"/bin/s"});
  CHECK(mentions(loaded, "'arg' after 'script' is not used"));
}
