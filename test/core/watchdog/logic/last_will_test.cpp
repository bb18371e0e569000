#include "core/watchdog/logic/last_will.h"

#include <catch2/catch.hpp>

#include "test/core/watchdog/logic/times.h"

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

Bequest bequest(const std::string& key, std::int64_t anchor_ms, Duration interval = seconds(1),
                Duration down = seconds(3)) {
  return {key, at_ms(anchor_ms), interval, down, {{1, *IpPrefix::parse("192.0.2.9/24")}}};
}

std::vector<std::string> keys(const std::vector<Bequest>& bequests) {
  std::vector<std::string> found;
  for (const Bequest& b : bequests) found.push_back(b.key);
  return found;
}

}  // namespace

TEST_CASE("the last advert is the last beat of the rhythm") {
  const Bequest b = bequest("V", 0);
  CHECK(last_advert(b, at_ms(0)) == at_ms(0));
  CHECK(last_advert(b, at_ms(999)) == at_ms(0));
  CHECK(last_advert(b, at_ms(1000)) == at_ms(1000));
  CHECK(last_advert(b, at_ms(5999)) == at_ms(5000));
}

TEST_CASE("before its anchor, and with an interval of nothing, a rhythm has only its anchor") {
  CHECK(last_advert(bequest("V", 500), at_ms(0)) == at_ms(500));
  CHECK(last_advert(bequest("V", 0, Duration::zero()), at_ms(700)) == at_ms(0));
  CHECK(last_advert(bequest("V", 0, Duration(-1)), at_ms(700)) == at_ms(0));
}

TEST_CASE("nothing falls due while the testator lives") {
  LastWill will;
  will.change({bequest("V", 0)}, {});
  CHECK_FALSE(will.next_deadline());
  CHECK(will.due(at_ms(1'000'000)).empty());
}

TEST_CASE("each instance falls due at its own peers' master-down time after its last advert") {
  LastWill will;
  will.change({bequest("slow", 0), bequest("fast", 0, milliseconds(20), milliseconds(72))}, {});
  will.testator_died(at_ms(1010));
  CHECK(*will.next_deadline() == at_ms(1000 + 72));
  CHECK(will.due(at_ms(1071)).empty());
  CHECK(keys(will.due(at_ms(1072))) == std::vector<std::string>{"fast"});
  CHECK(*will.next_deadline() == at_ms(4000));
  CHECK(keys(will.due(at_ms(9000))) == std::vector<std::string>{"slow"});
  CHECK_FALSE(will.next_deadline());
}

TEST_CASE("a second death does not postpone what the first set in motion") {
  LastWill will;
  will.change({bequest("V", 0)}, {});
  will.testator_died(at_ms(100));
  will.testator_died(at_ms(2500));
  CHECK(*will.next_deadline() == at_ms(3000));
}

TEST_CASE("a successor that claims a bequest again takes it over with its own rhythm") {
  LastWill will;
  will.change({bequest("V", 0)}, {});
  will.testator_died(at_ms(100));
  will.change({bequest("V", 2000)}, {});
  CHECK_FALSE(will.next_deadline());
  will.testator_died(at_ms(2100));
  CHECK(*will.next_deadline() == at_ms(5000));
}

TEST_CASE("what a ready successor did not claim again is forgotten, not executed") {
  LastWill will;
  will.change({bequest("A", 0), bequest("B", 0)}, {});
  will.testator_died(at_ms(100));
  will.change({bequest("A", 1000)}, {});
  will.successor_ready();
  CHECK_FALSE(will.next_deadline());
  CHECK(keys(will.execute_all()) == std::vector<std::string>{"A"});
}

TEST_CASE("a revoked bequest is executed neither at its time nor at the end") {
  LastWill will;
  will.change({bequest("A", 0), bequest("B", 0)}, {});
  will.testator_died(at_ms(100));
  will.change({}, {"A", "unknown"});
  CHECK(keys(will.due(at_ms(9000))) == std::vector<std::string>{"B"});
  CHECK(will.execute_all().empty());
}

TEST_CASE("everything is executed once") {
  LastWill will;
  will.change({bequest("B", 0), bequest("A", 0)}, {});
  CHECK(keys(will.execute_all()) == std::vector<std::string>{"A", "B"});
  CHECK(will.execute_all().empty());
}

TEST_CASE("what is postponed falls due then, and what is due later stays") {
  LastWill will;
  will.change({bequest("A", 0), bequest("B", 9000)}, {});
  will.testator_died(at_ms(100));
  will.postpone(at_ms(5000));
  CHECK(will.due(at_ms(4999)).empty());
  CHECK(keys(will.due(at_ms(5000))) == std::vector<std::string>{"A"});
  CHECK(*will.next_deadline() == at_ms(12'000));
}

namespace {

Bequest of_unknown_peers(const std::string& key) {
  Bequest made = bequest(key, 0, seconds(1), milliseconds(3609));
  made.ear = Ear{2, *IpAddress::parse("224.0.0.18"), 112, {1, 2, 3}, milliseconds(3996)};
  return made;
}

}  // namespace

TEST_CASE("a peer that was never heard is listened for in the second half of the time that it waits") {
  LastWill will;
  will.change({of_unknown_peers("V"), bequest("known", 0)}, {});
  CHECK(will.take_ear_changes(at_ms(9000)).start.empty());
  will.testator_died(at_ms(100));
  CHECK(*will.next_due() == at_ms(3000));
  CHECK(*will.next_deadline() == at_ms(1804) + microseconds(500));
  CHECK(will.take_ear_changes(at_ms(1804)).start.empty());
  const auto changes = will.take_ear_changes(at_ms(1805));
  REQUIRE(changes.start.size() == 1);
  CHECK(changes.start[0].first == "V");
  CHECK(changes.start[0].second.filter == Bytes{1, 2, 3});
  CHECK(will.take_ear_changes(at_ms(1806)).start.empty());
  CHECK(*will.next_deadline() == at_ms(3000));
}

TEST_CASE("the first advert of a peer is the moment; without one it is the slowest peer's") {
  for (const bool heard : {true, false}) {
    LastWill will;
    will.change({of_unknown_peers("V")}, {});
    will.testator_died(at_ms(0));
    will.take_ear_changes(at_ms(2000));
    if (heard) will.takeover_heard("V", at_ms(3700));
    CHECK(will.due(at_ms(3699)).empty());
    CHECK(will.due(at_ms(3700)).size() == (heard ? 1U : 0U));
    CHECK(will.due(at_ms(3996)).size() == (heard ? 0U : 1U));
    CHECK(will.take_ear_changes(at_ms(3996)).stop == std::vector<std::string>{"V"});
  }
}

TEST_CASE("who cannot listen guesses, and asks no second time") {
  LastWill will;
  will.change({of_unknown_peers("V")}, {});
  will.testator_died(at_ms(0));
  will.take_ear_changes(at_ms(2000));
  will.listening_failed("V");
  CHECK(*will.next_due() == at_ms(3609));
  CHECK(will.take_ear_changes(at_ms(2100)).start.empty());
  CHECK(will.take_ear_changes(at_ms(2100)).stop.empty());
}

TEST_CASE("a successor in force ends the listening") {
  LastWill will;
  will.change({of_unknown_peers("V")}, {});
  will.testator_died(at_ms(0));
  will.take_ear_changes(at_ms(2000));
  will.successor_ready();
  CHECK(will.take_ear_changes(at_ms(2100)).stop == std::vector<std::string>{"V"});
  will.takeover_heard("V", at_ms(2200));
  will.listening_failed("V");
  CHECK_FALSE(will.next_deadline());
}
