#include "checker/logic/probes/udp.h"

#include "test/support/byte_feeder.h"

using namespace holdfast;
using namespace holdfast::checker;

namespace {

config::UdpCheck with_reply(std::vector<std::pair<std::uint8_t, std::uint8_t>> pattern = {}) {
  config::UdpCheck check;
  check.payload = "ask";
  check.require_reply = true;
  check.expected_reply = std::move(pattern);
  return check;
}

std::optional<Verdict> verdict_of(const config::UdpCheck& check, const std::string& datagram) {
  return UdpConversation(check).on_datagram(datagram);
}

}  // namespace

TEST_CASE("silence is a success unless an answer is required") {
  CHECK(UdpConversation({}).on_timeout().up());
  CHECK(UdpConversation(with_reply()).on_timeout().failure == Failure::ReadTimeout);
}

TEST_CASE("the payload is sent as it is, none as an empty datagram") {
  CHECK(UdpConversation(with_reply()).request() == "ask");
  CHECK(UdpConversation({}).request().empty());
}

TEST_CASE("any answer will do when none is required") {
  config::UdpCheck check;
  check.max_reply_length = 1;
  CHECK(verdict_of(check, "four") == Verdict{});
}

TEST_CASE("a required answer must have the right length") {
  config::UdpCheck check = with_reply();
  check.min_reply_length = 2;
  check.max_reply_length = 4;
  CHECK(verdict_of(check, "1") == Verdict{Failure::UdpLength, "1 octets"});
  CHECK(verdict_of(check, "12") == Verdict{});
  CHECK(verdict_of(check, "1234") == Verdict{});
  CHECK(verdict_of(check, "12345") == Verdict{Failure::UdpLength, "5 octets"});
}

TEST_CASE("a required answer agrees with the pattern as far as both go") {
  const config::UdpCheck check = with_reply({{'a', 0xff}, {0x50, 0xf0}, {0, 0x00}});
  CHECK(verdict_of(check, "aZ!") == Verdict{});
  CHECK(verdict_of(check, "a") == Verdict{});
  CHECK(verdict_of(check, "aQ??longer") == Verdict{});
  CHECK(verdict_of(check, "bZ!")->failure == Failure::UdpMismatch);
  CHECK(verdict_of(check, "aa!")->failure == Failure::UdpMismatch);
}
