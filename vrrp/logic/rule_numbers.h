// Preferences for rules that give none: counted down from 16384 in the order of the file, past those that the configuration gives (behaviour.md
// d.10). A rule that had one keeps it over reloads and in a successor of a dead process, whatever comes and goes before it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/config/schema/routing_lines.h"
#include "vrrp/logic/routing.h"

namespace holdfast::vrrp {

class RuleNumbers {
 public:
  static constexpr std::uint32_t kFirst = 16384;

  /// Rules of a predecessor, with the preferences that it gave them.
  void learn(const std::string& owner, const std::vector<RoutingEntry>& past);

  struct List {
    std::string owner;  ///< an instance; "" = static
    std::span<config::Rule> rules;
  };
  /// Fills in what is missing in all lists of a configuration.
  void assign(const std::vector<List>& lists);

 private:
  std::map<std::string, std::uint32_t> known_;  ///< by owner, words, and how many before it are the same
};

}  // namespace holdfast::vrrp
