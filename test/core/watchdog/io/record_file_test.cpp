#include "core/watchdog/io/record_file.h"

#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

const BootId boot{7};
constexpr std::uint64_t digest = 42;

std::optional<RememberedRecords> load(const std::string& path, std::string* why = nullptr) {
  std::string reason;
  auto remembered = RecordFile(path, boot).load(digest, reason);
  if (why) *why = reason;
  return remembered;
}

}  // namespace

TEST_CASE("records written are records read, by a later core") {
  TemporaryDirectory directory;
  RecordFile file(directory.file("records"), boot);
  RecordStore store;
  store.upsert(Role::Vrrp, "a", "1");
  REQUIRE(file.begin(store, digest, from_us(5)));
  store.upsert(Role::Vrrp, "b", "2");
  store.erase(Role::Vrrp, "a");
  REQUIRE(file.save(store, from_us(5)));
  REQUIRE(file.save(store, from_us(5)));
  const auto found = load(directory.file("records"));
  REQUIRE(found);
  CHECK(found->store.of(Role::Vrrp) == store.of(Role::Vrrp));
  CHECK(found->unreadable == 0);
  CHECK(mode_of(directory.file("records")) == 0600);
}

TEST_CASE("a stamp changes the time and nothing else, also between two saves") {
  TemporaryDirectory directory;
  RecordFile file(directory.file("records"), boot);
  RecordStore store;
  REQUIRE(file.begin(store, digest, from_us(5)));
  file.stamp(from_us(77));
  store.upsert(Role::Vrrp, "b", "2");
  REQUIRE(file.save(store, from_us(5)));
  file.stamp(from_us(99));
  const auto found = load(directory.file("records"));
  REQUIRE(found);
  CHECK(found->alive_until == from_us(99));
  CHECK(found->store.of(Role::Vrrp).at("b") == "2");
}

TEST_CASE("no file, or one that others could have written, is not read") {
  TemporaryDirectory directory;
  const std::string path = directory.file("records");
  std::string why;
  CHECK_FALSE(load(path, &why));
  CHECK(why == "there is none");
  RecordStore store;
  RecordFile file(path, boot);
  REQUIRE(file.begin(store, digest, from_us(5)));
  REQUIRE(load(path));
  REQUIRE(chmod(path.c_str(), 0620) == 0);
  CHECK_FALSE(load(path, &why));
  CHECK(why == "others could have written it");
  REQUIRE(chmod(path.c_str(), 0600) == 0);
  REQUIRE(chown(path.c_str(), kNobody, kNobody) == 0);
  CHECK_FALSE(load(path));
  std::filesystem::remove(path);
  std::filesystem::create_symlink("/etc/passwd", path);
  CHECK_FALSE(load(path, &why));
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  CHECK_FALSE(load(path));
}

TEST_CASE("a symlink in the file's place is replaced, not followed") {
  TemporaryDirectory directory;
  write_file(directory.file("victim"), "precious");
  std::filesystem::create_symlink(directory.file("victim"), directory.file("records"));
  std::filesystem::create_symlink(directory.file("victim"), directory.file("records.new"));
  RecordStore store;
  RecordFile file(directory.file("records"), boot);
  REQUIRE(file.begin(store, digest, from_us(5)));
  CHECK(content(directory.file("victim")) == "precious");
  CHECK(load(directory.file("records")));
}

TEST_CASE("a file that grew is written anew and stays readable") {
  TemporaryDirectory directory;
  RecordFile file(directory.file("records"), boot);
  RecordStore store;
  REQUIRE(file.begin(store, digest, from_us(5)));
  for (int i = 0; i < 500; ++i) {
    store.upsert(Role::Vrrp, "V", std::string(1000, static_cast<char>('a' + i % 26)));
    REQUIRE(file.save(store, from_us(5)));
  }
  CHECK(std::filesystem::file_size(directory.file("records")) < 80'000);
  CHECK(load(directory.file("records"))->store.of(Role::Vrrp) == store.of(Role::Vrrp));
}

TEST_CASE("removed is removed, and saving works again afterwards") {
  TemporaryDirectory directory;
  RecordFile file(directory.file("records"), boot);
  RecordStore store;
  REQUIRE(file.begin(store, digest, from_us(5)));
  file.remove();
  CHECK_FALSE(std::filesystem::exists(directory.file("records")));
  file.stamp(from_us(6));
  REQUIRE(file.save(store, from_us(5)));
  CHECK(load(directory.file("records")));
}

TEST_CASE("a full disk is named, keeps nothing wrong, and is forgotten when there is room again") {
  TemporaryDirectory directory;
  const int failed_at = with_tiny_disk(directory.path(), [&] {
    RecordFile file(directory.file("records"), boot);
    RecordStore store;
    store.upsert(Role::Vrrp, "V", "first");
    if (!file.begin(store, digest, from_us(5))) return 1;
    store.upsert(Role::Vrrp, "big", std::string(64'000, 'x'));
    const Status full = file.save(store, from_us(5));
    if (full) return 2;
    if (full.error().message.find("No space left on device") == std::string::npos) return 3;
    const auto found = load(directory.file("records"));
    if (!found || found->store.of(Role::Vrrp).at("V") != "first") return 4;
    // Written anew, that fails too, and the old file stays.
    if (file.save(store, from_us(5))) return 5;
    if (!load(directory.file("records"))) return 6;
    if (std::filesystem::exists(directory.file("records.new"))) return 7;
    store.erase(Role::Vrrp, "big");
    if (!file.save(store, from_us(5))) return 8;
    return load(directory.file("records"))->store.of(Role::Vrrp) == store.of(Role::Vrrp) ? 0 : 9;
  });
  CHECK(failed_at == 0);
}

TEST_CASE("this boot has an identity") {
  CHECK(current_boot_id() == current_boot_id());
  CHECK(current_boot_id() != BootId{});
}
