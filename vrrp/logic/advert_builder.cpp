#include "vrrp/logic/advert_builder.h"

#include "vrrp/logic/authentication.h"

namespace holdfast::vrrp {

Advertisement advertisement_of(const config::VrrpInstance& instance, int priority) {
  Advertisement advert;
  advert.version = instance.version;
  advert.virtual_router_id = instance.virtual_router_id;
  advert.priority = static_cast<std::uint8_t>(priority);
  advert.interval = instance.advert_interval;
  advert.authentication_type = static_cast<std::uint8_t>(instance.authentication);
  if (instance.authentication == config::Authentication::Pass) {
    advert.authentication = authentication_data(instance.auth_pass);
  }
  for (const config::VirtualAddress& entry : instance.virtual_addresses) {
    if (advert.addresses.size() == kMostAddresses) break;
    if (entry.prefix.address.is_v4()) advert.addresses.push_back(entry.prefix.address);
  }
  return advert;
}

ChecksumStyle checksum_style(const config::VrrpInstance& instance) {
  const bool pseudo_header = instance.version == 3 && !instance.v3_checksum_as_v2;
  return pseudo_header ? ChecksumStyle::PseudoHeader : ChecksumStyle::Plain;
}

SendAdvert send_advert(const config::VrrpInstance& instance, int priority, std::uint32_t interface_index,
                       const IpAddress& source) {
  return {interface_index, source, instance.multicast_group,
          encode_pdu(advertisement_of(instance, priority), checksum_style(instance), source, instance.multicast_group)};
}

}  // namespace holdfast::vrrp
