#include "core/config/key_files.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

Loaded load_with(MemoryFileSystem files) {
  files.add("k.conf", instance("auth_hmac {\n key 1 file:/key\n active_key 1\n}"));
  return load(files, "k.conf", {});
}

}  // namespace

TEST_CASE("a key file is read when the configuration is, without the newline at its end") {
  for (const char* end : {"", "\n"}) {
    const Loaded loaded = load_with(MemoryFileSystem().add("/key", std::string(40, 'x') + end));
    REQUIRE(loaded.config.vrrp_instances.at(0).hmac);
    CHECK(loaded.config.vrrp_instances[0].hmac->keys.at(0).octets == std::string(40, 'x'));
  }
}

TEST_CASE("a key file that cannot be read, or is no key, is an error") {
  CHECK(mentions(load_with({}), "cannot read auth_hmac key file '/key'"));
  CHECK(mentions(load_with(MemoryFileSystem().add("/key", std::string(5000, 'x'))), "it is too long"));
  CHECK(mentions(load_with(MemoryFileSystem().add("/key", "short")), "auth_hmac key 1 cannot be used"));
}
