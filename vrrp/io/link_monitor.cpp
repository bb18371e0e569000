#include "vrrp/io/link_monitor.h"

#include <linux/if_addr.h>
#include <net/if.h>

#include "vrrp/io/vmac_settings.h"

namespace holdfast::vrrp {

LinkMonitor::LinkMonitor(EventLoop& loop, EventSink sink, int receive_buffer)
    : sink_(std::move(sink)), monitor_(loop, callbacks(), receive_buffer) {}

Status LinkMonitor::start() {
  return monitor_.start(seconds(5));
}

void LinkMonitor::size_buffer(const config::BufferSize& size) {
  if (size.octets) monitor_.size_receive_buffer(static_cast<int>(*size.octets), size.force);
}

netlink::MonitorCallbacks LinkMonitor::callbacks() {
  netlink::MonitorCallbacks result;
  result.link = [this](const netlink::LinkMessage& link) { on_link(link); };
  result.address = [this](const netlink::AddressMessage& address) { on_address(address); };
  result.resync_started = [this] {
    told_.clear();
    sink_(ResyncStarted{});
  };
  result.resync_finished = [this] { sink_(ResyncFinished{}); };
  return result;
}

void LinkMonitor::on_link(const netlink::LinkMessage& link) {
  if (link.removed) {
    told_.erase(link.index);
    return sink_(LinkRemoved{link.index});
  }
  LinkChanged fact = link_fact(link);
  const auto found = told_.find(link.index);
  if (found != told_.end() && found->second == fact) return;
  told_[link.index] = fact;
  sink_(fact);
}

namespace {

bool usable_ipv6(std::uint32_t flags) {
  if ((flags & IFA_F_DADFAILED) != 0) return false;
  return (flags & IFA_F_TENTATIVE) == 0 || (flags & IFA_F_OPTIMISTIC) != 0;
}

}  // namespace

void LinkMonitor::on_address(const netlink::AddressMessage& address) {
  if (address.removed) return sink_(AddressVanished{address.interface_index, address.prefix});
  // Nothing can be sent from it yet; when it can the kernel tells it again.
  if (!address.prefix.address.is_v4() && !usable_ipv6(address.flags)) return;
  const bool secondary = address.prefix.address.is_v4() && (address.flags & IFA_F_SECONDARY) != 0;
  sink_(AddressAppeared{address.interface_index, address.prefix, secondary});
}

LinkChanged link_fact(const netlink::LinkMessage& link) {
  const bool up = (link.flags & IFF_UP) != 0 && (link.flags & IFF_RUNNING) != 0;
  LinkChanged fact;
  fact.index = link.index;
  fact.name = link.name;
  fact.up = up;
  fact.loopback = link.loopback;
  fact.mac = link.mac;
  fact.mtu = link.mtu;
  fact.enabled = (link.flags & IFF_UP) != 0;
  fact.below = link.details.below;
  fact.macvlan = link.details.macvlan;
  fact.private_mode = link.details.private_mode;
  fact.settled_as_vmac = has_vmac_settings(link.details);
  const netlink::Ipv4LinkSettings& ipv4 = link.details.ipv4;
  if (ipv4.arp_ignore && ipv4.arp_filter && ipv4.arp_announce) {
    fact.arp = ArpStrictness{*ipv4.arp_ignore, *ipv4.arp_filter, *ipv4.arp_announce};
  }
  if (ipv4.promote_secondaries) fact.promotes_secondaries = *ipv4.promote_secondaries != 0;
  fact.vrf_table = link.vrf_table;
  fact.ipvlan = link.details.ipvlan;
  fact.ipvlan_flags = link.details.ipvlan_flags;
  fact.kind = link.details.kind;
  fact.group = link.details.group;
  fact.master = link.details.master;
  return fact;
}

}  // namespace holdfast::vrrp
