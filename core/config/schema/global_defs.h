// global_defs: all keywords are read and validated; the members below are those some process already honours. The config
// schema keeps the rest in the same struct (see global_defs.cpp for which row is honoured).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/schema/values.h"
#include "core/config/schema/vrrp_instance.h"

namespace holdfast::config {

struct GlobalDefs {
  std::string router_id;             ///< "" = local host name
  std::string script_user;           ///< "" = keepalived_script if it exists, else the daemon's own
  std::string script_group;
  bool enable_script_security = false;
  ScriptCommand startup_script, shutdown_script;
  Duration startup_script_timeout = seconds(10);
  Duration shutdown_script_timeout = seconds(10);
  // root keywords that shape the whole daemon (behaviour.md b.4)
  std::string instance;              ///< root keyword `instance`
  std::string net_namespace;         ///< root keyword `net_namespace`
  bool use_pid_dir = false;
  Duration child_wait_time = seconds(5);
  // vrrp process
  std::optional<int> vrrp_rt_priority;   ///< 1..99
  std::optional<int> vrrp_priority;      ///< nice value
  bool vrrp_no_swap = false;
  std::optional<int> max_auto_priority;  ///< -1..99
  std::vector<int> vrrp_cpu_affinity;
  Duration vrrp_rlimit_rttime = milliseconds(10);
  Duration vrrp_startup_delay = Duration::zero();
  bool log_unknown_vrids = false;
  // our own keywords
  Duration orphan_grace = seconds(30);       ///< how long children serve without a core
  Duration vip_lifetime = Duration::zero();  ///< default for vrrp_instance
  std::optional<std::uint32_t> umask;

  bool operator==(const GlobalDefs&) const = default;
};

}  // namespace holdfast::config
