// What global_defs says of the daemon itself, whatever it does: how its processes are called, where its dumps and other
// files lie, as whom and how it runs scripts, and the sockets of the checker's netlink. Part of GlobalDefs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/config/include_checks.h"

namespace holdfast::config {

/// Kernel names (ps -o comm), up to 15 octets; "" = not given.
struct ProcessNames {
  bool standard = false;  ///< process_names
  std::string watchdog, vrrp, checker;

  std::string of_watchdog() const { return watchdog.empty() ? "keepalived" : watchdog; }
  std::string of_vrrp() const { return child(vrrp, "keepalived_vrrp"); }
  std::string of_checker() const { return child(checker, "keepalived_lvs"); }
  bool operator==(const ProcessNames&) const = default;

 private:
  /// A child that has none is called as the watchdog (2.2.7).
  std::string child(const std::string& given, const char* usual) const {
    if (!given.empty()) return given;
    return standard ? usual : of_watchdog();
  }
};

/// Where dumps go; "" = below the temporary folder, under keepalived's names.
struct DumpPlaces {
  std::string state, stats,
      json;  ///< a path; one that ends in '/' is a folder, one without a '/' in front is in the temporary folder
  bool use_instance = false;  ///< data_use_instance: namespace and instance in the names of data files
  bool operator==(const DumpPlaces&) const = default;
};

/// Size of a socket's receive buffer.
struct ReceiveBuffer {
  std::optional<std::uint32_t> octets;  ///< unset = as we choose
  bool force = false;                   ///< beyond net.core.rmem_max
  bool operator==(const ReceiveBuffer&) const = default;
};

struct DaemonSettings {
  ProcessNames names;
  DumpPlaces dumps;
  std::optional<bool> use_symlink_paths;  ///< unset = as true: a program may depend on the name it is called by
  bool set_supplementary_groups = false;  ///< of scripts: all groups of their user
  std::optional<std::uint32_t> random_seed;
  IncludeChecks include_checks;
  std::string tmp_config_directory;              ///< no effect: children get the configuration over their socket
  std::string iproute_usr_dir, iproute_etc_dir;  ///< "" = the usual ones (route_names.h)
  std::string net_namespace_ipvs;                ///< "" = the daemon's own
  ReceiveBuffer lvs_netlink_cmd, lvs_netlink_monitor;
  bool operator==(const DaemonSettings&) const = default;
};

}  // namespace holdfast::config
