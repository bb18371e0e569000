// global_defs: all keywords are read and validated; the members below are those some process already honours. The
// config schema keeps the rest in the same struct (see global_defs.cpp for which row is honoured).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/schema/daemon_settings.h"
#include "core/config/schema/mail.h"
#include "core/config/schema/values.h"
#include "core/config/schema/vrrp_instance.h"

namespace holdfast::config {

/// lvs_timeouts, seconds; unset leaves the kernel's value.
struct LvsTimeouts {
  std::optional<std::uint32_t> tcp_s, tcp_fin_s, udp_s;
  bool operator==(const LvsTimeouts&) const = default;
};

/// What goes from the kernel's IPVS table when the daemon stops, beside what is ours.
enum class LvsFlushOnStop : std::uint8_t { Off, Everything, VirtualServers };

/// lvs_sync_daemon: connections are copied to the other director.
struct LvsSyncDaemon {
  std::string interface;
  std::string vrrp_instance;       ///< master while it is active, else backup; "" = none is named
  std::optional<std::uint8_t> id;  ///< unset = the instance's VRID
  std::optional<std::uint16_t> max_length, port;
  std::optional<std::uint8_t> ttl;
  std::optional<IpAddress> group;
  Origin at;
  bool operator==(const LvsSyncDaemon&) const = default;
};

/// Size of a socket's receive buffer; unset = as we choose.
struct BufferSize {
  std::optional<std::uint32_t> octets;
  bool force = false;  ///< beyond net.core.rmem_max
  bool operator==(const BufferSize&) const = default;
};

/// vrrp_rx_bufs_policy and its multiplier: how much the buffer of an advert socket holds for each of its instances.
struct AdvertBuffers {
  bool by_mtu = false, by_advert = false;  ///< times the multiplier
  std::optional<std::uint32_t> octets;     ///< or this
  int multiplier = 3;
  bool operator==(const AdvertBuffers&) const = default;
};

/// A named pipe for changes of state, and the program that reads it.
struct NotifyFifo {
  std::string path;         ///< "" = none
  std::string user, group;  ///< of a pipe that is made; "" = the daemon's own
  ScriptCommand script;
  bool operator==(const NotifyFifo&) const = default;
};

inline constexpr const char* kDefaultInterface = "eth0";
inline constexpr const char* kFirewallTable = "keepalived";

/// How the drops of `no_accept` and of macvlans are made (behaviour.md d.10).
struct FirewallSettings {
  std::optional<std::string> nftables;  ///< name of the table; "" or unset = kFirewallTable
  std::int32_t priority = -1;           ///< of its chains
  bool ifindex = false;                 ///< never match interfaces by name
  bool counters = false;
  std::optional<std::vector<std::string>> iptables, ipsets;  ///< asked for; nftables is used all the same
  bool namespace_with_ipsets = false;                        ///< the same
  bool operator==(const FirewallSettings&) const = default;

  std::string table() const { return nftables.value_or("").empty() ? kFirewallTable : *nftables; }
};

inline constexpr const char* kMarksTable = "keepalived_ipvs";

/// nftables_ipvs*: groups of addresses are served by a firewall mark each, set by a table of nftables.
struct MarksSettings {
  std::optional<std::string> nftables;  ///< name of the table; "" = kMarksTable; unset = no marks
  std::int32_t priority = -1;           ///< of its chain
  std::uint32_t start = 1000;           ///< first mark
  bool operator==(const MarksSettings&) const = default;

