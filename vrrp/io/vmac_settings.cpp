#include "vrrp/io/vmac_settings.h"

namespace holdfast::vrrp {

namespace {

constexpr std::uint32_t own_address_only = 2;
constexpr std::uint32_t strict_rp_filter = 1;
constexpr std::uint32_t loose_rp_filter = 2;

}  // namespace

netlink::Ipv4LinkSettings vmac_settings(int everywhere) {
  netlink::Ipv4LinkSettings settings;
  settings.arp_ignore = 1;
  settings.arp_announce = own_address_only;
  settings.accept_local = 1;
  settings.promote_secondaries = 1;
  settings.rp_filter = everywhere == 0 ? 0 : loose_rp_filter;
  return settings;
}

bool has_vmac_settings(const netlink::LinkDetails& details) {
  const netlink::Ipv4LinkSettings& ipv4 = details.ipv4;
  const bool makes_none = !details.addr_gen_mode || *details.addr_gen_mode == netlink::addr_gen_mode_none;
  return makes_none && ipv4.arp_ignore == 1U && ipv4.arp_announce == own_address_only && ipv4.accept_local == 1U &&
         ipv4.promote_secondaries == 1U && ipv4.rp_filter != strict_rp_filter;
}

}  // namespace holdfast::vrrp
