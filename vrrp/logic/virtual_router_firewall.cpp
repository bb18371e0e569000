// What a virtual router needs of the firewall (behaviour.md d.10).
#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

namespace {

/// A link-local address is somebody else's on another link. keepalived matches links by name where an instance outlives
/// its link (dont_track_primary), else by number.
DroppedAddress dropped_of(const KernelAddress& address, const LinkTable& links, bool by_name) {
  DroppedAddress dropped{address.entry.prefix.address, 0, {}};
  if (dropped.address.is_v4() || !dropped.address.is_link_local()) return dropped;
  const LinkChanged* link = links.by_index(address.interface_index);
  if (by_name && link != nullptr)
    dropped.interface = link->name;
  else
    dropped.interface_index = address.interface_index;
  return dropped;
}

}  // namespace

FirewallBoard::Share VirtualRouter::firewall_share(const LinkTable& links, bool by_index) const {
  FirewallBoard::Share share;
  const bool by_name = !settings_.track_primary && !by_index;
  if (!settings_.accept) {
    auto& list = keeper_.holding() ? share.dropped : share.lingering;
    for (const KernelAddress& address : keeper_.wanted())
      list.emplace(dropped_of(address, links, by_name), key_of(address));
  }
  for (const config::Vmac& vmac : vmacs_of(settings_)) {
    const LinkChanged* link = links.by_index(vmacs_.index_of(vmac.name));
    if (link == nullptr || link->below == 0) continue;
    if (vmac.ipv4) share.vmacs.insert({Family::IPv4, link->index, link->below});
    if (vmac.ipv6) share.vmacs.insert({Family::IPv6, link->index, link->below});
  }
  return share;
}

}  // namespace holdfast::vrrp
