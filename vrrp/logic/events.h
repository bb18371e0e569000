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

/// A link appeared or changed: the whole truth about it, not a difference.
struct LinkChanged {
  std::uint32_t index = 0;
  std::string name;
  bool up = false;  ///< IFF_UP and IFF_RUNNING
  bool loopback = false;
  MacAddress mac;
  std::uint32_t mtu = 1500;
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

using Event = std::variant<PacketReceived, LinkChanged, LinkRemoved, AddressAppeared, AddressVanished, ResyncStarted,
                           ResyncFinished, AddressRefused, SendRefused, ScriptFinished>;

}  // namespace holdfast::vrrp
