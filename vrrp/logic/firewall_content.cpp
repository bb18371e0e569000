#include "vrrp/logic/firewall_content.h"

namespace holdfast::vrrp {

bool FirewallParts::covers(const FirewallParts& other) const {
  FirewallParts both = *this;
  both.add(other);
  return both == *this;
}

void FirewallParts::add(const FirewallParts& other) {
  vmacs4 = vmacs4 || other.vmacs4;
  vmacs6 = vmacs6 || other.vmacs6;
  dropped4 = dropped4 || other.dropped4;
  dropped6 = dropped6 || other.dropped6;
  link_local = link_local || other.link_local;
  link_local_by_name = link_local_by_name || other.link_local_by_name;
}

FirewallParts parts_of(const FirewallContent& content) {
  FirewallParts parts;
  for (const DroppedAddress& dropped : content.dropped) {
    (dropped.address.is_v4() ? parts.dropped4 : parts.dropped6) = true;
    if (dropped.interface_index != 0) parts.link_local = true;
    if (!dropped.interface.empty()) parts.link_local_by_name = true;
  }
  for (const VmacPath& path : content.vmacs) (path.family == Family::IPv4 ? parts.vmacs4 : parts.vmacs6) = true;
  return parts;
}

}  // namespace holdfast::vrrp
