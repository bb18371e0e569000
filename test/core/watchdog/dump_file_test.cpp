#include "core/watchdog/dump_file.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

/// To its usual place.
Status write_dump(Role role, proto::Dump::Kind kind, const std::string& text) {
  return write_dump_file(dump_path(dump_kind(role, kind), {}, "_blue_one"), text);
}

struct TemporaryTmpdir {
  explicit TemporaryTmpdir(const std::string& path) { setenv("TMPDIR", path.c_str(), 1); }
  ~TemporaryTmpdir() { unsetenv("TMPDIR"); }
};

}  // namespace

TEST_CASE("each kind of dump has keepalived's file in TMPDIR (behaviour.md b.4)") {
  TemporaryDirectory directory;
  const TemporaryTmpdir tmpdir(directory.path());
  REQUIRE(write_dump(Role::Vrrp, proto::Dump::DATA, "data"));
  REQUIRE(write_dump(Role::Vrrp, proto::Dump::STATS, "stats"));
  REQUIRE(write_dump(Role::Vrrp, proto::Dump::JSON, "{}"));
  REQUIRE(write_dump(Role::Checker, proto::Dump::DATA, "checks"));
  CHECK(content(directory.file("keepalived.data")) == "data");
  CHECK(content(directory.file("keepalived.stats")) == "stats");
  CHECK(content(directory.file("keepalived.json")) == "{}");
  CHECK(mode_of(directory.file("keepalived.data")) == 0600);
  REQUIRE(write_dump(Role::Vrrp, proto::Dump::STATS_CLEAR, "again"));
  CHECK(content(directory.file("keepalived.stats")) == "again");
}

TEST_CASE("a symlink that somebody laid is replaced, not followed") {
  TemporaryDirectory directory;
  const TemporaryTmpdir tmpdir(directory.path());
  write_file(directory.file("victim"), "precious");
  std::filesystem::create_symlink(directory.file("victim"), directory.file("keepalived.data"));
  REQUIRE(write_dump(Role::Vrrp, proto::Dump::DATA, "data"));
  CHECK(content(directory.file("victim")) == "precious");
  CHECK(content(directory.file("keepalived.data")) == "data");
}

TEST_CASE("a full disk is named and leaves the old file") {
  TemporaryDirectory directory;
  const int failed_at = with_tiny_disk(directory.path(), [&] {
    const TemporaryTmpdir tmpdir(directory.path());
    if (!write_dump(Role::Vrrp, proto::Dump::DATA, "old")) return 1;
    const Status full = write_dump(Role::Vrrp, proto::Dump::DATA, std::string(100'000, 'x'));
    if (full) return 2;
    if (full.error().message.find("No space left on device") == std::string::npos) return 3;
    return content(directory.file("keepalived.data")) == "old" ? 0 : 4;
  });
  CHECK(failed_at == 0);
}

TEST_CASE("data dumps carry namespace and instance with data_use_instance, as 2.2.7 writes them") {
  TemporaryDirectory directory;
  const TemporaryTmpdir tmpdir(directory.path());
  config::DumpPlaces places;
  places.use_instance = true;
  CHECK(dump_path(DumpFile::VrrpData, places, "_blue_one") == directory.file("keepalived.blue_one.data"));
  CHECK(dump_path(DumpFile::ParentData, places, "_one") == directory.file("keepalived_parent.one.data"));
  CHECK(dump_path(DumpFile::CheckerData, places, "") == directory.file("keepalived_check.data"));
  CHECK(dump_path(DumpFile::Statistics, places, "_one") == directory.file("keepalived.stats"));
  CHECK(dump_path(DumpFile::Json, places, "_one") == directory.file("keepalived.json"));
}

TEST_CASE("dumps go where the configuration says") {
  TemporaryDirectory directory;
  const TemporaryTmpdir tmpdir(directory.path());
  const auto path = [](DumpFile file, const std::string& place) {
    return dump_path(file, {place, place, place, false}, "");
  };
  CHECK(path(DumpFile::VrrpData, "/x/state.txt") == "/x/state.txt");
  CHECK(path(DumpFile::CheckerData, "/x/state.txt") == "/x/state_check.txt");
  CHECK(path(DumpFile::ParentData, "/x.d/state") == "/x.d/state_parent");
  CHECK(path(DumpFile::CheckerData, "/x/.hidden") == "/x/.hidden_check");
  CHECK(path(DumpFile::Statistics, "/x/") == "/x/keepalived.stats");
  CHECK(path(DumpFile::Json, "sub/") == directory.file("sub/keepalived.json"));
  CHECK(path(DumpFile::Json, "mine") == directory.file("mine"));
}
