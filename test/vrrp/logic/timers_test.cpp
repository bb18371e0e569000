#include "vrrp/logic/timers.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

TEST_CASE("skew of version 2 is a part of a second, of version 3 a part of the interval") {
  CHECK(skew_time(2, 100, seconds(7)) == microseconds(609'375));
  CHECK(skew_time(3, 100, milliseconds(100)) == microseconds(60'937));
  CHECK(skew_time(3, 255, seconds(1)) == microseconds(3'906));
}

TEST_CASE("the down interval is three adverts and the skew, or as many as configured") {
  CHECK(active_down_interval(2, 100, seconds(1), 3) == microseconds(3'609'375));
  CHECK(active_down_interval(2, 100, seconds(1), 1) == microseconds(1'609'375));
}

TEST_CASE("a late advert does not move the rhythm") {
  Rhythm rhythm;
  rhythm.start(from_us(0), seconds(1));
  CHECK_FALSE(rhythm.advance(from_us(1'400'000)));
  CHECK(rhythm.next() == from_us(2'000'000));
  CHECK(rhythm.anchor() == from_us(0));
}

TEST_CASE("more than an interval late the rhythm begins anew") {
  Rhythm rhythm;
  rhythm.start(from_us(0), seconds(1));
  CHECK(rhythm.advance(from_us(2'100'000)));
  CHECK(rhythm.anchor() == from_us(2'100'000));
  CHECK(rhythm.next() == from_us(3'100'000));
}

TEST_CASE("the last beat is found from a record") {
  CHECK(Rhythm::last_beat(from_us(5), seconds(1), from_us(3'000'004)) == from_us(2'000'005));
  CHECK(Rhythm::last_beat(from_us(5), seconds(1), from_us(3'000'005)) == from_us(3'000'005));
  CHECK(Rhythm::last_beat(from_us(5), seconds(1), from_us(1)) == from_us(5));
  CHECK(Rhythm::last_beat(from_us(5), seconds(0), from_us(10)) == from_us(5));
}

TEST_CASE("a rhythm with a phase takes one short step to it, and then whole ones") {
  Rhythm rhythm;
  rhythm.start(from_us(10'300'000), seconds(1), milliseconds(200));
  CHECK(rhythm.anchor() == from_us(10'300'000));
  CHECK(rhythm.next() == from_us(11'200'000));
  CHECK_FALSE(rhythm.advance(from_us(11'200'000)));
  CHECK(rhythm.anchor() == from_us(11'200'000));
  CHECK(rhythm.next() == from_us(12'200'000));
  CHECK_FALSE(rhythm.advance(from_us(12'300'000)));
  CHECK(rhythm.anchor() == from_us(11'200'000));
  CHECK(rhythm.advance(from_us(20'000'000)));
  CHECK(rhythm.next() == from_us(20'200'000));
}

TEST_CASE("a rhythm that begins at its phase does not send twice") {
  Rhythm rhythm;
  rhythm.start(from_us(10'200'000), seconds(1), milliseconds(200));
  CHECK(rhythm.next() == from_us(11'200'000));
}

}  // namespace holdfast::vrrp
