#include "ipvs_wrapper/io/ipvs_messages.h"

#include <catch2/catch.hpp>
#include <linux/ip_vs.h>

#include "ipvs_wrapper/logic/normal.h"
#include "test/ipvs_wrapper/io/messages.h"
#include "test/ipvs_wrapper/logic/tables.h"

// The requests were recorded while ipvsadm 1.31 did the same, the answers from Linux 6.1 (both little-endian).
using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;
using netlink::Answer;
using Kind = Operation::Kind;

namespace {

constexpr Envelope kEnvelope{0x20, 3};

std::string request_of(const Operation& operation) {
  Bytes batch;
  append_operation(batch, kEnvelope, Answer::Always, operation);
  return payload_hex(batch);
}

Bytes bytes_of(const Operation& operation) {
  Bytes batch;
  append_operation(batch, kEnvelope, Answer::OnlyRefusals, operation);
  return batch;
}

Operation add_service(const ServiceKey& key, const ServiceSettings& settings) {
  return {Kind::AddService, key, settings, {}, {}};
}

Operation add_destination(const ServiceKey& key, const DestinationKey& destination,
                          const DestinationSettings& settings) {
  return {Kind::AddDestination, key, {}, destination, settings};
}

const ServiceSettings kPersistent4{"wrr", service_flag::kPersistent, 50, 0xffffff00, ""};
const ServiceSettings kPersistent6{"sh", service_flag::kPersistent | service_flag::kScheduler2, 60, 64, ""};

DestinationSettings limited_gue() {
  DestinationSettings settings = tunnel(1, 6080, 1);
  settings.weight = 3;
  settings.upper_threshold = 100;
  settings.lower_threshold = 50;
  return settings;
}

constexpr std::string_view kNoStatistics =
    "5c000a0008000100000000000800020000000000080003000000000"
    "00c00040000000000000000000c000500000000000000000008000600000000000800070000000000080008000000000008000900000000000"
    "8000a0000000000";

/// Statistics as the kernel sends them; `wide` are the 64-bit ones.
void put_statistics(netlink::GenericRequest& message, int attribute, bool wide, std::uint64_t base) {
  message.begin_nested(attribute);
  for (int type = IPVS_STATS_ATTR_CONNS; type <= IPVS_STATS_ATTR_OUTBYTES; ++type) {
    const std::uint64_t value = base + static_cast<std::uint64_t>(type);
    if (wide || type >= IPVS_STATS_ATTR_INBYTES) {
      message.put(type, ByteView(reinterpret_cast<const std::uint8_t*>(&value), sizeof value));
    } else {
      message.put_u32(type, static_cast<std::uint32_t>(value));
    }
  }
  message.end_nested();
}

/// What the kernel would say about [10.0.0.1]:tcp:80, with statistics of both kinds if asked.
Bytes service_with_statistics(bool old_form, bool new_form) {
  netlink::GenericRequest message({0x20, IPVS_CMD_NEW_SERVICE, 1, Answer::OnlyRefusals, 3});
  message.begin_nested(IPVS_CMD_ATTR_SERVICE);
  message.put_u16(IPVS_SVC_ATTR_AF, 2);
  message.put_u32(IPVS_SVC_ATTR_FWMARK, 9);
  if (new_form) put_statistics(message, IPVS_SVC_ATTR_STATS64, true, 0x100000000);
  if (old_form) put_statistics(message, IPVS_SVC_ATTR_STATS, false, 10);
  message.end_nested();
  Bytes bytes;
  message.append_to(bytes);
  return bytes;
}

}  // namespace

TEST_CASE("services_are_asked_for_as_ipvsadm_does") {
  CHECK(request_of(add_service(tcp("10.0.0.1"), kPersistent4)) ==
        "010100005400018006000100020000000600020006000000140003000a0000010000000000000000000000000600040000500000080006"
        "007"
        "77272000c00070001000000ffffffff080008003200000008000900ffffff00");
  CHECK(
      request_of(add_service(mark(7, Family::IPv6), kPersistent6)) ==
      "0101000038000180060001000a000000080005000700000007000600736800000c00070011000000ffffffff080008003c00000008000900"
      "40000000");
}

TEST_CASE("destinations_are_asked_for_as_ipvsadm_does") {
  // The service is named, not repeated; the destination is what ipvsadm sends.
  CHECK(request_of(add_destination(tcp("10.0.0.1"), {ip("10.1.0.2"), 80}, limited_gue())) ==
        "050100003000018006000100020000000600020006000000140003000a0000010000000000000000000000000600040000500000600002"
        "8006"
        "000b0002000000140001000a01000200000000000000000000000006000200005000000800030002000000080004000300000005000d00"
        "0100"
        "000006000e0017c0000006000f000100000008000500640000000800060032000000");
}

