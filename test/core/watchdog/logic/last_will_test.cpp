#include "core/watchdog/logic/last_will.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

TimePoint at_ms(std::int64_t ms) {
  return from_us(1'000'000'000 + ms * 1000);
}

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
