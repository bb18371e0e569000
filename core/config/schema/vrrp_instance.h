// vrrp_instance: one virtual router. After lint every value is final: defaults of global_defs are copied in, `priority`
// and `wants_master` resolved (behaviour.md d.2), intervals fit the version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/boxed.h"
#include "core/base/few.h"
#include "core/base/rare.h"
#include "core/base/shared.h"
#include "core/base/time.h"
#include "core/config/node.h"
#include "core/config/schema/routing_lines.h"
#include "core/config/schema/values.h"
#include "core/config/schema/virtual_address.h"
#include "core/config/schema/vmac.h"
#include "core/config/schema/vrrp_transport.h"

namespace holdfast::config {

enum class Authentication : std::uint8_t { None = 0, Pass = 1, Ah = 2 };  // RFC 2338 §5.3.6 type codes

struct TrackedScript {
  std::string name;
  std::optional<int> weight;    ///< unset = the script's own
  std::optional<bool> reverse;  ///< unset = the script's own
  Location at;
  bool operator==(const TrackedScript&) const = default;
};

struct TrackedInterface {
  std::string interface;
  int weight = 0;  ///< -253..253; 0 = down means FAULT
  bool reverse = false;
  Location at;
  bool operator==(const TrackedInterface&) const = default;
};

/// A line of track_file or track_process.
using TrackedObject = TrackedScript;

/// garp_*: how often and when VIPs are announced (behaviour.md d.9).
struct GarpSettings {
  Duration delay = seconds(5);          ///< second burst after becoming Active; 0 = none
  int repeat = 5;                       ///< frames per address and burst
  Duration refresh = Duration::zero();  ///< 0 = never
  int refresh_repeat = 1;
  std::optional<Duration> lower_prio_delay;  ///< unset = delay
  std::optional<int> lower_prio_repeat;      ///< unset = repeat
  Duration interval = Duration::zero();  ///< least time between two ARP frames on one interface (vrrp_garp_interval)
  Duration gna_interval = Duration::zero();    ///< the same of neighbour advertisements (vrrp_gna_interval)
  Duration extra_interval = Duration::zero();  ///< garp_extra_if: period for VIPs on other interfaces; 0 = none
  bool extra_on_all = false;                   ///< and for all that have a VMAC
  bool operator==(const GarpSettings&) const = default;
};

struct NotifyScripts {
  ScriptCommand master, backup, fault, stop, deleted, any, master_rx_lower_pri;
  bool operator==(const NotifyScripts&) const = default;
};

struct VrrpInstance {
  std::string name;
  std::string interface;               ///< "" only with unicast: the one that has source_address
  Rare<std::string> vrf;               ///< of an instance without interface: its sockets are bound to that VRF
  bool wants_master = false;           ///< `state MASTER`
  std::uint8_t virtual_router_id = 0;  ///< 1..255
  int version = 2;                     ///< 2 or 3
  Family family = Family::IPv4;        ///< of the first VIP
  Authentication authentication = Authentication::None;
  bool preempt = true;
  bool track_primary = true;              ///< false: dont_track_primary
  bool notify_deleted = false;            ///< send DELETED instead of FAULT when removed by a reload
  int priority = 100;                     ///< 1..255; 255 = address owner
  Duration advert_interval = seconds(1);  ///< whole seconds in version 2, centiseconds in version 3
  Rare<std::string> auth_pass;            ///< up to 8 octets
  Duration preempt_delay = Duration::zero();
  std::vector<VirtualAddress> virtual_addresses;
  Few<VirtualAddress> excluded_addresses;
  Few<Route> virtual_routes;
  Few<Rule> virtual_rules;
  Few<TrackedScript> track_scripts;
  Few<TrackedInterface> track_interfaces;
  Few<TrackedObject> track_files, track_processes;
  Few<UnicastPeer> unicast_peers;  ///< empty = multicast
  Rare<NotifyScripts> notify;
  Shared<GarpSettings> garp;
  Boxed<AuthHmac> hmac;
  std::optional<IpAddress> source_address;  ///< mcast_src_ip, unicast_src_ip; unset = primary one of the interface
  bool track_source = false;                ///< track_src_ip: fault while no interface has that address
  IpAddress multicast_group = IpAddress::v4(0xe0000012);  ///< of the family; not used with unicast peers
  bool unicast_fault_no_peer = false;
  bool check_unicast_source = false;
  std::optional<std::uint8_t> unicast_ttl;  ///< unset = 255
  OldUnicastChecksum old_unicast_checksum = OldUnicastChecksum::Detect;
  int down_timer_adverts = 3;  ///< vrrp_down_timer_adverts
  bool lower_prio_no_advert = false;
  bool higher_prio_send_advert = false;
  bool skip_check_adv_addr = false;
  bool v3_checksum_as_v2 = false;
  bool owner_ignore_adverts = false;
  bool notify_priority_changes = false;
  bool smtp_alert = false;
  bool no_email_faults = false;                      ///< of global_defs
  bool strict = false;                               ///< strict_mode, else vrrp_strict
  bool accept = true;                                ///< false: what comes for the VIPs is dropped while Active
  bool promote_secondaries = false;                  ///< set on the interface while the instance exists
  std::optional<std::uint8_t> timer_expired_backup;  ///< always so with us; the priority counts for nothing
  bool linkbeat_use_polling = false;
  bool use_vmac_addr = false;                   ///< already in the addresses
  bool vmac_xmit_base = false;                  ///< adverts leave from `interface`, not from `vmac`
  std::optional<std::uint32_t> receive_buffer;  ///< kernel_rx_buf_size, octets
  Boxed<Vmac> vmac;                             ///< use_vmac, use_ipvlan: carries the addresses that name no interface
  Few<Vmac> address_vmacs;                      ///< of addresses with `use_vmac`, at most one for each interface below
  Duration vip_lifetime = Duration::zero();     ///< our keyword: kernel lifetime of the VIPs; 0 = forever
  Location at;
  Few<KeptLine> unused_lines;  ///< of keywords that are not honoured yet

  bool owner() const { return priority == 255; }
  bool unicast() const { return !unicast_peers.empty(); }
  bool operator==(const VrrpInstance&) const = default;
};

}  // namespace holdfast::config
