#include "vrrp/logic/linkbeats.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace holdfast::vrrp {

namespace {

std::vector<config::LinkbeatInterface> wanted(const config::Config& config,
                                              const std::vector<const config::VrrpInstance*>& instances) {
  std::set<std::string> used, polled;
  for (const config::VrrpInstance* instance : instances) {
    used.insert(instance->interface);
    for (const config::TrackedInterface& tracked : instance->track_interfaces) used.insert(tracked.interface);
    if (instance->linkbeat_use_polling) polled.insert(instance->interface);
  }
  used.erase("");
  if (config.linkbeat_use_polling) polled = used;
  std::vector<config::LinkbeatInterface> list;
  for (const config::LinkbeatInterface& linkbeat : config.linkbeat_interfaces) {
    if (!used.contains(linkbeat.interface)) continue;
    list.push_back(linkbeat);
    polled.erase(linkbeat.interface);
  }
  for (const std::string& interface : polled) {
    if (!interface.empty()) list.push_back({interface, config::LinkbeatMethod::FirstThatWorks, {}});
  }
  return list;
}

}  // namespace

std::vector<LinkChanged> Linkbeats::configure(const config::Config& config,
                                              const std::vector<const config::VrrpInstance*>& instances, Effects& out) {
  std::vector<config::LinkbeatInterface> next = wanted(config, instances);
  if (next == polled_) return {};
  std::map<std::uint32_t, LinkChanged> before;
  for (const auto& [index, fact] : facts_) before[index] = counted(fact);
  polled_ = std::move(next);
  std::erase_if(beats_, [this](const auto& beat) {
    return std::ranges::find(polled_, beat.first, &config::LinkbeatInterface::interface) == polled_.end();
  });
  out.push_back(WatchLinkbeats{polled_});
  std::vector<LinkChanged> changed;
  for (const auto& [index, fact] : facts_) {
    if (counted(fact) != before[index]) changed.push_back(counted(fact));
  }
  return changed;
}

LinkChanged Linkbeats::counted(const LinkChanged& fact) const {
  LinkChanged link = fact;
  const auto beat = beats_.find(fact.name);
  if (beat != beats_.end()) link.up = fact.up && beat->second;
  return link;
}

LinkChanged Linkbeats::taken(const LinkChanged& fact) {
  facts_[fact.index] = fact;
  return counted(fact);
}

std::optional<LinkChanged> Linkbeats::on(const LinkbeatSeen& event, Effects& out) {
  const auto polled = std::ranges::find(polled_, event.interface, &config::LinkbeatInterface::interface);
  if (polled == polled_.end()) return {};
  const auto [beat, first] = beats_.try_emplace(event.interface, true);
  if (std::exchange(beat->second, event.up) == event.up) return {};
  out.push_back(Log{LogLevel::Info, fmt::format("Linkbeat reports {} {}", event.interface, event.up ? "up" : "down")});
  for (const auto& [index, fact] : facts_) {
    if (fact.name == event.interface) return counted(fact);
  }
  return {};
}

void Linkbeats::stop(Effects& out) {
  if (!std::exchange(polled_, {}).empty()) out.push_back(WatchLinkbeats{});
}

}  // namespace holdfast::vrrp