TEST_CASE("what_is_deleted_is_only_named") {
  CHECK(request_of({Kind::DeleteService, mark(7), {}, {}, {}}) == "030100001400018006000100020000000800050007000000");
  CHECK(request_of({Kind::DeleteDestination, mark(7), {}, {ip("10.1.0.2"), 80}, {}}) ==
        "07010000140001800600010002000000080005000700000028000280"
        "06000b0002000000140001000a010002000000000000000000000000060002000050"
        "0000");
}

TEST_CASE("sync_daemons_are_asked_for_as_ipvsadm_does") {
  const SyncDaemon backup{SyncDaemon::State::Backup, "lo", 9, 1400, 8850, 3, ip("239.1.2.3")};
  CHECK(payload_hex(start_sync_daemon_request(kEnvelope, backup)) ==
        "090100003c0003800800010002000000070002006c6f000008000300090000000600040078050000060007009222000005000800030000"
        "0008"
        "000500ef010203");
  CHECK(payload_hex(stop_sync_daemon_request(kEnvelope, SyncDaemon::State::Master)) ==
        "0a0100000c0003800800010001000000");
}

TEST_CASE("a_timeout_of_zero_is_left_to_the_kernel") {
  CHECK(payload_hex(set_timeouts_request(kEnvelope, {7000, 0, 33})) == "0c01000008000400581b00000800060021000000");
  CHECK(payload_hex(set_timeouts_request(kEnvelope, {})) == "0c010000");
}

TEST_CASE("only_the_wanted_answers_are_asked_for") {
  const auto flags = [](Answer answer) {
    Bytes batch;
    append_operation(batch, kEnvelope, answer, add_service(tcp("10.0.0.1"), {}));
    return batch[6] | batch[7] << 8;
  };
  CHECK(flags(Answer::OnlyRefusals) == NLM_F_REQUEST);
  CHECK(flags(Answer::Always) == (NLM_F_REQUEST | NLM_F_ACK));
  const Bytes dump = list_services_request(kEnvelope);
  CHECK((dump[6] | dump[7] << 8) == (NLM_F_REQUEST | NLM_F_DUMP));
}

TEST_CASE("the_kernels_service_is_read") {
  const Bytes datagram =
      message_with(from_hex("01010000b000010006000100020000000600020006000000140003000a00000100000000000000000000000006"
                            "00040000500000080006007"
                            "77272000c00070003000000ffffffff080008003200000008000900ffffff00" +
                            std::string(kNoStatistics)));
  const auto record = service_in(answer_in(datagram), Detail::WithCounters);
  REQUIRE(record);
  CHECK(record->key == tcp("10.0.0.1"));
  CHECK(record->settings == kPersistent4);
  CHECK(record->counters == Counters{});
}

TEST_CASE("the_kernels_destination_is_read") {
  const Bytes datagram = message_with(from_hex(
      "050100007800020014000100fd0000000000000000000000000000020600020000000000080003000300000008000400010000000500"
      "0d000000000006000e000000000006000f00000000000800050000000000080006000000000008000700020000000800080003000000"
      "080009000400000006000b000a000000"));
  const auto record = destination_in(answer_in(datagram), Family::IPv4, Detail::WithCounters);
  REQUIRE(record);
  CHECK(record->key == DestinationKey{ip("fd00::2"), 0});
  DestinationSettings direct = weight(1);
  direct.forwarding = Forwarding::DirectRoute;
  CHECK(record->settings == direct);
  CHECK(record->counters.active_connections == 2);
  CHECK(record->counters.inactive_connections == 3);
  CHECK(record->counters.persistent_connections == 4);
}

TEST_CASE("a_kernel_without_destination_families_means_that_of_the_service") {
  const Bytes datagram =
      message_with(from_hex("050100003800020014000100fd0000000000000000000000000000020600020000500000080003000000000008"
                            "000400070000000800050000"
                            "000000"));
  Bytes fitting = datagram;
  const auto six = destination_in(answer_in(fitting), Family::IPv6, Detail::WithoutCounters);
  REQUIRE(six);
  CHECK(six->key.address == ip("fd00::2"));
  CHECK(six->settings.weight == 7);
  const auto four = destination_in(answer_in(datagram), Family::IPv4, Detail::WithoutCounters);
  REQUIRE(four);
  CHECK(four->key.address == ip("253.0.0.0"));
}

TEST_CASE("wide_counters_win_and_narrow_ones_do_where_there_are_no_others") {
  const Bytes both = service_with_statistics(true, true);
  const Bytes narrow = service_with_statistics(true, false);
  CHECK(service_in(answer_in(both), Detail::WithCounters)->counters ==
        Counters{0x100000001, 0x100000002, 0x100000003, 0x100000004, 0x100000005, 0, 0, 0});
  CHECK(service_in(answer_in(narrow), Detail::WithCounters)->counters == Counters{11, 12, 13, 14, 15, 0, 0, 0});
  CHECK(service_in(answer_in(both), Detail::WithoutCounters)->counters == Counters{});
}

