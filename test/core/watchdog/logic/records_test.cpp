#include "core/watchdog/logic/records.h"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

const BootId boot{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::uint64_t digest = 0x1122334455667788;
const TimePoint alive_until = from_us(123'456'789);

std::optional<RememberedRecords> parse(const std::string& file) {
  std::string why;
  return parse_records(file, boot, digest, why);
}

/// A file with an image of two records and a log of three changes behind it.
std::string sample() {
  RecordStore store;
  store.upsert(Role::Vrrp, "instance/V", "state one");
  store.upsert(Role::Checker, "server/1", "up");
  std::string file = store.image(boot, digest, alive_until);
  store.upsert(Role::Vrrp, "instance/V", "state two");
  store.upsert(Role::Vrrp, "script/chk", std::string("\0\xff binary", 9));
  store.erase(Role::Checker, "server/1");
  return file + store.take_changes();
}

}  // namespace

TEST_CASE("only a change is a change") {
  RecordStore store;
  CHECK(store.upsert(Role::Vrrp, "k", "v"));
  CHECK_FALSE(store.upsert(Role::Vrrp, "k", "v"));
  CHECK(store.upsert(Role::Checker, "k", "v"));
  CHECK(store.erase(Role::Vrrp, "k"));
  CHECK_FALSE(store.erase(Role::Vrrp, "k"));
  CHECK(store.of(Role::Checker).size() == 1);
  CHECK_FALSE(store.take_changes().empty());
  CHECK(store.take_changes().empty());
}

TEST_CASE("a key that does not fit its length field is refused") {
  RecordStore store;
  CHECK_FALSE(store.upsert(Role::Vrrp, std::string(65536, 'k'), "v"));
  CHECK(store.upsert(Role::Vrrp, std::string(65535, 'k'), "v"));
  const auto parsed = parse(store.image(boot, digest, alive_until));
  REQUIRE(parsed);
  CHECK(parsed->store.of(Role::Vrrp) == store.of(Role::Vrrp));
}

TEST_CASE("an image with its log of changes reads back as what it was") {
  const auto parsed = parse(sample());
  REQUIRE(parsed);
  CHECK(parsed->unreadable == 0);
  CHECK(parsed->alive_until == alive_until);
  CHECK(parsed->store.of(Role::Vrrp).at("instance/V") == "state two");
  CHECK(parsed->store.of(Role::Vrrp).at("script/chk") == std::string("\0\xff binary", 9));
  CHECK(parsed->store.of(Role::Checker).empty());
}

TEST_CASE("a file of another boot or format is worth nothing, and the reason is told") {
  const std::string file = sample();
  std::string why;
  BootId other = boot;
  other[15] ^= 1;
  CHECK_FALSE(parse_records(file, other, digest, why));
  CHECK(why == "it is of an earlier boot");
  CHECK_FALSE(parse_records("HFREC\0\0\1" + file.substr(8), boot, digest, why));
  CHECK(why == "it is not a record file of this version");
  CHECK_FALSE(parse_records("", boot, digest, why));
}

TEST_CASE("with another configuration of vrrp only the checker's records are left, and nothing is vouched for") {
  RecordStore store;
  store.upsert(Role::Vrrp, "instance/V", "state");
  store.upsert(Role::Checker, "server/S/R", "down");
  std::string why;
  const auto parsed = parse_records(store.image(boot, digest, alive_until), boot, digest + 1, why);
  REQUIRE(parsed);
  CHECK(why == "the file belongs to another configuration");
  CHECK(parsed->store.of(Role::Vrrp).empty());
  CHECK(parsed->store.of(Role::Checker).at("server/S/R") == "down");
  CHECK(parsed->alive_until == TimePoint{});
}

