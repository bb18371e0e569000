#include "vrrp/logic/advert_builder.h"

#include <algorithm>

#include "vrrp/logic/authentication.h"
#include "vrrp/logic/hmac.h"
#include "vrrp/logic/old_checksum.h"

namespace holdfast::vrrp {

Advertisement advertisement_of(const config::VrrpInstance& instance, int priority) {
  Advertisement advert;
  advert.version = instance.version;
  advert.virtual_router_id = instance.virtual_router_id;
  advert.priority = static_cast<std::uint8_t>(priority);
  advert.interval = instance.advert_interval;
  advert.authentication_type = static_cast<std::uint8_t>(instance.authentication);
  if (instance.authentication == config::Authentication::Pass) {
    advert.authentication = authentication_data(*instance.auth_pass);
  }
  for (const config::VirtualAddress& entry : instance.virtual_addresses) {
    if (advert.addresses.size() == kMostAddresses) break;
    if (entry.prefix.address.family() == instance.family) advert.addresses.push_back(entry.prefix.address);
  }
  return advert;
}

ChecksumStyle checksum_style(const config::VrrpInstance& instance) {
  const bool as_version_2 = instance.v3_checksum_as_v2 && instance.family == Family::IPv4;
  return instance.version == 3 && !as_version_2 ? ChecksumStyle::PseudoHeader : ChecksumStyle::Plain;
}

namespace {

bool sends_trailer(const config::VrrpInstance& instance) {
  return instance.hmac && instance.hmac->mode != config::HmacMode::ReceiveOnly;
}

SendAdvert send_to(const IpAddress& destination, const config::VrrpInstance& instance, const Advertisement& advert,
                   std::uint32_t interface_index, const IpAddress& source, WireMemory& memory) {
  SendAdvert send;
  send.interface_index = interface_index;
  send.source = source;
  send.destination = destination;
  send.pdu =
      encode_pdu(advert, checksum_style(instance), source, checksummed_destination(instance, memory, destination));
  if (instance.unicast()) send.time_to_live = instance.unicast_ttl.value_or(kTimeToLive);
  if (sends_trailer(instance)) {
    const HmacSubject subject{source, instance.version, instance.virtual_router_id};
    const Bytes trailer = hmac_trailer(*instance.hmac, subject, send.pdu, memory.utc, memory.hmac.own());
    send.pdu.insert(send.pdu.end(), trailer.begin(), trailer.end());
  }
  if (instance.authentication == config::Authentication::Ah) {
    put_authentication_header(send, *instance.auth_pass, memory.ah->sent);
  }
  return send;
}

}  // namespace

void prepare_to_send(const std::vector<config::VrrpInstance>& instances) {
  const auto hashes = [](const config::VrrpInstance& instance) {
    return instance.hmac || instance.authentication == config::Authentication::Ah;
  };
  if (std::ranges::any_of(instances, hashes)) warm_up_hashes();
}

std::vector<SendAdvert> send_adverts(const config::VrrpInstance& instance, int priority, std::uint32_t interface_index,
                                     const IpAddress& source, WireMemory& memory) {
  const Advertisement advert = advertisement_of(instance, priority);
  if (instance.authentication == config::Authentication::Ah) next_number(memory.ah.own(), memory.utc);
  if (!instance.unicast()) {
    return {send_to(instance.multicast_group, instance, advert, interface_index, source, memory)};
  }
  std::vector<SendAdvert> sends;
  sends.reserve(instance.unicast_peers.size());
  for (const config::UnicastPeer& peer : instance.unicast_peers) {
    if (peer.address == source) continue;  // one list of all routers on every host
    sends.push_back(send_to(peer.address, instance, advert, interface_index, source, memory));
  }
  return sends;
}

}  // namespace holdfast::vrrp
