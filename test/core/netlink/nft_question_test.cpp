#include "core/netlink/nft_question.h"

#include <catch2/catch.hpp>

#include "core/base/time.h"
#include "core/netlink/batch_socket.h"
#include "core/runtime/clock.h"
#include "core/runtime/event_loop.h"
#include "test/core/netlink/network_namespace.h"

using namespace holdfast;
using namespace holdfast::netlink;

namespace {

const NftTable kTable{Family::IPv4, "t", {}};

/// What the kernel says to a question.
Bytes answer_to(const Bytes& question) {
  auto socket = Socket::open(Bus::Netfilter, 1 << 16);
  REQUIRE(socket);
  REQUIRE(socket->send(question));
  const auto datagram = socket->receive(seconds(2));
  REQUIRE(datagram);
  return {datagram->begin(), datagram->end()};
}

}  // namespace

TEST_CASE("elements and rules of the kernel are read back, those of other sets are not") {
  const test::NetworkNamespace where;
  const test::NetworkNamespace::Inside inside(where);
  test::NetworkNamespace::run(
      "nft 'add table ip t; add map ip t m { type ipv4_addr . inet_service : mark; flags interval; "
      "elements = { 10.0.0.1-10.0.0.3 . 80 : 7 } }; add chain ip t c; add rule ip t c counter; add rule ip t c drop'");
  const Bytes elements = answer_to(dump_elements(kTable, "m", 1));
  const auto found = parse_elements(elements, kTable, "m");
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == Bytes{10, 0, 0, 1, 0, 80, 0, 0});
  CHECK(found[0].key_end == Bytes{10, 0, 0, 3, 0, 80, 0, 0});
  CHECK(found[0].value == nft::number(7));
  CHECK(parse_elements(elements, kTable, "other").empty());
  CHECK(parse_elements(elements, {Family::IPv6, "t", {}}, "m").empty());
  const Bytes rules = answer_to(dump_rules(kTable, "c", 2));
  CHECK(count_rules(rules, kTable, "c") == 2);
  CHECK(count_rules(rules, kTable, "d") == 0);
}

TEST_CASE("answers cut anywhere are read as far as they go") {
  const test::NetworkNamespace where;
  const test::NetworkNamespace::Inside inside(where);
  test::NetworkNamespace::run(
      "nft 'add table ip t; add set ip t s { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }'");
  const Bytes whole = answer_to(dump_elements(kTable, "s", 1));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK(parse_elements(part, kTable, "s").size() <= 2);
    CHECK(count_rules(part, kTable, "c") == 0);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes wrong = whole;
    wrong[at] = 0xff;
    parse_elements(wrong, kTable, "s");
  }
}

TEST_CASE("a set that is not there is ENOENT, a chain that is not there has no rules") {
  const test::NetworkNamespace where;
  const test::NetworkNamespace::Inside inside(where);
  EventLoop loop;
  auto socket = BatchSocket::open(loop);
  REQUIRE(socket);
  std::optional<int> error;
  std::optional<std::size_t> rules;
  (*socket)->ask_elements(kTable, "m", [&](int code, std::vector<NftElement>) {
    error = code;
    (*socket)->ask_rules(kTable, "c", [&](std::size_t count) { rules = count; });
  });
  loop.run_until([&] { return rules.has_value(); }, now() + seconds(5));
  CHECK(error == ENOENT);
  CHECK(rules == 0);
}

TEST_CASE("questions that are asked at once are all answered, each with its own") {
  const test::NetworkNamespace where;
  const test::NetworkNamespace::Inside inside(where);
  test::NetworkNamespace::run(
      "nft 'add table ip t; add set ip t s { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }; add chain ip t c; "
      "add rule ip t c drop; add table ip6 other'");
  EventLoop loop;
  auto socket = BatchSocket::open(loop);
  REQUIRE(socket);
  std::vector<std::size_t> told;
  (*socket)->ask_elements(kTable, "s", [&](int, std::vector<NftElement> found) { told.push_back(found.size()); });
  (*socket)->ask_rules(kTable, "c", [&](std::size_t count) { told.push_back(count); });
  (*socket)->ask_tables([&](const std::vector<NftTable>& found) { told.push_back(found.size()); });
  (*socket)->ask_elements(kTable, "s", [&](int, std::vector<NftElement> found) { told.push_back(found.size()); });
  loop.run_until([&] { return told.size() == 4; }, now() + seconds(5));
  CHECK(told == std::vector<std::size_t>{2, 1, 2, 2});
}
