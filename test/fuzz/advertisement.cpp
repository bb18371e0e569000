// libFuzzer: any bytes as a datagram, to the parser alone and to an engine that has a Backup and an Active router, in
// both versions. Nothing may crash, and no advert of ours may follow from bytes that the parser refuses.
//   clang++ -fsanitize=fuzzer,address,undefined … test/fuzz/advertisement.cpp vrrp/logic/*.cpp core/base/*.cpp
#include "vrrp/logic/advertisement.h"

#include <cstddef>
#include <cstdint>

#include "core/base/assert.h"
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
  engine.reconfigure(config, {}, now);
  return engine;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const TimePoint now = from_us(1'000'000);
  if (const auto datagram = vrrp::parse_datagram(bytes)) {
    if (const auto advert = vrrp::parse_pdu(datagram->pdu)) {
      const Bytes again =
          vrrp::encode_pdu(*advert, vrrp::ChecksumStyle::Plain, datagram->source, datagram->destination);
      ASSERT(again.size() == datagram->pdu.size());
    }
  }
  vrrp::Engine engine = make_engine(now);
  for (int i = 0; i < 5; ++i) engine.handle(vrrp::PacketReceived{kInterface, bytes}, now + milliseconds(i));
  if (const auto due = engine.next_deadline()) engine.on_deadline(*due);
  engine.stop(false, now + seconds(1));
  return 0;
}
