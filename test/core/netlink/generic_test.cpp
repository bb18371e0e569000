#include "core/netlink/generic.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <linux/genetlink.h>
#include <linux/netlink.h>

using namespace holdfast;
using namespace holdfast::netlink;

namespace {

Bytes nested_example() {
  GenericRequest request({0x20, 5, 1, Answer::Always, 7});
  request.put_u8(1, 0x11);
  request.begin_nested(2);
  request.put_u16(3, 0x2233);
  request.put_text(4, "rr");
  request.end_nested();
  request.put_u32(5, 0x44556677);
  Bytes bytes;
  request.append_to(bytes);
  return bytes;
}

}  // namespace

TEST_CASE("what_is_built_is_read_back") {
  const Bytes bytes = nested_example();
  CHECK(bytes.size() % 4 == 0);
  const GenericBatch batch = parse_generic(bytes);
  REQUIRE(batch.messages.size() == 1);
  CHECK(batch.malformed == 0);
  CHECK(batch.messages[0].sequence == 7);
  const auto& answer = std::get<GenericAnswer>(batch.messages[0].body);
  CHECK(answer.family == 0x20);
  CHECK(answer.command == 5);
  CHECK(answer.attributes.u8(1) == 0x11);
  CHECK(answer.attributes.u32(5) == 0x44556677U);
  const auto nested = answer.attributes.nested(2);
  REQUIRE(nested);
  CHECK(nested->u16(3) == 0x2233);
  CHECK(nested->text(4) == "rr");
}

TEST_CASE("a_number_of_another_length_is_none") {
  const Bytes bytes = nested_example();
  const GenericBatch batch = parse_generic(bytes);
  const auto& attributes = std::get<GenericAnswer>(batch.messages[0].body).attributes;
  CHECK_FALSE(attributes.u32(1));
  CHECK_FALSE(attributes.u8(5));
  CHECK_FALSE(attributes.u64(5));
  CHECK_FALSE(attributes.u8(9));
  CHECK_FALSE(attributes.has(9));
}

TEST_CASE("many_requests_fill_one_batch") {
  Bytes batch;
  for (std::uint32_t sequence = 1; sequence <= 100; ++sequence) {
    GenericRequest request({0x20, 1, 1, Answer::OnlyRefusals, sequence});
    request.put_text(1, std::string(sequence % 5, 'x'));
    request.append_to(batch);
  }
  const GenericBatch parsed = parse_generic(batch);
  REQUIRE(parsed.messages.size() == 100);
  CHECK(parsed.malformed == 0);
  CHECK(parsed.messages.back().sequence == 100);
}

TEST_CASE("a_message_cut_anywhere_is_dropped") {
  const Bytes whole = nested_example();
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    const GenericBatch batch = parse_generic(cut);
    CHECK(batch.messages.empty());
    CHECK(batch.malformed == 1);
  }
}

TEST_CASE("attributes_that_reach_beyond_their_message_are_dropped") {
  Bytes bytes = nested_example();
  bytes[20] = 0xff;  // the length of the first attribute
  CHECK(parse_generic(bytes).malformed == 1);
  bytes[20] = 3;  // shorter than its own header
  CHECK(parse_generic(bytes).malformed == 1);
}

TEST_CASE("answers_and_ends_carry_their_errno") {
  struct {
    nlmsghdr header{sizeof(nlmsghdr) + sizeof(nlmsgerr), NLMSG_ERROR, 0, 9, 0};
    nlmsgerr error{-EEXIST, {}};
  } refusal;
  const auto* first = reinterpret_cast<const std::uint8_t*>(&refusal);
  Bytes bytes(first, first + sizeof refusal);
  CHECK(std::get<Acknowledgement>(parse_generic(bytes).messages.at(0).body) == Acknowledgement{EEXIST});
  bytes[16] = 0x11, bytes[17] = bytes[18] = bytes[19] = 0;  // a positive number is no errno
  CHECK(parse_generic(bytes).malformed == 1);
}

TEST_CASE("the_kernel_knows_its_own_family_and_no_other") {
  Result<Socket> socket = Socket::open(Bus::Generic, 1 << 16);
  REQUIRE(socket);
  const auto number = resolve_family(*socket, "nlctrl", 1, seconds(5));
  REQUIRE(number);
  CHECK(*number == GENL_ID_CTRL);
  const auto none = resolve_family(*socket, "no_such_family", 2, seconds(5));
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ENOENT);
}

TEST_CASE("waiting_for_an_answer_that_never_comes_ends") {
  Result<Socket> socket = Socket::open(Bus::Generic, 1 << 16);
  REQUIRE(socket);
  CHECK(socket->receive(milliseconds(1)).error().code == ETIMEDOUT);
}
