// The checks that must ask the machine: interfaces, users, scripts (behaviour.md a.5, d.8, h.4). The port is
// implemented in core/watchdog/io; tests use a fake. Only the watchdog calls this: children get a configuration that
// passed it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/ip_address.h"
#include "core/config/config.h"
#include "core/config/diagnostic.h"
#include "core/config/node.h"
#include "core/config/route_names.h"

namespace holdfast::config {

class Machine {
 public:
  virtual ~Machine() = default;
  virtual bool interface_exists(const std::string& name) const = 0;
  /// False for an interface that does not exist.
  virtual bool is_loopback(const std::string& interface) const = 0;
  /// True for an interface that does not exist.
  virtual bool supports_multicast(const std::string& interface) const = 0;
  /// "macvlan", "ipvlan", "vrf", "veth", …; "" when it does not exist or has no name for its kind.
  virtual std::string driver_of(const std::string& interface) const = 0;
  /// Every address of every interface, now.
  virtual std::set<IpAddress> addresses() const = 0;
  virtual bool user_exists(const std::string& name) const = 0;
  virtual bool group_exists(const std::string& name) const = 0;
  /// How many there are, those that are off included: their numbers begin with 0.
  virtual int processors() const = 0;
  /// By a name of /etc/protocols.
  virtual std::optional<std::uint8_t> ip_protocol(const std::string& name) const = 0;
  /// The texts of iproute2's files for one table ("rt_tables"): own/TABLE, else the first shipped/TABLE; then
  /// TABLE.d/*.conf of the shipped folders, unless the own one has a file of that name; then those of the own folder.
  virtual std::vector<std::string> route_name_files(const std::string& table,
                                                    const RouteNameFolders& folders) const = 0;
  enum class ScriptState { Usable, Missing, NotExecutable, Insecure };
  /// `check_security`: also whether somebody other than root may write to the program or a folder above it while it
  /// runs as root.
  virtual ScriptState script_state(const ScriptCommand& script, bool check_security) const = 0;
};

/// Reports what the machine lacks and takes out of `config` what could not be run: unusable scripts (with the trackers
/// that name them), and with enable_script_security but no user to run scripts as, every script that names none. Fills
/// `script_user` with keepalived_script when it is unset and that user exists.
void lint_machine(const Tree& tree, Config& config, const Machine& machine, Diagnostics& diagnostics);

}  // namespace holdfast::config
