// config::Machine on this machine: interfaces, users, and whether a script may be run (behaviour.md a.5, h.4). One object serves
// one reading of a configuration: each interface is asked for once, however many instances stand on it.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "core/config/machine.h"

namespace holdfast::watchdog {

class RealMachine : public config::Machine {
 public:
  bool interface_exists(const std::string& name) const override;
  bool is_loopback(const std::string& interface) const override;
  bool supports_multicast(const std::string& interface) const override;
  std::string driver_of(const std::string& interface) const override;
  std::set<IpAddress> addresses() const override;
  bool user_exists(const std::string& name) const override;
  bool group_exists(const std::string& name) const override;
  int processors() const override;
  std::optional<std::uint8_t> ip_protocol(const std::string& name) const override;
  std::vector<std::string> route_name_files(const std::string& table,
                                            const config::RouteNameFolders& folders) const override;
  ScriptState script_state(const config::ScriptCommand& script, bool check_security) const override;

 private:
  /// IFF_* of an interface; nothing when it does not exist.
  std::optional<unsigned> flags_of(const std::string& interface) const;

  mutable std::unordered_map<std::string, std::optional<unsigned>> flags_;
};

/// The path that `program` names: itself when it has a '/', else found in PATH; "" when there is none.
std::string find_program(const std::string& program);

}  // namespace holdfast::watchdog
