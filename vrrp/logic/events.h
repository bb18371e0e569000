// Everything that can happen to the vrrp process, as values. io/ makes them, Engine::handle takes them with `now`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "vrrp/logic/routing.h"

namespace holdfast::vrrp {

/// What the kernel tells of an IPv6 header, which a raw socket does not give.
struct Ipv6Envelope {
  IpAddress source;
  IpAddress destination;
  std::uint8_t hop_limit = 0;
};

/// One datagram as the raw socket gave it: IPv4 with its header, IPv6 what is behind it. The bytes live only during the
/// call.
struct PacketReceived {
  std::uint32_t interface_index = 0;  ///< as in the Listen that it came through
  ByteView datagram;
  std::optional<Ipv6Envelope> ipv6 = {};
};

/// How strictly a link answers and asks by ARP (net.ipv4.conf.LINK.arp_*).
struct ArpStrictness {
  std::uint32_t ignore = 0;
  std::uint32_t filter = 0;
  std::uint32_t announce = 0;
  bool operator==(const ArpStrictness&) const = default;
};

/// A link appeared or changed: the whole truth about it, not a difference.
struct LinkChanged {
  std::uint32_t index = 0;
  std::string name;
  bool up = false;  ///< IFF_UP and IFF_RUNNING
  bool loopback = false;
  MacAddress mac;
  std::uint32_t mtu = 1500;
  bool enabled = false;                   ///< IFF_UP, whatever lies below
  std::uint32_t below = 0;                ///< the link it lies on; 0 = none
  bool macvlan = false;                   ///< of any mode
  bool private_mode = false;              ///< of a macvlan
  bool settled_as_vmac = false;           ///< its settings are those that our macvlans have (vrrp/io/vmac_settings.h)
  std::optional<ArpStrictness> arp = {};  ///< unset = not told by this kernel
  std::optional<bool> promotes_secondaries = {};   ///< net.ipv4.conf.LINK.promote_secondaries; the same
  std::uint32_t vrf_table = 0;                     ///< of a VRF; 0 = it is none
  bool ipvlan = false;                             ///< of any mode
  std::optional<std::uint16_t> ipvlan_flags = {};  ///< of one in mode L2: IPVLAN_F_*
  std::string kind = {};                           ///< IFLA_INFO_KIND; "" = hardware
  std::uint32_t group = 0;
  std::uint32_t master = 0;  ///< the VRF, bridge or bond it belongs to; 0 = none
  bool operator==(const LinkChanged&) const = default;
};

struct LinkRemoved {
  std::uint32_t index = 0;
  bool operator==(const LinkRemoved&) const = default;
};

/// The kernel has this address (again). Told for every address at start and for every change since, ours included.
struct AddressAppeared {
  std::uint32_t interface_index = 0;
  IpPrefix prefix;
  bool secondary = false;
  bool operator==(const AddressAppeared&) const = default;
};

struct AddressVanished {
  std::uint32_t interface_index = 0;
  IpPrefix prefix;
  bool operator==(const AddressVanished&) const = default;
};

/// All links and addresses told so far are complete (after the first dump, and after each resync that ENOBUFS forced:
/// what was not told again since ResyncStarted is gone).
struct ResyncStarted {};
struct ResyncFinished {};

/// A kernel operation that an effect asked for was refused.
struct AddressRefused {
  std::uint32_t interface_index = 0;
  IpPrefix prefix;
  bool adding = true;
  int error = 0;  ///< errno
  bool operator==(const AddressRefused&) const = default;
};

/// The kernel would not make, raise or remove a macvlan of ours.
struct VmacRefused {
  std::string name;
  enum class What : std::uint8_t { Make, Settle, Raise, Remove } what = What::Make;
  int error = 0;  ///< errno
  bool operator==(const VmacRefused&) const = default;
};

/// The kernel has this, or has it no more. Of the watched keys all is told at first, then every change.
struct RoutingTold {
  bool removed = false;
  bool replaced = false;  ///< it took the place of another of its key
  RoutingObject object;
};
/// As ResyncStarted and ResyncFinished, of routes and rules. Finished also comes when nobody can ask the kernel.
struct RoutingResyncStarted {};
struct RoutingResyncFinished {};
struct RoutingRefused {
  RoutingEntry entry;
  bool adding = true;
  int error = 0;  ///< errno
};

/// The kernel would not do something with the table of the firewall.
struct FirewallRefused {
  enum class What : std::uint8_t { Make, Change, Remove } what = What::Make;
  std::string object;     ///< "chain in of table ip keepalived"
  bool of_vmacs = false;  ///< what was refused is there for macvlans alone
  int error = 0;          ///< errno
  bool operator==(const FirewallRefused&) const = default;
};

/// Somebody else removed it.
struct FirewallVanished {
  bool operator==(const FirewallVanished&) const = default;
};

struct SendRefused {
  std::uint32_t interface_index = 0;
  int error = 0;  ///< errno
  bool operator==(const SendRefused&) const = default;
};

/// How a run of a vrrp_script ended.
enum class ScriptOutcome : std::uint8_t { Exited, Signalled, TimedOut, NotStarted };
struct ScriptFinished {
  std::string script;  ///< name of the vrrp_script
  ScriptOutcome outcome = ScriptOutcome::Exited;
  int status = 0;  ///< exit status, signal number, or errno
  bool operator==(const ScriptFinished&) const = default;
};

/// The number in a tracked file; nothing: no such file, or no number in it.
struct FileChanged {
  std::string path;
  std::optional<std::int64_t> value;
  std::string problem;  ///< why there is no number, though there is a file
  bool operator==(const FileChanged&) const = default;
};

/// So many processes that a vrrp_track_process means are running.
struct ProcessesCounted {
  std::string process;  ///< name of the vrrp_track_process
  int count = 0;
  bool operator==(const ProcessesCounted&) const = default;
};

/// A poll of an interface's carrier.
struct LinkbeatSeen {
  std::string interface;
  bool up = false;
  bool operator==(const LinkbeatSeen&) const = default;
};

/// Something that a port has to say to who reads the log.
struct PortNote {
  std::string text;
  bool operator==(const PortNote&) const = default;
};

using Event = std::variant<PacketReceived, LinkChanged, LinkRemoved, AddressAppeared, AddressVanished, ResyncStarted,
                           ResyncFinished, AddressRefused, SendRefused, ScriptFinished, FileChanged, ProcessesCounted,
                           LinkbeatSeen, PortNote, VmacRefused, RoutingTold, RoutingResyncStarted,
                           RoutingResyncFinished, RoutingRefused, FirewallRefused, FirewallVanished>;

}  // namespace holdfast::vrrp
