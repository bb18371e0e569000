// A machine of the virtual LAN: what its kernel, its process and its core know. Plain data; virtual_kernel.h changes the kernel's
// part, virtual_lan.h the others.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/engine.h"
#include "vrrp/logic/link_table.h"

namespace holdfast::test {

/// An IPv4 datagram of protocol 112 around a PDU.
inline Bytes ip_datagram(const IpAddress& source, const IpAddress& destination, ByteView pdu, std::uint8_t ttl = 255,
                         std::uint8_t protocol = 112, std::uint16_t identification = 0) {
  ByteWriter w;
  w.u8(0x45);
  w.u8(0xc0);
  w.u16(static_cast<std::uint16_t>(20 + pdu.size()));
  w.u16(identification);
  w.u16(0);
  w.u8(ttl);
  w.u8(protocol);
  w.u16(0);
  w.u32(source.v4_value());
  w.u32(destination.v4_value());
  w.patch_u16(10, internet_checksum(w.bytes()));
  w.put(pdu);
  return w.take();
}

/// As a raw socket gives it: IPv4 with its header, IPv6 without.
struct VirtualPacket {
  VirtualPacket(Bytes bytes) : datagram(std::move(bytes)) {}  // NOLINT: an IPv4 datagram is one
  VirtualPacket(Bytes payload, const vrrp::Ipv6Envelope& envelope) : datagram(std::move(payload)), ipv6(envelope) {}
  IpAddress destination() const {
    if (ipv6) return ipv6->destination;
    return datagram.size() < 20 ? IpAddress{} : *IpAddress::from_bytes(ByteView(datagram).subspan(16, 4));
  }
  Bytes datagram;
  std::optional<vrrp::Ipv6Envelope> ipv6;
  MacAddress from{};  ///< of the frame
};

struct VirtualLink {
  std::uint32_t index = 0;
  bool up = true;
  std::string below = {};              ///< of a macvlan in private mode
  std::optional<MacAddress> mac = {};  ///< unset = one made of the index
  vrrp::ArpStrictness arp = {};
  bool promotes = false;                           ///< promote_secondaries
  std::string kind = {};                           ///< "" = hardware
  std::optional<std::uint16_t> ipvlan_flags = {};  ///< of an ipvlan, which `below` is below then
  std::string master = {};                         ///< the VRF it belongs to; a VRF is a link of that kind
};

struct VirtualHost {
  std::string name;
  IpPrefix address;
  config::Config config;
  // kernel
  std::map<std::string, VirtualLink> links;
  std::set<vrrp::AddressKey> addresses;
  std::map<IpAddress, int> refuses;               ///< adding fails with this errno
  int refuses_vmacs = 0;                          ///< making one fails with this errno
  int refuses_firewall = 0;                       ///< the same of the firewall's table
  std::optional<vrrp::FirewallContent> firewall;  ///< outlives processes
  std::map<std::string, int> script_status;
  std::map<std::string, std::int64_t> files;  ///< the number in it, by path
  std::map<std::string, int> processes;       ///< how many run, by the name of the vrrp_track_process
  std::set<std::string> watched_files, watched_processes;
  std::vector<vrrp::RoutingEntry> routing;     ///< routes and rules, in the order in which they came
  std::map<std::string, int> refuses_routing;  ///< adding what the configuration says in these words fails
  std::set<std::string> watched;               ///< keys
  // process
  std::optional<vrrp::Engine> engine;
  bool paused = false;
  std::vector<vrrp::Event> backlog;
  std::vector<VirtualPacket> packets;  ///< while paused: the socket's buffer
  std::vector<vrrp::Listen> listening;
  std::uint64_t incarnation = 0;
  // core
  std::map<std::string, vrrp::InstanceRecord> records;
  std::map<std::string, vrrp::ScriptRecord> script_records;
  std::map<vrrp::ObjectKey, vrrp::ObjectRecord> object_records;
  std::map<std::string, vrrp::BaseRecord> base_records;
  std::map<std::string, vrrp::PromotionRecord> promotion_records;
  vrrp::StaticRecord static_record;
  TimePoint died_at{};
};

}  // namespace holdfast::test
