#include "vrrp/logic/announcer.h"

#include <algorithm>
#include <fmt/format.h>

namespace holdfast::vrrp {

namespace {

/// Frames of restored addresses that may wait for their turn: a fight over one address must not fill the memory.
constexpr std::size_t kMostQueued = 4096;

}  // namespace

TimePoint ArpPace::free_at(std::uint32_t interface_index, Family family) const {
  const auto found = free_at_.find({interface_index, family});
  return found == free_at_.end() ? TimePoint{} : found->second;
}

void ArpPace::used(std::uint32_t interface_index, TimePoint at, Duration interval, Family family) {
  if (interval > Duration::zero()) free_at_[{interface_index, family}] = at + interval;
}

void ArpPace::configure(const std::vector<config::GarpGroup>& groups) {
  if (groups == groups_) return;
  groups_ = groups;
  group_of_.clear();
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    for (const std::string& interface : groups_[i].interfaces) group_of_.emplace(interface, i);
  }
}

ArpPace::Lane ArpPace::lane(std::uint32_t interface_index, const LinkChanged* link, Family family,
                            Duration own_interval) const {
  const auto found = link == nullptr ? group_of_.end() : group_of_.find(link->name);
  if (found == group_of_.end()) return {interface_index, own_interval};
  const config::GarpGroup& group = groups_[found->second];
  const Duration interval = family == Family::IPv4 ? group.garp_interval : group.gna_interval;
  if (interval <= Duration::zero()) return {interface_index, own_interval};
  return {kGroups + found->second, interval};
}

Announcer::Pending& Announcer::pending() {
  return pending_ ? *pending_ : pending_.emplace();
}

std::vector<Announcer::Target> Announcer::targets(const std::vector<KernelAddress>& addresses) {
  std::vector<Target> list;
  list.reserve(addresses.size());
  for (const KernelAddress& address : addresses)
    list.push_back({address.interface_index, address.entry.prefix.address});
  return list;
}

void Announcer::start(const Announced& what, TimePoint now) {
  stop();
  begin(targets(what.addresses), what.settings.repeat, now);
  if (what.settings.delay > Duration::zero()) pending().second = {now + what.settings.delay, what.settings.repeat};
  start_periods(what.settings, now);
}

void Announcer::resume(const Announced& what, TimePoint now) {
  stop();
  begin(targets(what.addresses), 1, now);
  start_periods(what.settings, now);
}

void Announcer::start_periods(const config::GarpSettings& settings, TimePoint now) {
  if (settings.refresh > Duration::zero()) pending().refresh_at = now + settings.refresh;
  if (settings.extra_interval > Duration::zero()) pending().extra_at = now + settings.extra_interval;
}

void Announcer::announce_again(const Announced& what, TimePoint now) {
  const int rounds = what.settings.lower_prio_repeat.value_or(what.settings.repeat);
  const Duration delay = what.settings.lower_prio_delay.value_or(what.settings.delay);
  begin(targets(what.addresses), rounds, now);
  if (delay > Duration::zero() && rounds > 0) pending().second = {now + delay, rounds};
}

void Announcer::announce_some(const std::vector<KernelAddress>& addresses, const config::GarpSettings& settings,
                              TimePoint now) {
  std::vector<Burst>& bursts = pending().bursts;
  if (bursts.empty() || bursts.back().announced) bursts.push_back({{}, settings.repeat, 0, false, now});
  std::vector<Target>& list = bursts.back().targets;
  for (const Target& target : targets(addresses)) {
    if (list.size() < kMostQueued) list.push_back(target);
  }
}

void Announcer::begin(std::vector<Target> targets, int rounds, TimePoint now) {
  if (pending_) pending_->bursts.clear();
  if (rounds > 0 && !targets.empty()) pending().bursts.push_back({std::move(targets), rounds, 0, false, now});
}

void Announcer::start_what_is_due(const Announced& what, TimePoint now) {
  if (pending_->second && pending_->second->at <= now) {
    begin(targets(what.addresses), pending_->second->rounds, now);
    pending_->second.reset();
  }
  if (pending_->refresh_at && *pending_->refresh_at <= now) {
    if (pending_->bursts.empty()) begin(targets(what.addresses), what.settings.refresh_repeat, now);
    pending_->refresh_at = now + what.settings.refresh;
  }
  if (pending_->extra_at && *pending_->extra_at <= now) {
    std::vector<Target> elsewhere = targets(what.addresses);
    std::erase_if(elsewhere, [&what](const Target& target) { return target.interface_index == what.home; });
    if (pending_->bursts.empty()) begin(std::move(elsewhere), 1, now);
    pending_->extra_at = now + what.settings.extra_interval;
  }
}

void Announcer::run(const Announced& what, const LinkTable& links, ArpPace& pace, TimePoint now, Budget& budget,
                    Effects& out) {
  if (!pending_) return;
  start_what_is_due(what, now);
  std::vector<Burst>& bursts = pending_->bursts;
  while (!bursts.empty()) {
    Burst& burst = bursts.front();
    if (burst.rounds <= 0 || burst.targets.empty()) {
      bursts.erase(bursts.begin());
    } else if (!send_one(burst, what, links, pace, now, budget, out)) {
      return;
    }
  }
  if (pending_->nothing()) pending_.reset();
}

bool Announcer::send_one(Burst& burst, const Announced& what, const LinkTable& links, ArpPace& pace, TimePoint now,
                         Budget& budget, Effects& out) {
  const Target& target = burst.targets[burst.at];
  const Family family = target.address.family();
  const LinkChanged* link = links.by_index(target.interface_index);
  const Duration own_interval = family == Family::IPv4 ? what.settings.interval : what.settings.gna_interval;
  const ArpPace::Lane lane = pace.lane(target.interface_index, link, family, own_interval);
  burst.not_before = pace.free_at(lane.number, family);
  if (burst.not_before > now) return false;
  if (!budget.spend(Budget::kCostOfFrame)) return false;
  if (link != nullptr && !link->loopback) {
    const std::string vip = target.address.text();
    const char* frame = family == Family::IPv4 ? "gratuitous ARP" : "unsolicited Neighbour Advert";
    if (!burst.announced) {
      out.push_back(Log{LogLevel::Detail,
                        fmt::format("({}) Sending/queueing {}s on {} for {}", what.instance, frame, link->name, vip)});
    }
    out.push_back(Log{LogLevel::Detail, fmt::format("Sending {} on {} for {}", frame, link->name, vip)});
    out.push_back(SendGratuitousArp{target.interface_index, link->mac, target.address});
    pace.used(lane.number, now, lane.interval, family);
  }
  if (++burst.at == burst.targets.size()) {
    burst.at = 0;
    burst.announced = true;
    --burst.rounds;
  }
  return true;
}

std::optional<TimePoint> Announcer::next_deadline() const {
  if (!pending_) return std::nullopt;
  std::optional<TimePoint> due;
  const auto sooner = [&due](TimePoint at) { due = due ? std::min(*due, at) : at; };
  if (!pending_->bursts.empty()) sooner(pending_->bursts.front().not_before);
  if (pending_->second) sooner(pending_->second->at);
  if (pending_->refresh_at) sooner(*pending_->refresh_at);
  if (pending_->extra_at) sooner(*pending_->extra_at);
  return due;
}

}  // namespace holdfast::vrrp
