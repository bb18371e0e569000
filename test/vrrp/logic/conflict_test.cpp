#include "vrrp/logic/conflict.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

const IpAddress kPeer = *IpAddress::parse("10.0.0.2");
constexpr TimePoint at(std::int64_t s) {
  return TimePoint(seconds(s));
}

}  // namespace

TEST_CASE("a conflict begins once, and is over when nothing was heard for long enough") {
  Conflict conflict;
  CHECK_FALSE(conflict.next_deadline());
  CHECK_FALSE(conflict.over(at(100)));
  CHECK(conflict.heard(kPeer, 90, seconds(3), at(10)));
  CHECK_FALSE(conflict.heard(kPeer, 80, seconds(3), at(12)));
  CHECK(conflict.next_deadline() == at(15));
  CHECK_FALSE(conflict.over(at(14)));
  const auto news = conflict.over(at(15));
  REQUIRE(news);
  CHECK(*news == ConflictNews{kPeer, 80, seconds(2), 2});
  CHECK(text_of(*news) == "10.0.0.2, priority 80, was MASTER too for 2 seconds (2 adverts)");
  CHECK_FALSE(conflict.over(at(100)));
  CHECK(conflict.heard(kPeer, 90, seconds(3), at(200)));
}

TEST_CASE("who resigns ends the conflict at once, another does not") {
  Conflict conflict;
  conflict.heard(kPeer, 90, seconds(3), at(10));
  conflict.resigned(*IpAddress::parse("10.0.0.3"), at(11));
  CHECK_FALSE(conflict.over(at(11)));
  conflict.resigned(kPeer, at(11));
  REQUIRE(conflict.over(at(11)));
  CHECK_FALSE(conflict.next_deadline());
}

TEST_CASE("a conflict that we lose is told of too") {
  Conflict conflict;
  CHECK_FALSE(conflict.given_up());
  conflict.heard(kPeer, 90, seconds(3), at(10));
  REQUIRE(conflict.given_up());
  CHECK_FALSE(conflict.given_up());
  CHECK(text_of({kPeer, 1, {}, 1}) == "10.0.0.2, priority 1, was MASTER too for 0 seconds (1 advert)");
}
