#include "checker/logic/mark_book.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

constexpr const char* kOn = "global_defs {\n nftables_ipvs\n}\n";

std::string group(const std::string& name, const std::string& lines) {
  return fmt::format("virtual_server_group {} {{\n {}\n}}\n", name, lines);
}

std::string service(const std::string& head, const std::string& protocol = "TCP") {
  return fmt::format("virtual_server {} {{\n lb_algo rr\n protocol {}\n real_server 10.9.0.1 80 {{\n }}\n}}\n", head,
                     protocol);
}

/// A group of two addresses and its service.
std::string pair(const std::string& name, int octet) {
  return group(name, fmt::format("10.0.{}.1-2 80", octet)) + service("group " + name);
}

ServiceRecord record(const std::string& identity, std::uint32_t mark) {
  ServiceRecord r;
  r.service = identity;
  r.mark = mark;
  return r;
}

}  // namespace

TEST_CASE("services whose group has addresses only get marks in the order of the configuration") {
  MarkBook book;
  const std::string mixed = group("M", "10.1.0.1 80\n fwmark 7") + service("group M");
  const auto config = test::configuration(kOn + pair("A", 1) + mixed + pair("B", 2) + service("group B", "UDP") +
                                          service("10.2.0.1 80") + group("ONE", "10.3.0.1 80") + service("group ONE"));
  CHECK(book.allot(*config).empty());
  CHECK(book.mark_of("group tcp A") == 1000);
  CHECK(book.mark_of("group tcp B") == 1001);
  CHECK(book.mark_of("group udp B") == 1002);
  CHECK(book.mark_of("group tcp ONE") == 1003);
  CHECK_FALSE(book.mark_of("group tcp M"));
  CHECK_FALSE(book.mark_of("tcp 10.2.0.1 80"));
}

TEST_CASE("without nftables_ipvs nobody has a mark") {
  MarkBook book;
  book.allot(*test::configuration(pair("A", 1)));
  CHECK_FALSE(book.mark_of("group tcp A"));
}

TEST_CASE("a reload moves no mark, and one that was given up is not given to somebody else") {
  MarkBook book;
  book.allot(*test::configuration(kOn + pair("A", 1) + pair("B", 2) + pair("C", 3)));
  book.allot(*test::configuration(kOn + pair("NEW", 9) + pair("C", 3) + pair("A", 1)));
  CHECK(book.mark_of("group tcp A") == 1000);
  CHECK(book.mark_of("group tcp C") == 1002);
  CHECK(book.mark_of("group tcp NEW") == 1003);
  CHECK_FALSE(book.mark_of("group tcp B"));
  book.allot(*test::configuration(kOn + pair("B", 2) + pair("A", 1)));
  CHECK(book.mark_of("group tcp B") == 1004);
}

TEST_CASE("a successor gives the marks that its predecessor gave, and others to what is new") {
  MarkBook book;
  book.inherit({{}, {record("group tcp B", 1005), record("group tcp GONE", 1001), record("tcp 10.2.0.1 80", 0)}});
  book.allot(*test::configuration(kOn + pair("A", 1) + pair("B", 2)));
  CHECK(book.mark_of("group tcp B") == 1005);
  CHECK(book.mark_of("group tcp A") == 1006);
}

TEST_CASE("marks of the configuration are never given; a service that has one moves, and it is said") {
  MarkBook book;
  const std::string start = "global_defs {\n nftables_ipvs\n nftables_ipvs_start_fwmark 50\n}\n";
  const std::string own = group("M", "fwmark 51") + service("group M") + service("fwmark 50");
  book.allot(*test::configuration(start + pair("A", 1) + pair("B", 2) + own));
  CHECK(book.mark_of("group tcp A") == 52);
  CHECK(book.mark_of("group tcp B") == 53);
  const auto lines = book.allot(*test::configuration(start + pair("A", 1) + pair("B", 2) + service("fwmark 52")));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("fwmark 52 itself now") != std::string::npos);
  CHECK(book.mark_of("group tcp A") == 54);
  CHECK(book.mark_of("group tcp B") == 53);
}

TEST_CASE("past the highest number marks begin anew at 1") {
  MarkBook book;
  const std::string start = "global_defs {\n nftables_ipvs\n nftables_ipvs_start_fwmark 4294967295\n}\n";
  book.allot(*test::configuration(start + pair("A", 1) + pair("B", 2) + service("fwmark 1")));
  CHECK(book.mark_of("group tcp A") == 4294967295U);
  CHECK(book.mark_of("group tcp B") == 2);
}

TEST_CASE("a kernel that sets no marks is not asked again, not by a successor either") {
  const auto config = test::configuration(kOn + pair("A", 1));
  MarkBook book;
  book.allot(*config);
  book.give_up();
  CHECK_FALSE(book.mark_of("group tcp A"));
  book.allot(*config);
  CHECK_FALSE(book.mark_of("group tcp A"));
  MarkBook successor;
  ServiceRecord refused = record("group tcp A", 0);
  refused.marks_refused = true;
  successor.inherit({{}, {refused}});
  successor.allot(*config);
  CHECK(successor.given_up());
  CHECK_FALSE(successor.mark_of("group tcp A"));
}

}  // namespace holdfast::checker
