// The one form in which two descriptions of the same kernel entry are equal: the kernel stores fields that it does not use
// (the netmask of a service without persistence, tunnel fields of a NAT destination) and sets a flag of its own. The plan
// compares only normal forms; the kernel's table is never changed for a field without effect.
#pragma once

#include "ipvs_wrapper/logic/model.h"

namespace holdfast::ipvs {

/// A mark has no protocol, address or port.
ServiceKey normal(const ServiceKey& key);
/// Without Hashed; without persistence no timeout and the netmask of one host (IPv4 255.255.255.255, IPv6 128, which is also
/// what 0 becomes: the kernel refuses an IPv6 prefix length of 0).
ServiceSettings normal(const ServiceSettings& settings, Family family);
/// Tunnel fields only for TUN; ipip has neither port nor checksum, gre has no port.
DestinationSettings normal(const DestinationSettings& settings);
/// Of the destinations of a mark only the first with each address: the kernel finds them without the port
/// (ip_vs_lookup_dest) and refuses the others.
Service normal(const ServiceKey& key, const Service& service);
Table normal(const Table& table);

/// Whether a sync daemon that runs is the one that is wanted: the kernel fills in what was left open.
bool serves(const SyncDaemon& running, const SyncDaemon& wanted);

}  // namespace holdfast::ipvs
