// libFuzzer: any bytes as a datagram of IPv4 and of IPv6, to the parser alone and to an engine that has a Backup and an
// Active router, in both versions, with PASS, AH and auth_hmac, multicast and unicast. Nothing may crash, and no advert of
// ours may follow from bytes that the parser refuses.
//   clang++ -fsanitize=fuzzer,address,undefined … test/fuzz/advertisement.cpp vrrp/logic/*.cpp core/base/*.cpp -lcrypto
#include "vrrp/logic/advertisement.h"

#include <cstddef>
#include <cstdint>

#include "core/base/assert.h"
#include "vrrp/logic/authentication_header.h"
#include "vrrp/logic/engine.h"

namespace {

using namespace holdfast;

constexpr std::uint32_t kInterface = 2;

config::VrrpInstance instance(int version, std::uint8_t vrid, int priority) {
  config::VrrpInstance i;
  i.name = "V" + std::to_string(vrid);
  i.interface = "ens33";
  i.version = version;
  i.virtual_router_id = vrid;
  i.priority = priority;
  i.virtual_addresses.push_back({});
  i.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.9/24");
  return i;
}

config::VrrpInstance with_hmac(config::VrrpInstance i, config::HmacMode mode) {
  i.hmac.emplace();
  i.hmac->mode = mode;
  i.hmac->active_key = 1;
  i.hmac->keys = {{1, std::string(32, 'k')}};
  return i;
}

config::VrrpInstance with_peer(config::VrrpInstance i, const char* peer) {
  i.unicast_peers.push_back({*IpAddress::parse(peer), 1, 254, {}});
  return i;
}

config::VrrpInstance ipv6(config::VrrpInstance i) {
  i.family = Family::IPv6;
  i.multicast_group = *IpAddress::parse("ff02::12");
  i.virtual_addresses[0].prefix = *IpPrefix::parse("fe80::9/64");
  return i;
}

vrrp::Engine make_engine(TimePoint now) {
  vrrp::Engine engine;
  vrrp::LinkChanged link;
  link.index = kInterface;
  link.name = "ens33";
  link.up = true;
  engine.handle(link, now);
  engine.handle(vrrp::AddressAppeared{kInterface, *IpPrefix::parse("10.0.0.1/24"), false}, now);
  config::Config config;
  config.global_defs.log_unknown_vrids = true;
  config.vrrp_instances = {instance(2, 1, 100), instance(3, 2, 100), instance(2, 3, 255), instance(3, 4, 255)};
  config.vrrp_instances[0].authentication = config::Authentication::Pass;
  config.vrrp_instances[0].auth_pass = "1111";
  engine.handle(vrrp::AddressAppeared{kInterface, *IpPrefix::parse("fe80::1/64"), false}, now);
  config.vrrp_instances.push_back(instance(2, 5, 100));
  config.vrrp_instances.back().authentication = config::Authentication::Ah;
  config.vrrp_instances.back().auth_pass = "1111";
  config.vrrp_instances.push_back(with_hmac(instance(3, 6, 100), config::HmacMode::Enforce));
  config.vrrp_instances.push_back(with_hmac(instance(3, 7, 255), config::HmacMode::Permissive));
  config.vrrp_instances.push_back(with_peer(instance(3, 2, 100), "10.0.0.2"));
  config.vrrp_instances.push_back(ipv6(instance(3, 1, 100)));
  config.vrrp_instances.push_back(with_hmac(ipv6(instance(3, 2, 255)), config::HmacMode::ReceiveOnly));
  config.vrrp_instances.push_back(with_peer(ipv6(instance(3, 1, 255)), "fe80::2"));
  engine.reconfigure(config, {}, now);
  return engine;
}

}  // namespace

namespace {

/// The first octet says where an IPv6 advert goes and how far it came.
vrrp::Ipv6Envelope envelope_of(ByteView bytes) {
  const bool unicast = !bytes.empty() && (bytes[0] & 1) != 0;
  const bool near = bytes.empty() || (bytes[0] & 2) == 0;
  return {*IpAddress::parse("fe80::2"), *IpAddress::parse(unicast ? "fe80::1" : "ff02::12"),
          near ? std::uint8_t{255} : std::uint8_t{64}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const TimePoint now = from_us(1'000'000);
  if (const auto datagram = vrrp::parse_datagram(bytes)) {
    vrrp::AhMemory memory;
    if (!datagram->authentication_header.empty()) vrrp::check_authentication_header(*datagram, 5, "1111", memory);
    if (const auto advert = vrrp::parse_pdu(datagram->pdu)) {
      const Bytes again =
          vrrp::encode_pdu(*advert, vrrp::ChecksumStyle::Plain, datagram->source, datagram->destination);
      ASSERT(again.size() == datagram->pdu.size());
    }
  }
  vrrp::Engine engine = make_engine(now);
  for (int i = 0; i < 5; ++i) engine.handle(vrrp::PacketReceived{kInterface, bytes}, now + milliseconds(i));
  const vrrp::Ipv6Envelope envelope = envelope_of(bytes);
  for (int i = 0; i < 3; ++i)
    engine.handle(vrrp::PacketReceived{kInterface, bytes, envelope}, now + milliseconds(9 + i));
  if (const auto due = engine.next_deadline()) engine.on_deadline(*due);
  engine.stop(false, now + seconds(1));
  return 0;
}
