#include "core/watchdog/dump_file.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

proto::DumpText dump(proto::Dump::Kind kind, const std::string& text) {
  proto::DumpText d;
  d.set_kind(kind);
  d.set_text(text);
  return d;
}

struct TemporaryTmpdir {
  explicit TemporaryTmpdir(const std::string& path) { setenv("TMPDIR", path.c_str(), 1); }
  ~TemporaryTmpdir() { unsetenv("TMPDIR"); }
};

}  // namespace

TEST_CASE("each kind of dump has keepalived's file in TMPDIR (behaviour.md b.4)") {
  TemporaryDirectory directory;
  const TemporaryTmpdir tmpdir(directory.path());
  REQUIRE(write_dump_file(Role::Vrrp, dump(proto::Dump::DATA, "data")));
  REQUIRE(write_dump_file(Role::Vrrp, dump(proto::Dump::STATS, "stats")));
  REQUIRE(write_dump_file(Role::Vrrp, dump(proto::Dump::JSON, "{}")));
  REQUIRE(write_dump_file(Role::Checker, dump(proto::Dump::DATA, "checks")));
  CHECK(content(directory.file("keepalived.data")) == "data");
  CHECK(content(directory.file("keepalived.stats")) == "stats");
  CHECK(content(directory.file("keepalived.json")) == "{}");
  CHECK(mode_of(directory.file("keepalived.data")) == 0600);
  REQUIRE(write_dump_file(Role::Vrrp, dump(proto::Dump::STATS_CLEAR, "again")));
  CHECK(content(directory.file("keepalived.stats")) == "again");
}

TEST_CASE("a symlink that somebody laid is replaced, not followed") {
  TemporaryDirectory directory;
  const TemporaryTmpdir tmpdir(directory.path());
  write_file(directory.file("victim"), "precious");
  std::filesystem::create_symlink(directory.file("victim"), directory.file("keepalived.data"));
  REQUIRE(write_dump_file(Role::Vrrp, dump(proto::Dump::DATA, "data")));
  CHECK(content(directory.file("victim")) == "precious");
  CHECK(content(directory.file("keepalived.data")) == "data");
}

TEST_CASE("a full disk is named and leaves the old file") {
  TemporaryDirectory directory;
  const int failed_at = with_tiny_disk(directory.path(), [&] {
    const TemporaryTmpdir tmpdir(directory.path());
    if (!write_dump_file(Role::Vrrp, dump(proto::Dump::DATA, "old"))) return 1;
    const Status full = write_dump_file(Role::Vrrp, dump(proto::Dump::DATA, std::string(100'000, 'x')));
    if (full) return 2;
    if (full.error().message.find("No space left on device") == std::string::npos) return 3;
    return content(directory.file("keepalived.data")) == "old" ? 0 : 4;
  });
  CHECK(failed_at == 0);
}
