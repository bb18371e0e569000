#include "vrrp/io/routing_message.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <linux/rtnetlink.h>
#include <map>

#include "core/base/text.h"
#include "core/config/schema/entries.h"
#include "core/netlink/message.h"
#include "vrrp/logic/link_table.h"

// What each line of the configuration becomes is compared with what `ip` of iproute2 6.1 sends for the same words
// (recorded with strace on x86-64). Attributes may stand in another order, and the table may stand twice.
using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

struct Recorded {
  const char *kind, *line, *message;
};
const std::vector<Recorded> kRecorded{
    {"route", "10.1.0.0/16 via 10.0.0.9 dev e0 append",
     "340000001800050cf476046b0000000002100000fe12000100000000080001000a010000080005000a000009080004000700"
     "0000"},
    {"route", "blackhole 10.4.0.0/16 append",
     "240000001800050cf476046b0000000002100000fe12000600000000080001000a040000"},
    {"route", "10.5.0.0/16 dev e0 src 10.0.0.5 metric 5 tos 0x10 table 1000 append",
     "440000001800050cf476046b00000000021000100012fd0100000000080001000a050000080007000a000005080006000500"
     "000008000f00e80300000800040007000000"},
    {"route",
     "10.2.0.0/16 dev e0 mtu lock 1400 advmss 1000 rtt 300ms rttvar 100ms rto_min 1s hoplimit 9 features ecn congctl "
     "cubic quickack 1 initcwnd 10 initrwnd 11 reordering 4 window 7000 cwnd 20 ssthresh 30 fastopen_no_cookie 1 "
     "append",
     "bc0000001800050cf476046b0000000002100000fe12fd0100000000080001000a0200000800040007000000900008000800"
     "02007805000008000800e80300000800040060090000080005009001000008000d00e803000008000a000900000008000c00"
     "0100000009001000637562696300000008000f000100000008000b000a00000008000e000b00000008000900040000000800"
     "0300581b00000800070014000000080006001e00000008001100010000000800010004200000"},
    {"route", "10.17.0.0/16 dev e0 realms 3/4 append",
     "340000001800050cf476046b0000000002100000fe12fd0100000000080001000a11000008000b0004000300080004000700"
     "0000"},
    {"route", "10.18.0.0/16 via 203.0.113.9 dev e0 onlink append",
     "340000001800050cf476046b0000000002100000fe12000104000000080001000a12000008000500cb007109080004000700"
     "0000"},
    {"route", "10.19.0.0/16 append nexthop via 10.0.0.9 dev e0 weight 3 nexthop via 10.0.0.8 dev e0 onlink",
     "480000001800050cf476046b0000000002100000fe12000100000000080001000a1300002400090010000002070000000800"
     "05000a0000091000040007000000080005000a000008"},
    {"route", "10.21.0.0/16 encap ip id 5 src 192.0.2.8 dst 192.0.2.7 ttl 33 tos 4 via 10.0.0.9 dev e0 append",
     "6c0000001800050cf476046b0000000002100000fe12000100000000080001000a150000300016800c000100000000000000"
     "000508000300c000020808000200c00002070500040021e101000500050004e101000600150002000000080005000a000009"
     "0800040007000000"},
    {"route", "10.22.0.0/16 via 10.0.0.9 dev e0 encap mpls 100/200 ttl-propagate enabled append",
     "540000001800050cf476046b0000000002100000fe12000100000000080001000a160000100016800c00010000064000000c"
     "81000600150001000100080005000a00000905001a00010000000800040007000000"},
    {"route", "2001:db8::/48 encap ila 1:2:3:4 dev e0 metric 1024 append",
     "580000001800050cf476046b000000000a300000fe120001000000001400010020010db80000000000000000000000001000"
     "16800c0001000001000200030004060015000300010008000600000400000800040007000000"},
    {"route",
     "2001:db8:6::/48 encap ip6 id 9 src 2001:db8::8 dst 2001:db8::9 hoplimit 7 tc 3 dev e0 metric 1024 append",
     "900000001800050cf476046b000000000a300000fe120001000000001400010020010db80006000000000000000000004800"
     "16800c00010000000000000000091400030020010db80000000000000000000000081400020020010db80000000000000000"
     "000000090500040007c001000500050003000000060015000400000008000600000400000800040007000000"},
    {"route", "2001:db8:7::/48 from 2001:db8:70::/48 dev e0 pref high expires 3600 metric 1024 append",
     "640000001800050cf476046b000000000a303000fe120001000000001400010020010db80007000000000000000000001400"
     "020020010db8007000000000000000000000050014000100000008001700100e000008000600000400000800040007000000"},
    {"route", "2001:db8:8::/48 metric 1024 append nexthop via fe80::9 dev e0 weight 2 nexthop via fe80::8 dev e0",
     "740000001800050cf476046b000000000a300000fe120001000000001400010020010db80008000000000000000000000800"
     "0600000400003c0009001c0000010700000014000500fe8000000000000000000000000000091c0000000700000014000500"
     "fe800000000000000000000000000008"},
    {"rule", "from 10.1.0.0/16 to 10.2.0.0/16 table 100 preference 500",
     "3c00000020000506f476046b00000000021010006400000100000000080002000a010000080001000a02000008000600f401"
     "00000500150012000000"},
    {"rule",
     "not fwmark 0x5/0xf iif e0 oif e1 table 1001 preference 504 suppress_prefixlength 3 suppress_ifgroup 4 realms 1/2",
     "6c00000020000506f476046b0000000002000000000000010200000008000a0005000000080010000f000000070003006530"
     "0000070011006531000008000f00e903000008000600f801000008000e000300000008000d000400000008000b0002000100"
     "0500150012000000"},
    {"rule", "iif e0 goto 600 preference 506",
     "3c00000020000506f476046b000000000200000000000002000000000700030065300000080004005802000008000600fa01"
     "00000500150012000000"},
    {"rule", "from 10.5.0.0/16 blackhole preference 508",
     "3400000020000506f476046b00000000020010000000000600000000080002000a05000008000600fc010000050015001200"
     "0000"},
    {"rule", "tunnel-id 5 table 100 preference 511",
     "3800000020000506f476046b000000000200000064000001000000000c000c00000000000000000508000600ff0100000500"
     "150012000000"},
    {"rule", "uidrange 100-200 tos 0x10 table 100 preference 512",
     "3800000020000506f476046b000000000200001064000001000000000c00140064000000c800000008000600000200000500"
     "150012000000"},
    {"rule", "ipproto 6 sport 80-81 dport 90 table 100 preference 514",
     "4400000020000506f476046b0000000002000000640000010000000005001600060000000800170050005100080018005a00"
     "5a0008000600020200000500150012000000"},
    {"rule", "from 10.4.0.0/16 nop preference 507",
     "3400000020000506f476046b00000000020010000000000300000000080002000a04000008000600fb010000050015001200"
     "0000"},
    {"rule", "inet6 l3mdev preference 600",
     "3400000020000506f576046b000000000a000000000000010000000005001300010000000800060058020000050015001200"
     "0000"},
};

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string hex(ByteView bytes) {
  std::string text;
  for (const std::uint8_t octet : bytes) text += fmt::format("{:02x}", octet);
  return text;
}

