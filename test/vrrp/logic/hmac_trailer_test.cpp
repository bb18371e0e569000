#include "vrrp/logic/hmac_trailer.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

const HmacSubject kSubject{*IpAddress::parse("10.0.0.7"), 3, 51};
const Bytes kPdu = {0x31, 51, 100, 1, 0, 100, 0xaa, 0xbb, 192, 0, 2, 9};
constexpr Duration kUtc = seconds(1'700'000'000);

config::AuthHmac settings() {
  config::AuthHmac s;
  s.active_key = 7;
  s.keys = {{7, std::string(32, 'x')}, {8, std::string(64, 'y')}};
  return s;
}

TrailerVerdict check(const config::AuthHmac& s, const Bytes& trailer, HmacMemory& memory, Duration utc = kUtc) {
  return check_trailer(s, kSubject, kPdu, trailer, {utc, seconds(1), 4}, memory);
}

}  // namespace

TEST_CASE("a trailer has its fields where d.7 says and is authentic once") {
  HmacMemory sender, receiver;
  const Bytes trailer = hmac_trailer(settings(), kSubject, kPdu, kUtc + milliseconds(500), sender);
  REQUIRE(trailer.size() == kTrailerOctets);
  CHECK(Bytes(trailer.begin(), trailer.begin() + 12) == Bytes{1, 7, 0, 0, 0x65, 0x53, 0xf1, 0x00, 0x80, 0, 0, 0});
  CHECK(check(settings(), trailer, receiver) == TrailerVerdict::Authentic);
  CHECK(check(settings(), trailer, receiver) == TrailerVerdict::Replayed);
}

TEST_CASE("the checksum is not covered, everything else is") {
  HmacMemory sender;
  const Bytes trailer = hmac_trailer(settings(), kSubject, kPdu, kUtc, sender);
  for (std::size_t at = 0; at < kPdu.size(); ++at) {
    HmacMemory receiver;
    Bytes other = kPdu;
    other[at] ^= 1;
    const auto verdict = check_trailer(settings(), kSubject, other, trailer, {kUtc, seconds(1), 4}, receiver);
    CHECK((verdict == TrailerVerdict::Authentic) == (at == 6 || at == 7));
  }
}

TEST_CASE("stamps grow though the clock goes back, and those of several senders are apart") {
  HmacMemory sender, receiver;
  const Bytes first = hmac_trailer(settings(), kSubject, kPdu, kUtc, sender);
  const Bytes second = hmac_trailer(settings(), kSubject, kPdu, kUtc - seconds(3), sender);
  CHECK(check(settings(), first, receiver) == TrailerVerdict::Authentic);
  CHECK(check(settings(), second, receiver) == TrailerVerdict::Authentic);
  HmacSubject other = kSubject;
  other.source = *IpAddress::parse("10.0.0.8");
  HmacMemory its;
  const Bytes third = hmac_trailer(settings(), other, kPdu, kUtc - seconds(1), its);
  CHECK(check_trailer(settings(), other, kPdu, third, {kUtc, seconds(1), 4}, receiver) == TrailerVerdict::Authentic);
}

TEST_CASE("the window is given, or made of the advert interval; monotonic has none") {
  config::AuthHmac s = settings();
  CHECK(time_window(s, seconds(1)) == seconds(5));
  CHECK(time_window(s, seconds(40)) == seconds(120));
  s.time_window = seconds(2);
  CHECK(time_window(s, seconds(40)) == seconds(2));
  HmacMemory sender, receiver;
  const Bytes trailer = hmac_trailer(s, kSubject, kPdu, kUtc, sender);
  CHECK(check(s, trailer, receiver, kUtc + seconds(3)) == TrailerVerdict::Stale);
  CHECK(check(s, trailer, receiver, kUtc - seconds(3)) == TrailerVerdict::Stale);
  s.monotonic = true;
  CHECK(check(s, trailer, receiver, kUtc + seconds(3)) == TrailerVerdict::Authentic);
}

TEST_CASE("no more senders are remembered than there is room for") {
  HmacMemory sender, receiver;
  for (std::uint32_t host = 1; host < 20; ++host) {
    HmacSubject subject = kSubject;
    subject.source = IpAddress::v4(0x0a000000 + host);
    const Bytes trailer = hmac_trailer(settings(), subject, kPdu, kUtc, sender);
    CHECK(check_trailer(settings(), subject, kPdu, trailer, {kUtc, seconds(1), 0}, receiver) ==
          TrailerVerdict::Authentic);
  }
  CHECK(receiver.heard.size() == HmacMemory::kMostSenders);
}

}  // namespace holdfast::vrrp