  bool wanted() const { return nftables.has_value(); }
  /// "" when there shall be none.
  std::string table() const { return !nftables ? std::string() : nftables->empty() ? kMarksTable : *nftables; }
};

struct GlobalDefs {
  std::string router_id;    ///< "" = local host name
  std::string script_user;  ///< "" = keepalived_script if it exists, else the daemon's own
  std::string script_group;
  bool enable_script_security = false;
  ScriptCommand startup_script, shutdown_script;
  NotifyFifo notify_fifo, vrrp_notify_fifo, lvs_notify_fifo;
  bool fifo_write_vrrp_states_on_reload = false;
  Duration startup_script_timeout = seconds(10);
  Duration shutdown_script_timeout = seconds(10);
  // root keywords that shape the whole daemon (behaviour.md b.4)
  std::string instance;       ///< root keyword `instance`
  std::string net_namespace;  ///< root keyword `net_namespace`
  bool use_pid_dir = false;
  Duration child_wait_time = seconds(5);
  DaemonSettings daemon;  ///< names of processes, dumps, scripts
  // vrrp process
  std::optional<int> vrrp_rt_priority;  ///< 1..99
  std::optional<int> vrrp_priority;     ///< nice value
  bool vrrp_no_swap = false;
  std::optional<int> max_auto_priority;           ///< -1..99
  Duration min_auto_priority_delay = seconds(1);  ///< how late a timer must be for that
  std::vector<int> vrrp_cpu_affinity;
  Duration vrrp_rlimit_rttime = milliseconds(10);
  Duration vrrp_startup_delay = Duration::zero();
  Duration vrrp_delay_after_boot = Duration::zero();      ///< the same, counted from the boot of the host
  bool vrrp_strict = false;                               ///< default of strict_mode, already in each instance
  std::optional<std::uint32_t> process_monitor_rcv_bufs;  ///< octets; unset = the kernel's
  bool process_monitor_rcv_bufs_force = false;            ///< beyond the host's limit
  int json_version = 1;                                   ///< shape of the JSON dump, 1 or 2
  bool log_unknown_vrids = false;
  bool dynamic_interfaces = false;               ///< an interface may be missing when we start
  bool interfaces_may_change = false;            ///< allow_if_changes: and come back as one of another kind
  bool disable_local_igmp = false;               ///< no IGMP reports of 224.0.0.0/24 while we run
  BufferSize netlink_commands, netlink_monitor;  ///< vrrp_netlink_*_rcv_bufs
  AdvertBuffers advert_buffers;
  // copied into a vrrp_instance when its block opens (behaviour.md a.1: order matters)
  GarpSettings garp;                 ///< vrrp_garp_*
  int down_timer_adverts = 3;        ///< vrrp_down_timer_adverts, 1..100
  bool skip_check_adv_addr = false;  ///< vrrp_skip_check_adv_addr
  bool v3_checksum_as_v2 = false;
  // used by an instance that does not say otherwise, wherever it stands
  int vrrp_version = 2;                                    ///< 2 or 3
  IpAddress mcast_group4 = IpAddress::v4(0xe0000012);      ///< vrrp_mcast_group4
  IpAddress mcast_group6 = *IpAddress::parse("ff02::12");  ///< vrrp_mcast_group6
  bool check_unicast_source = false;                       ///< vrrp_check_unicast_src
  bool lower_prio_no_advert = false;                       ///< vrrp_lower_prio_no_advert
  bool higher_prio_send_advert = false;                    ///< vrrp_higher_prio_send_advert
  bool owner_ignore_adverts = false;                       ///< vrrp_owner_ignore_adverts
  bool notify_priority_changes = false;                    ///< vrrp_notify_priority_changes
  std::string vmac_prefix = "vrrp";                        ///< of the names of macvlans
  std::optional<std::string> vmac_addr_prefix;             ///< the same for those of addresses; unset = vmac_prefix
  FirewallSettings firewall;
  // checker process
  MarksSettings marks;
  std::optional<int> checker_rt_priority;  ///< 1..99
  std::optional<int> checker_priority;     ///< nice value
  bool checker_no_swap = false;
  std::vector<int> checker_cpu_affinity;
  Duration checker_rlimit_rttime = milliseconds(10);
  bool rs_init_notifies = false;          ///< run real servers' notify scripts for their first state
  bool checker_log_all_failures = false;  ///< default of log_all_failures, already in each CheckTiming
  LvsTimeouts lvs_timeouts;
  bool lvs_flush = false;  ///< empty the kernel's table at start
  LvsFlushOnStop lvs_flush_on_stop = LvsFlushOnStop::Off;
  std::optional<LvsSyncDaemon> lvs_sync_daemon;
  // mail
  MailSettings mail;
  std::optional<bool> smtp_alert, smtp_alert_vrrp, smtp_alert_checker;  ///< already in each smtp_alert
  bool no_email_faults = false;                                         ///< already in each instance and group
  bool no_checker_emails = false;                                       ///< already in each real server
  // our own keywords of the checker
  Duration ipvs_reconcile_interval = seconds(10);  ///< how often the kernel's table is compared; 0 = never
  bool checker_merge = true;                       ///< identical probes run once
  std::optional<Duration> check_deadline;          ///< already in each CheckTiming
  // our own keywords
  Duration orphan_grace = seconds(30);       ///< how long children serve without a core
  Duration vip_lifetime = Duration::zero();  ///< default for vrrp_instance
  std::optional<std::uint32_t> umask;
  // how the configuration is read again (core/watchdog/process_reload.cpp)
  std::optional<std::string> reload_check_config;  ///< where what is wrong is written; "" = nowhere
  std::optional<std::string> reload_file;          ///< exists while files are read; "" = beside the pid file
  std::string reload_time_file;                    ///< holds the time of the next reload; "" = none
  bool reload_repeat = false;                      ///< that file stays
  std::string config_save_dir;                     ///< "" = none
  std::optional<std::string> default_interface;    ///< of static addresses without dev; unset = kDefaultInterface
  std::vector<KeptLine> unused_lines;              ///< of keywords that are not honoured yet

  bool operator==(const GlobalDefs&) const = default;
};

}  // namespace holdfast::config
