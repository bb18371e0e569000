#include "checker/logic/mark_book.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "checker/logic/identity.h"

namespace holdfast::checker {

namespace {

std::set<std::uint32_t> configured_marks(const config::Config& config) {
  std::set<std::uint32_t> marks;
  for (const config::VirtualServer& service : config.virtual_servers) {
    if (service.fwmark) marks.insert(*service.fwmark);
  }
  for (const config::VirtualServerGroup& group : config.virtual_server_groups) {
    for (const config::GroupEntry& entry : group.entries) {
      if (entry.fwmark) marks.insert(*entry.fwmark);
    }
  }
  return marks;
}

/// A group with a mark of its own is served as it stands, as keepalived 2.2.7 does.
bool wants_mark(const config::VirtualServerGroup& group) {
  return !group.entries.empty() &&
         std::ranges::none_of(group.entries, [](const config::GroupEntry& entry) { return entry.fwmark.has_value(); });
}

}  // namespace

void MarkBook::inherit(const Past& past) {
  for (const ServiceRecord& record : past.services) {
    given_up_ = given_up_ || record.marks_refused;
    if (record.mark == 0 || !held_.insert(record.mark).second) continue;  // two of the same cannot be
    marks_[record.service] = record.mark;
    fix(record.mark);
  }
}

void MarkBook::fix(std::uint32_t mark) {
  next_ = std::max(next_, mark == std::numeric_limits<std::uint32_t>::max() ? 1 : mark + 1);
}

/// Past the highest number it begins anew at 1.
std::uint32_t MarkBook::next_free(const std::set<std::uint32_t>& configured) {
  while (next_ == 0 || configured.contains(next_) || held_.contains(next_)) ++next_;
  return next_++;
}

std::vector<std::string> MarkBook::allot(const config::Config& config) {
  const std::map<std::string, std::uint32_t> before = std::exchange(marks_, {});
  std::vector<std::string> moved;
  if (!config.global_defs.marks.wanted() || given_up_) {
    held_.clear();
    return moved;
  }
  next_ = std::max(next_, config.global_defs.marks.start);
  const std::set<std::uint32_t> configured = configured_marks(config);
  std::unordered_map<std::string_view, const config::VirtualServerGroup*> groups;
  for (const config::VirtualServerGroup& group : config.virtual_server_groups) groups.emplace(group.name, &group);
  for (const config::VirtualServer& service : config.virtual_servers) {
    const auto group = groups.find(service.group);
    if (service.group.empty() || group == groups.end() || !wants_mark(*group->second)) continue;
    const std::string identity = identity_of(service);
    const auto known = before.find(identity);
    const bool keeps = known != before.end() && !configured.contains(known->second);
    marks_[identity] = keeps ? known->second : next_free(configured);
    if (keeps || known == before.end()) continue;
    moved.push_back(fmt::format("The configuration uses fwmark {} itself now: virtual server {} moves to fwmark {}",
                                known->second, config::describe(service), marks_[identity]));
  }
  held_.clear();
  for (const auto& [identity, mark] : marks_) held_.insert(mark);
  return moved;
}

void MarkBook::give_up() {
  given_up_ = true;
  marks_.clear();
}

std::optional<std::uint32_t> MarkBook::mark_of(const std::string& identity) const {
  const auto found = marks_.find(identity);
  return found == marks_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace holdfast::checker
