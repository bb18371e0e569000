#include "vrrp/logic/rule_numbers.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/text.h"

namespace holdfast::vrrp {

namespace {

using Taken = std::set<std::pair<Family, std::uint32_t>>;

/// The n-th of those with the same words.
std::string key_of(const std::string& owner, const std::string& words, std::map<std::string, int>& seen) {
  const std::string key = owner + "\n" + words;
  return key + "\n" + std::to_string(seen[key]++);
}

std::uint32_t free_number(Family family, const Taken& taken) {
  std::uint32_t number = RuleNumbers::kFirst;
  while (number > 1 && taken.contains({family, number})) --number;
  return number;
}

}  // namespace

void RuleNumbers::learn(const std::string& owner, const std::vector<RoutingEntry>& past) {
  std::map<std::string, int> seen;
  for (const RoutingEntry& entry : past) {
    const auto* rule = std::get_if<RuleSpec>(&entry.object);
    if (rule != nullptr) known_[key_of(owner, entry.text, seen)] = rule->preference;
  }
}

void RuleNumbers::assign(const std::vector<List>& lists) {
  std::map<std::string, std::uint32_t> next;
  std::vector<std::pair<config::Rule*, std::string>> fresh;
  Taken taken;
  std::map<std::string, int> seen;
  for (const List& list : lists) {
    for (config::Rule& rule : list.rules) {
      const std::string key = key_of(list.owner, join(rule.words, " "), seen);
      const auto known = known_.find(key);
      if (!rule.numbered && known == known_.end()) {
        fresh.emplace_back(&rule, key);
        continue;
      }
      if (!rule.numbered) rule.spec.preference = next[key] = known->second;
      taken.insert({rule.spec.family, rule.spec.preference});
    }
  }
  std::ranges::stable_sort(fresh, {}, [](const auto& each) {
    const config::Location& at = each.first->at;
    return std::pair(at.file, at.line);
  });
  for (auto& [rule, key] : fresh) {
    rule->spec.preference = next[key] = free_number(rule->spec.family, taken);
    taken.insert({rule->spec.family, rule->spec.preference});
  }
  known_ = std::move(next);
}

}  // namespace holdfast::vrrp
