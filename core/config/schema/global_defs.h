// global_defs: all keywords are read and validated; the members below are those some process already honours. The
// config schema keeps the rest in the same struct (see global_defs.cpp for which row is honoured).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/schema/values.h"
#include "core/config/schema/vrrp_instance.h"

namespace holdfast::config {

struct GlobalDefs {
  std::string router_id;    ///< "" = local host name
  std::string script_user;  ///< "" = keepalived_script if it exists, else the daemon's own
  std::string script_group;
  bool enable_script_security = false;
  ScriptCommand startup_script, shutdown_script;
  Duration startup_script_timeout = seconds(10);
  Duration shutdown_script_timeout = seconds(10);
  // root keywords that shape the whole daemon (behaviour.md b.4)
  std::string instance;       ///< root keyword `instance`
  std::string net_namespace;  ///< root keyword `net_namespace`
  bool use_pid_dir = false;
  Duration child_wait_time = seconds(5);
  // vrrp process
  std::optional<int> vrrp_rt_priority;  ///< 1..99
  std::optional<int> vrrp_priority;     ///< nice value
  bool vrrp_no_swap = false;
  std::optional<int> max_auto_priority;           ///< -1..99
  Duration min_auto_priority_delay = seconds(1);  ///< how late a timer must be for that
  std::vector<int> vrrp_cpu_affinity;
  Duration vrrp_rlimit_rttime = milliseconds(10);
  Duration vrrp_startup_delay = Duration::zero();
  bool log_unknown_vrids = false;
  bool dynamic_interfaces = false;  ///< an interface may be missing when we start
  // copied into a vrrp_instance when its block opens (behaviour.md a.1: order matters)
  GarpSettings garp;                 ///< vrrp_garp_*
  int down_timer_adverts = 3;        ///< vrrp_down_timer_adverts, 1..100
  bool skip_check_adv_addr = false;  ///< vrrp_skip_check_adv_addr
  bool v3_checksum_as_v2 = false;
  // used by an instance that does not say otherwise, wherever it stands
  int vrrp_version = 2;                                ///< 2 or 3
  IpAddress mcast_group4 = IpAddress::v4(0xe0000012);  ///< vrrp_mcast_group4
  bool lower_prio_no_advert = false;                   ///< vrrp_lower_prio_no_advert
  bool higher_prio_send_advert = false;                ///< vrrp_higher_prio_send_advert
  bool owner_ignore_adverts = false;                   ///< vrrp_owner_ignore_adverts
  bool notify_priority_changes = false;                ///< vrrp_notify_priority_changes
  // our own keywords
  Duration orphan_grace = seconds(30);       ///< how long children serve without a core
  Duration vip_lifetime = Duration::zero();  ///< default for vrrp_instance
  std::optional<std::uint32_t> umask;

  bool operator==(const GlobalDefs&) const = default;
};

}  // namespace holdfast::config
