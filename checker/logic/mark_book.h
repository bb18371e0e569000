// Which firewall mark serves which virtual_server (nftables_ipvs, behaviour.md e.5): one for each whose group consists of
// addresses only, for both families. Numbers are given in the order of the configuration, as keepalived does; who has one keeps
// it over reloads and for successors, for a mark that moves breaks the connections that it serves. A number is not given twice.
// Called by the engine; absent: what the kernel holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/logic/effects.h"
#include "core/config/config.h"

namespace holdfast::checker {

class MarkBook {
 public:
  /// What a predecessor gave, or that it had to do without.
  void inherit(const Past& past);
  /// For all virtual_servers of `config`. Lines for the log: marks that had to move, since the configuration now uses them.
  std::vector<std::string> allot(const config::Config& config);
  /// The kernel sets no marks: there are none until the next start.
  void give_up();
  bool given_up() const { return given_up_; }
  /// Nothing: served by its addresses, or by the marks of the configuration.
  std::optional<std::uint32_t> mark_of(const std::string& identity) const;

 private:
  std::uint32_t next_free(const std::set<std::uint32_t>& configured);
  void fix(std::uint32_t mark);

  std::map<std::string, std::uint32_t> marks_;  ///< by identity of the virtual_server
  std::set<std::uint32_t> held_;                ///< given now, or by the predecessor
  std::uint32_t next_ = 1;                      ///< above all that was ever given
  bool given_up_ = false;
};

}  // namespace holdfast::checker
