// Everything the vrrp engine can ask the world to do, as values in the order in which it must be done. io/ carries out
// the ones about the network and the kernel, process sends the rest to core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/base/time.h"
#include "core/config/schema/values.h"
#include "core/config/schema/virtual_address.h"

namespace holdfast::vrrp {

// ---- the network ----------------------------------------------------------------------------------------------------

/// One VRRP PDU to be sent as an IP datagram with TOS (traffic class) 0xC0 (behaviour.md d.1).
struct SendAdvert {
  std::uint32_t interface_index = 0;  ///< 0 = wherever the routing table says (unicast without an interface)
  IpAddress source;
  IpAddress destination;  ///< a group, or a unicast peer
  Bytes pdu;              ///< all behind the IP header
  std::uint8_t time_to_live = 255;
  std::uint8_t protocol = 112;       ///< 51: an authentication header stands in front of the PDU
  std::uint16_t identification = 0;  ///< of the IPv4 header; 0 = any
  bool operator==(const SendAdvert&) const = default;
};

/// Receive adverts on this interface, and be able to send from it.
struct Listen {
  std::uint32_t interface_index = 0;  ///< 0 = on any (unicast without an interface)
  IpAddress group;                    ///< a multicast group; or the address of ours that unicast adverts come to
  std::uint8_t protocol = 112;        ///< or 51
  bool operator==(const Listen&) const = default;
};
struct Unlisten {
  std::uint32_t interface_index = 0;
  IpAddress group;
  std::uint8_t protocol = 112;
  bool operator==(const Unlisten&) const = default;
};

/// One gratuitous ARP request, broadcast, sender and target address both `address`; for IPv6 an unsolicited neighbour
/// advertisement (behaviour.md d.9).
struct SendGratuitousArp {
  std::uint32_t interface_index = 0;
  MacAddress mac;
  IpAddress address;
  bool operator==(const SendGratuitousArp&) const = default;
};

// ---- kernel addresses -----------------------------------------------------------------------------------------------

/// A VIP as the kernel wants it: the entry of the configuration with its interface resolved.
struct KernelAddress {
  std::uint32_t interface_index = 0;
  config::VirtualAddress entry;
  Duration valid_lifetime = Duration::zero();  ///< vip_lifetime; 0 = forever
  bool operator==(const KernelAddress&) const = default;
};
/// Add (or renew the lifetime of) these; one that is there already is no failure.
struct AddAddresses {
  std::string instance;
  std::vector<KernelAddress> addresses;
  bool operator==(const AddAddresses&) const = default;
};
/// Remove these; one that is gone already is no failure.
struct RemoveAddresses {
  std::string instance;
  std::vector<KernelAddress> addresses;
  bool operator==(const RemoveAddresses&) const = default;
};

// ---- core -----------------------------------------------------------------------------------------------------------

enum class LogLevel : std::uint8_t { Error, Warning, Info, Detail /* only with -D */ };
struct Log {
  LogLevel level = LogLevel::Info;
  std::string text;
  bool operator==(const Log&) const = default;
};

/// Run a vrrp_script once; the answer is ScriptFinished{script}.
struct RunTrackScript {
  std::string script;
  config::ScriptCommand command;
  Duration timeout = seconds(1);
  bool operator==(const RunTrackScript&) const = default;
};
/// Run a notify script; those with the same `queue` run one after another in the order of the effects.
struct RunNotifyScript {
  std::string queue;  ///< instance name
  config::ScriptCommand command;
  std::vector<std::string> appended;  ///< INSTANCE NAME STATE PRIORITY for `notify` (behaviour.md d.12), else empty
  bool operator==(const RunNotifyScript&) const = default;
};

/// A line for the notify fifos (behaviour.md d.12), without its end. Of one subject only the newest matters.
struct TellFifo {
  std::string subject;
  std::string line;
  bool operator==(const TellFifo&) const = default;
};

enum class State : std::uint8_t { Initialize = 0, Backup = 1, Active = 2, Fault = 3 };  // numbers: behaviour.md d.2

/// What core must not forget of an instance, so that a successor can go on as if nothing had happened. Times are
/// monotonic.
struct Peer {
  IpAddress address;
  int priority = 0;  ///< 0 = none known
  bool operator==(const Peer&) const = default;
};
struct InstanceRecord {
  std::string instance;
  State state = State::Initialize;
  int effective_priority = 0;
  int base_priority = 0;
  TimePoint since{};          ///< of the state
  TimePoint advert_anchor{};  ///< Active: adverts go out at anchor + k × interval, exactly
  Duration advert_interval = seconds(1);
  Duration peers_down_interval{};          ///< a peer takes over not before this long without an advert of ours
  Duration takeover_interval{};            ///< after this long it has, as well as we know (last will)
  Peer best_peer;                          ///< what that knowledge is
  Duration learned_interval = seconds(1);  ///< Backup, version 3: Active_Adver_Interval
  IpAddress active_address;                ///< Backup: whom we follow; 0.0.0.0 = unknown
  int active_priority = 0;
  IpAddress old_checksum_peer;                ///< who speaks 1.3.5's unicast checksum; 0.0.0.0 = nobody
  std::uint32_t ah_sequence = 0;              ///< AH: the last number used when this was written
  std::vector<KernelAddress> addresses;       ///< Active: what must be removed if nobody can come back (last will)
  std::vector<std::string> priority_reasons;  ///< "script chk -30", "interface eth1 down": what the priority is made of
  std::vector<std::string> fault_reasons;     ///< why it is in Fault
  bool operator==(const InstanceRecord&) const = default;
};
struct ScriptRecord {
  std::string script;
  config::ScriptCommand command;
  bool known = false;  ///< a result has come
  bool up = false;     ///< what rise and fall made of the results
  int in_a_row = 0;    ///< results against `up` so far
  int last_status = -1;
  ScriptRecord() = default;
  bool operator==(const ScriptRecord&) const = default;
};
struct RememberInstance {
  InstanceRecord record;
  bool operator==(const RememberInstance&) const = default;
};
struct ForgetInstance {
  std::string instance;
  bool operator==(const ForgetInstance&) const = default;
};
struct RememberScript {
  ScriptRecord record;
  bool operator==(const RememberScript&) const = default;
};
struct ForgetScript {
  std::string script;
  bool operator==(const ForgetScript&) const = default;
};

using Effect =
    std::variant<SendAdvert, Listen, Unlisten, SendGratuitousArp, AddAddresses, RemoveAddresses, Log, RunTrackScript,
                 RunNotifyScript, TellFifo, RememberInstance, ForgetInstance, RememberScript, ForgetScript>;
using Effects = std::vector<Effect>;

}  // namespace holdfast::vrrp