TEST_CASE("a file cut at any octet gives what was written whole before it") {
  const std::string file = sample();
  std::size_t last_vrrp = 0;
  for (std::size_t length = 0; length <= file.size(); ++length) {
    INFO("cut at " << length);
    const auto parsed = parse(file.substr(0, length));
    CHECK(parsed.has_value() == (length >= kRecordHeaderOctets));
    if (!parsed) continue;
    const std::size_t vrrp = parsed->store.of(Role::Vrrp).size();
    CHECK(vrrp >= last_vrrp);
    last_vrrp = vrrp;
    if (vrrp > 0) CHECK(parsed->store.of(Role::Vrrp).at("instance/V").starts_with("state "));
    CHECK(parsed->unreadable <= length - kRecordHeaderOctets);
  }
  CHECK(last_vrrp == 2);
}

TEST_CASE("a flipped bit never brings in a record that nobody wrote") {
  const std::string file = sample();
  const std::set<std::string> written{"state one", "state two", "up", std::string("\0\xff binary", 9)};
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::string damaged = file;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const auto parsed = parse(damaged);
    // Magic, boot and digest are compared; "alive until" is a number like any other.
    const bool in_digest = bit / 8 >= kAliveUntilOffset - 8 && bit / 8 < kAliveUntilOffset;
    if (bit / 8 < kAliveUntilOffset && !in_digest) CHECK_FALSE(parsed);
    if (!parsed) continue;
    INFO("bit " << bit);
    if (in_digest) CHECK(parsed->store.of(Role::Vrrp).empty());
    for (const Role role : {Role::Vrrp, Role::Checker}) {
      for (const auto& [key, value] : parsed->store.of(role)) CHECK(written.contains(value));
    }
    if (bit / 8 >= kRecordHeaderOctets) {
      // Kind and role are not summed: a flip there is a wrong kind (unreadable) or moves a record, never invents one.
      CHECK(parsed->store.of(Role::Vrrp).size() + parsed->store.of(Role::Checker).size() <= 4);
    }
  }
}

TEST_CASE("rubbish is never more than rubbish") {
  std::mt19937 random(1);
  const std::string header = sample().substr(0, kRecordHeaderOctets);
  for (int i = 0; i < 2000; ++i) {
    std::string file = header;
    const std::size_t length = random() % 200;
    for (std::size_t j = 0; j < length; ++j) file.push_back(static_cast<char>(random()));
    const auto parsed = parse(file);
    REQUIRE(parsed);
    CHECK(parsed->unreadable <= length);
  }
}

TEST_CASE("an entry that claims four gigabytes is unreadable, not read") {
  RecordStore store;
  std::string file = store.image(boot, digest, alive_until);
  file += std::string("\1\0\0\1\xff\xff\xff\xff\0\0\0\0k", 13);
  const auto parsed = parse(file);
  REQUIRE(parsed);
  CHECK(parsed->unreadable == 13);
}

TEST_CASE("a log that is mostly superseded asks to be written anew, and an image settles it") {
  RecordStore store;
  store.image(boot, digest, alive_until);
  int changes = 0;
  while (!store.wants_rewrite()) {
    store.upsert(Role::Vrrp, "instance/V", std::string(1000, static_cast<char>('a' + ++changes % 20)));
    store.take_changes();
    REQUIRE(changes < 1000);
  }
  CHECK(changes > 60);
  CHECK(store.image(boot, digest, alive_until).size() < 1100);
  CHECK_FALSE(store.wants_rewrite());
}

TEST_CASE("many live records do not ask to be written anew again and again") {
  RecordStore store;
  for (int i = 0; i < 10'000; ++i) store.upsert(Role::Vrrp, "k" + std::to_string(i), std::string(50, 'v'));
  store.take_changes();
  CHECK_FALSE(store.wants_rewrite());
}

TEST_CASE("clear forgets values and changes") {
  RecordStore store;
  store.upsert(Role::Vrrp, "k", "v");
  store.clear();
  CHECK(store.of(Role::Vrrp).empty());
  CHECK(store.take_changes().empty());
}
