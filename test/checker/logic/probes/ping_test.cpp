#include "checker/logic/probes/ping.h"

#include <catch2/catch.hpp>

#include "core/base/checksum.h"

using namespace holdfast;
using namespace holdfast::checker;

namespace {

const EchoKey key{0x1122, 7, 0x0123456789abcdefULL};

ByteView view(const std::string& octets) {
  return {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()};
}

/// The answer of a good host, as a raw socket gives it.
std::string reply(Family family) {
  std::string octets = echo_request(family, key);
  octets[0] = family == Family::IPv4 ? '\0' : '\x81';
  return family == Family::IPv4 ? "\x45" + std::string(19, 'h') + octets : octets;
}

}  // namespace

TEST_CASE("an echo request has 64 octets and, for IPv4, its checksum") {
  const std::string v4 = echo_request(Family::IPv4, key);
  CHECK(v4.size() == 64);
  CHECK(v4[0] == 8);
  CHECK(internet_checksum(view(v4)) == 0);
  CHECK(static_cast<unsigned char>(echo_request(Family::IPv6, key)[0]) == 128);
}

TEST_CASE("an answer gives back what was asked") {
  CHECK(parse_echo_reply(Family::IPv4, reply(Family::IPv4)) == key);
  CHECK(parse_echo_reply(Family::IPv6, reply(Family::IPv6)) == key);
}

TEST_CASE("a request, a short datagram and a wrong header length are no answer") {
  CHECK_FALSE(parse_echo_reply(Family::IPv6, echo_request(Family::IPv6, key)));
  for (const Family family : {Family::IPv4, Family::IPv6}) {
    const std::size_t enough = family == Family::IPv4 ? 36 : 16;
    for (std::size_t size = 0; size < enough; ++size) {
      CHECK_FALSE(parse_echo_reply(family, std::string_view(reply(family)).substr(0, size)));
    }
  }
  std::string liar = reply(Family::IPv4);
  liar[0] = '\x41';
  CHECK_FALSE(parse_echo_reply(Family::IPv4, liar));
  liar[0] = '\x4f';
  CHECK(parse_echo_reply(Family::IPv4, liar.substr(0, 50)) == std::nullopt);
}
