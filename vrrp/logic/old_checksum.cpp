#include "vrrp/logic/old_checksum.h"

namespace holdfast::vrrp {

using config::OldUnicastChecksum;

bool has_old_checksum(const config::VrrpInstance& instance) {
  return instance.version == 3 && instance.family == Family::IPv4 && instance.unicast() && !instance.v3_checksum_as_v2;
}

const IpAddress& checksummed_destination(const config::VrrpInstance& instance, const WireMemory& memory,
                                         const IpAddress& peer) {
  if (!has_old_checksum(instance) || instance.old_unicast_checksum == OldUnicastChecksum::Never) return peer;
  const bool old = instance.old_unicast_checksum == OldUnicastChecksum::Always || !memory.old_checksum_peer->is_any();
  return old ? instance.multicast_group : peer;
}

ChecksumVerdict check_unicast_checksum(const Datagram& d, const config::VrrpInstance& instance, WireMemory& memory) {
  if (checksum_is_right(d.pdu, ChecksumStyle::PseudoHeader, d.source, d.destination)) {
    if (*memory.old_checksum_peer == d.source) memory.old_checksum_peer.clear();
    return ChecksumVerdict::Right;
  }
  if (instance.old_unicast_checksum == OldUnicastChecksum::Never) return ChecksumVerdict::Wrong;
  if (!checksum_is_right(d.pdu, ChecksumStyle::PseudoHeader, d.source, instance.multicast_group)) {
    return ChecksumVerdict::Wrong;
  }
  const bool first = memory.old_checksum_peer->is_any() && instance.old_unicast_checksum == OldUnicastChecksum::Detect;
  memory.old_checksum_peer = d.source;
  return first ? ChecksumVerdict::FirstOld : ChecksumVerdict::Right;
}

}  // namespace holdfast::vrrp