/// Lines "TYPE octets" in the order of their types, what is nested in brackets.
std::string attributes(ByteView octets, const std::vector<int>& nested) {
  std::multimap<int, std::string> all;
  while (octets.size() >= sizeof(rtattr)) {
    rtattr header{};
    std::memcpy(&header, octets.data(), sizeof header);
    REQUIRE(header.rta_len >= sizeof header);
    REQUIRE(header.rta_len <= octets.size());
    const int type = header.rta_type & 0x3fff;
    ByteView value = octets.subspan(sizeof header, header.rta_len - sizeof header);
    // The name of a congestion control: iproute2 leaves its end out, which the kernel takes as well.
    if (type == RTAX_CC_ALGO && nested.empty() && !value.empty() && value.back() == 0)
      value = value.first(value.size() - 1);
    const bool inside = std::ranges::find(nested, type) != nested.end();
    all.emplace(type, inside ? "[" + attributes(value, {}) + "]" : hex(value));
    octets = octets.subspan(std::min<std::size_t>(RTA_ALIGN(header.rta_len), octets.size()));
  }
  std::string text;
  for (const auto& [type, value] : all) text += fmt::format("{} {}; ", type, value);
  return text;
}

/// Flags, fixed header and attributes; a table that the header already says is left out.
std::string canonical(const Bytes& message, bool route) {
  nlmsghdr header{};
  std::memcpy(&header, message.data(), sizeof header);
  const ByteView body = ByteView(message).subspan(sizeof header);
  std::string text =
      attributes(body.subspan(12), route ? std::vector<int>{RTA_METRICS, RTA_ENCAP} : std::vector<int>{});
  const std::uint8_t table = body[4];
  const std::string again = fmt::format("15 {:02x}000000; ", table);
  if (const std::size_t at = text.find(again); at != std::string::npos) text.erase(at, again.size());
  return fmt::format("{} {:x} {} {}", header.nlmsg_type, header.nlmsg_flags, hex(body.first(12)), text);
}

LinkTable links() {
  LinkTable table;
  table.link_changed({7, "e0", true, false, {}, 1500});
  return table;
}

RoutingEntry entry_of(const std::string& kind, const std::string& line) {
  config::Node node;
  node.words = split_words(line);
  config::Diagnostics diagnostics;
  std::vector<config::Route> routes;
  std::vector<config::Rule> rules;
  if (kind == "route")
    routes.push_back(config::read_route(node, config::EntryPlace::Instance, diagnostics).value());
  else
    rules.push_back(config::read_rule(node, config::EntryPlace::Instance, diagnostics).value());
  return resolve_routing(routes, rules, links()).at(0);
}

}  // namespace

TEST_CASE("each option of a line becomes what iproute2 makes of it") {
  for (const Recorded& each : kRecorded) {
    INFO(each.line);
    const Bytes ours = routing_message(true, entry_of(each.kind, each.line), 1);
    CHECK(canonical(ours, each.kind == std::string("route")) ==
          canonical(from_hex(each.message), each.kind == std::string("route")));
  }
}

TEST_CASE("what removes a route or a rule says which one it is") {
  for (const Recorded& each : kRecorded) {
    INFO(each.line);
    const RoutingEntry entry = entry_of(each.kind, each.line);
    const auto object = object_of_removal(routing_message(false, entry, 0));
    REQUIRE(object);
    CHECK(routing_key(*object) == routing_key(entry.object));
    CHECK(fits(entry.object, *object));
    CHECK_FALSE(object_of_removal(routing_message(true, entry, 0)));
  }
  CHECK_FALSE(object_of_removal(Bytes{}));
  CHECK_FALSE(object_of_removal(Bytes(40, 0xff)));
}

TEST_CASE("a removal that is cut short or bent is none") {
  for (const Recorded& each : kRecorded) {
    const Bytes whole = routing_message(false, entry_of(each.kind, each.line), 0);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      CHECK_FALSE(object_of_removal(cut));
    }
    for (std::size_t at = 28; at < whole.size(); ++at) {
      Bytes bent = whole;
      bent[at] = 0xff;
      object_of_removal(bent);  // whatever it is, it is read within its bounds
    }
  }
}