TEST_CASE("version_timeouts_and_daemons_are_read") {
  const Bytes information = message_with(from_hex("0e01000008000100010201000800020000100000"));
  CHECK(version_in(answer_in(information)) == 0x010201U);
  const Bytes configuration = message_with(from_hex("0c01000008000400840300000800050078000000080006002c010000"));
  CHECK(timeouts_in(answer_in(configuration)) == Timeouts{900, 120, 300});
  for (const char* group : {"239.1.2.3", "ff05::1"}) {
    const SyncDaemon backup{SyncDaemon::State::Backup, "lo", 9, 1400, 8850, 3, ip(group)};
    const Bytes told = start_sync_daemon_request(kEnvelope, backup);  // the kernel's answer has the same shape
    CHECK(sync_daemon_in(answer_in(told)) == backup);
  }
}

TEST_CASE("an_answer_to_another_question_is_nothing") {
  const Bytes information = message_with(from_hex("0e0100000800010001020100"));
  CHECK_FALSE(service_in(answer_in(information), Detail::WithCounters));
  CHECK_FALSE(destination_in(answer_in(information), Family::IPv4, Detail::WithCounters));
  CHECK_FALSE(sync_daemon_in(answer_in(information)));
  CHECK_FALSE(timeouts_in(answer_in(information)));
}

TEST_CASE("property_what_is_written_is_read_back") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    INFO("seed " << seed);
    RandomTables random(seed);
    for (const auto& [key, service] : random.table()) {
      const Bytes told = bytes_of(add_service(key, service.settings));
      const auto record = service_in(answer_in(told), Detail::WithoutCounters);
      REQUIRE(record);
      REQUIRE(record->key == key);
      REQUIRE(record->settings == service.settings);
      for (const auto& [destination, settings] : service.destinations) {
        const Bytes bytes = bytes_of(add_destination(key, destination, settings));
        const auto read = destination_in(answer_in(bytes), key.family, Detail::WithoutCounters);
        REQUIRE(read);
        REQUIRE(read->key == destination);
        REQUIRE(normal(read->settings) == normal(settings));
      }
    }
  }
}

TEST_CASE("an_answer_cut_anywhere_harms_nobody") {
  const Bytes whole[] = {
      bytes_of(add_service(tcp("fd00::1"), kPersistent6)),
      bytes_of(add_destination(tcp("10.0.0.1"), {ip("fd00::2"), 80}, limited_gue())),
      service_with_statistics(true, true),
      start_sync_daemon_request(kEnvelope, {SyncDaemon::State::Backup, "lo", 9, 1, 2, 3, ip("ff05::1")})};
  for (const Bytes& message : whole) {
    for (std::size_t length = 0; length < message.size(); ++length) {
      Bytes cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(length));
      CHECK(netlink::parse_generic(cut).messages.empty());
      if (cut.size() < NLMSG_HDRLEN) continue;
      cut[0] = static_cast<std::uint8_t>(length);  // a header that fits what is left
      cut[1] = static_cast<std::uint8_t>(length >> 8);
      for (const auto& received : netlink::parse_generic(cut).messages) {
        const auto* answer = std::get_if<netlink::GenericAnswer>(&received.body);
        if (answer == nullptr) continue;
        static_cast<void>(service_in(*answer, Detail::WithCounters));
        static_cast<void>(destination_in(*answer, Family::IPv6, Detail::WithCounters));
        static_cast<void>(sync_daemon_in(*answer));
      }
    }
  }
}

TEST_CASE("an_attribute_of_any_wrong_length_makes_the_answer_nothing") {
  const Bytes good = bytes_of(add_service(tcp("10.0.0.1"), kPersistent4));
  REQUIRE(service_in(answer_in(good), Detail::WithCounters));
  // The attributes of the service begin behind the headers of netlink (16), generic netlink (4) and the nested one (4).
  for (std::size_t at = 24; at + 4 <= good.size();) {
    const unsigned length = good[at];
    const int type = good[at + 2];
    Bytes shorter = good;
    shorter[at] = 4;  // empty; what follows is then read as other attributes, or as none
    const auto batch = netlink::parse_generic(shorter);
    for (const auto& received : batch.messages) {
      const auto* answer = std::get_if<netlink::GenericAnswer>(&received.body);
      INFO("attribute " << type);
      const bool text = type == IPVS_SVC_ATTR_SCHED_NAME;
      if (answer != nullptr && !text) CHECK_FALSE(service_in(*answer, Detail::WithCounters));
    }
    at += (length + 3) & ~3U;
  }
}

TEST_CASE("a_name_of_any_length_fits_its_request") {
  ServiceSettings settings;
  settings.scheduler = std::string(100000, 'x');
  settings.persistence_engine = settings.scheduler;
  CHECK(bytes_of(add_service(tcp("10.0.0.1"), settings)).size() < 400);
}
