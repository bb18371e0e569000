// Everything the vrrp engine can ask the world to do, as values in the order in which it must be done. io/ carries out
// the ones about the network and the kernel, process sends the rest to core.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/base/time.h"
#include "core/config/schema/link_watch.h"
#include "core/config/schema/track_process.h"
#include "core/config/schema/values.h"
#include "core/config/schema/virtual_address.h"
#include "vrrp/logic/events.h"
#include "vrrp/logic/firewall_content.h"
#include "vrrp/logic/link_effects.h"
#include "vrrp/logic/routing.h"

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

/// Of the adverts that come in there, in whatever way, only those of these VRIDs are wanted: the kernel drops the others.
struct AcceptOnly {
  std::uint32_t interface_index = 0;
  Family family = Family::IPv4;
  std::vector<std::uint8_t> virtual_router_ids;  ///< in order; empty = all
  bool operator==(const AcceptOnly&) const = default;
};

/// The receive buffer of every socket for adverts there; 0 octets = as usual.
struct SizeAdvertBuffer {
  std::uint32_t interface_index = 0;
  Family family = Family::IPv4;
  std::uint32_t octets = 0;
  bool operator==(const SizeAdvertBuffer&) const = default;
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

// ---- firewall -------------------------------------------------------------------------------------------------------

/// The table holds this and nothing else: in one transaction, whatever stood there. Done when the effect behind this one is
/// carried out, or FirewallRefused follows; the same of ChangeFirewall.
struct MakeFirewall {
  FirewallStyle style;
  FirewallParts parts;
  FirewallContent content;
  bool operator==(const MakeFirewall&) const = default;
};
struct ChangeFirewall {
  FirewallContent add, remove;
  bool operator==(const ChangeFirewall&) const = default;
};
/// After all addresses are gone.
struct RemoveFirewall {
  bool operator==(const RemoveFirewall&) const = default;
};
/// FirewallVanished follows when the table is not there any more.
struct CheckFirewall {
  bool operator==(const CheckFirewall&) const = default;
};
/// Tables that a dead predecessor of this daemon made go, but for one of this name that was made since.
struct SweepFirewall {
  std::string table;
  bool operator==(const SweepFirewall&) const = default;
};

// ---- routes and rules -----------------------------------------------------------------------------------------------

/// Add these in order; one that is there already is no failure (RoutingOrder::Exclusive apart).
struct AddRouting {
  std::string owner;  ///< an instance; "" = static entries
  std::vector<RoutingEntry> entries;
  bool operator==(const AddRouting&) const = default;
};
/// Remove these in order; one that is gone already is no failure.
struct RemoveRouting {
  std::string owner;
  std::vector<RoutingEntry> entries;
  bool operator==(const RemoveRouting&) const = default;
};
/// From now on tell (RoutingTold) what of these keys the kernel has, all of it first. Nothing = stop telling.
struct WatchRouting {
  std::set<std::string> keys;
  std::set<std::uint8_t> protocols;  ///< of the routes among them
  bool operator==(const WatchRouting&) const = default;
};
/// Tell everything again: something may have vanished without a word.
struct VerifyRouting {
  bool operator==(const VerifyRouting&) const = default;
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

/// From now on these files are watched and no others; the answers are FileChanged.
struct WatchFiles {
  std::set<std::string> paths;
  bool operator==(const WatchFiles&) const = default;
};
/// From now on these processes are counted and no others; the answers are ProcessesCounted.
struct WatchProcesses {
  std::vector<config::TrackProcess> processes;
  std::optional<std::uint32_t> buffer_octets;  ///< process_monitor_rcv_bufs
  bool force_buffer = false;
  bool operator==(const WatchProcesses&) const = default;
};

/// From now on the carriers of these interfaces are polled and of no others; the answers are LinkbeatSeen.
struct WatchLinkbeats {
  std::vector<config::LinkbeatInterface> interfaces;
  bool operator==(const WatchLinkbeats&) const = default;
};

/// A line for the notify fifos (behaviour.md d.12), without its end. Of one subject only the newest matters.
struct TellFifo {
  std::string subject;
  std::string line;
  bool operator==(const TellFifo&) const = default;
};

/// A mail, without the name of this machine in the subject (behaviour.md f.6).
struct SendAlert {
  std::string subject;
  std::string body;
  bool operator==(const SendAlert&) const = default;
};

enum class State : std::uint8_t { Initialize = 0, Backup = 1, Active = 2, Fault = 3 };  // numbers: behaviour.md d.2

/// What core must not forget of an instance, so that a successor can go on as if nothing had happened. Times are
/// monotonic.
struct Peer {
  IpAddress address;
  int priority = 0;  ///< 0 = none known
  bool operator==(const Peer&) const = default;
};
struct VmacRecord {
  std::string name;
  std::uint32_t interface_index = 0;
  bool operator==(const VmacRecord&) const = default;
};
struct InstanceRecord {
  std::string instance;
  State state = State::Initialize;
  int effective_priority = 0;
  int base_priority = 0;
  TimePoint since{};          ///< of the state
  TimePoint advert_anchor{};  ///< Active: adverts go out at anchor + k × interval, exactly
  Duration advert_interval = seconds(1);
  Duration peers_down_interval{};        ///< a peer takes over not before this long without an advert of ours
  Duration takeover_interval{};          ///< after this long it has, as well as we know (last will)
  Duration slowest_takeover_interval{};  ///< after this long even the least of all peers has
  std::optional<Listen> endpoint;        ///< where the peers' adverts come in
  std::uint8_t virtual_router_id = 0;
  Peer best_peer;                          ///< what that knowledge is
  Duration learned_interval = seconds(1);  ///< Backup, version 3: Active_Adver_Interval
  IpAddress active_address;                ///< Backup: whom we follow; 0.0.0.0 = unknown
  int active_priority = 0;
  IpAddress old_checksum_peer;                ///< who speaks 1.3.5's unicast checksum; 0.0.0.0 = nobody
  std::uint32_t ah_sequence = 0;              ///< AH: the last number used when this was written
  std::uint64_t conflicts = 0;                ///< times another was Active beside us; goes on in a successor
  std::vector<KernelAddress> addresses;       ///< Active: what must be removed if nobody can come back (last will)
  std::vector<RoutingEntry> routing;          ///< the same of routes and rules
  std::vector<std::string> priority_reasons;  ///< "script chk -30", "interface eth1 down": what the priority is made of
  std::vector<std::string> fault_reasons;     ///< why it is in Fault
  std::optional<TimePoint> preempt_at;        ///< Backup: a preempt_delay that has begun ends then
  std::string interface_kind;                 ///< what `interface` was when it was seen first (interface_kind.h)
  std::vector<VmacRecord> vmacs;              ///< that are there, to be removed when no configuration wants them
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
/// A track_file or vrrp_track_process.
enum class ObjectKind : std::uint8_t { File, Process };
struct ObjectKey {
  ObjectKind kind = ObjectKind::File;
  std::string name;
  auto operator<=>(const ObjectKey&) const = default;
};
struct ObjectRecord {
  ObjectKey key;
  std::string identity;    ///< of the definition: what was known of another one does not count
  std::int64_t value = 0;  ///< of a file: its number; of a process: 1 = it has its quorum
  bool operator==(const ObjectRecord&) const = default;
};
/// What core must not forget of the static entries: what is in the kernel because of us.
struct StaticRecord {
  std::vector<KernelAddress> addresses;
  std::vector<RoutingEntry> routing;
  bool empty() const { return addresses.empty() && routing.empty(); }
  bool operator==(const StaticRecord&) const = default;
};
struct RememberStatics {
  StaticRecord record;  ///< empty = forget it
  bool operator==(const RememberStatics&) const = default;
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
struct RememberObject {
  ObjectRecord record;
  bool operator==(const RememberObject&) const = default;
};
struct ForgetObject {
  ObjectKey key;
  bool operator==(const ForgetObject&) const = default;
};

/// An interface below macvlans, and how it was before the first of them.
struct BaseRecord {
  std::string interface;
  std::uint32_t interface_index = 0;
  ArpStrictness before;
  bool operator==(const BaseRecord&) const = default;
};
struct RememberBase {
  BaseRecord record;
  bool operator==(const RememberBase&) const = default;
};
struct ForgetBase {
  std::string interface;
  bool operator==(const ForgetBase&) const = default;
};

/// An interface whose promote_secondaries was off before an instance wanted it.
struct PromotionRecord {
  std::string interface;
  std::uint32_t interface_index = 0;
  bool operator==(const PromotionRecord&) const = default;
};
struct RememberPromotion {
  PromotionRecord record;
  bool operator==(const RememberPromotion&) const = default;
};
struct ForgetPromotion {
  std::string interface;
  bool operator==(const ForgetPromotion&) const = default;
};

using Effect =
    std::variant<SendAdvert, Listen, Unlisten, SendGratuitousArp, AddAddresses, RemoveAddresses, Log, RunTrackScript,
                 RunNotifyScript, TellFifo, RememberInstance, ForgetInstance, RememberScript, ForgetScript, AcceptOnly,
                 SendAlert, WatchFiles, WatchProcesses, WatchLinkbeats, RememberObject, ForgetObject, MakeVmac,
                 SettleVmac, SetVmacUp, SetVmacVrf, RemoveVmac, SetArpStrictness, RememberBase, ForgetBase, AddRouting,
                 RemoveRouting, WatchRouting, VerifyRouting, RememberStatics, MakeFirewall, ChangeFirewall,
                 RemoveFirewall, SweepFirewall, CheckFirewall, SetPromotion, RememberPromotion, ForgetPromotion,
                 TellOfLink, SizeAdvertBuffer>;
using Effects = std::vector<Effect>;

}  // namespace holdfast::vrrp
