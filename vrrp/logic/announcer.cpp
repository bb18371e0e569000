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

void Announcer::start(const std::vector<KernelAddress>& addresses, TimePoint now) {
  stop();
  set_addresses(addresses);
  begin(addresses_, settings_.repeat, now);
  if (settings_.delay > Duration::zero()) second_ = {now + settings_.delay, settings_.repeat};
  start_periods(now);
}

void Announcer::resume(const std::vector<KernelAddress>& addresses, TimePoint now) {
  stop();
  set_addresses(addresses);
  begin(addresses_, 1, now);
  start_periods(now);
}

void Announcer::start_periods(TimePoint now) {
  if (settings_.refresh > Duration::zero()) refresh_at_ = now + settings_.refresh;
  if (settings_.extra_interval > Duration::zero()) extra_at_ = now + settings_.extra_interval;
}

void Announcer::stop() {
  bursts_.clear();
  addresses_.clear();
  second_.reset();
  refresh_at_.reset();
  extra_at_.reset();
}

void Announcer::announce_again(const std::vector<KernelAddress>& addresses, TimePoint now) {
  set_addresses(addresses);
  const int rounds = settings_.lower_prio_repeat.value_or(settings_.repeat);
  const Duration delay = settings_.lower_prio_delay.value_or(settings_.delay);
  begin(addresses_, rounds, now);
  if (delay > Duration::zero() && rounds > 0) second_ = {now + delay, rounds};
}

void Announcer::announce_some(const std::vector<KernelAddress>& addresses, TimePoint now) {
  if (bursts_.empty() || bursts_.back().announced) {
    bursts_.push_back({{}, settings_.repeat, 0, false, now});
  }
  auto& list = bursts_.back().addresses;
  for (const KernelAddress& address : addresses) {
    if (list.size() < kMostQueued) list.push_back(address);
  }
}

void Announcer::set_addresses(const std::vector<KernelAddress>& addresses) {
  addresses_ = addresses;
}

void Announcer::begin(const std::vector<KernelAddress>& addresses, int rounds, TimePoint now) {
  bursts_.clear();
  if (rounds > 0 && !addresses.empty()) bursts_.push_back({addresses, rounds, 0, false, now});
}

void Announcer::start_what_is_due(TimePoint now) {
  if (second_ && second_->at <= now) {
    begin(addresses_, second_->rounds, now);
    second_.reset();
  }
  if (refresh_at_ && *refresh_at_ <= now) {
    if (bursts_.empty()) begin(addresses_, settings_.refresh_repeat, now);
    refresh_at_ = now + settings_.refresh;
  }
  if (extra_at_ && *extra_at_ <= now) {
    std::vector<KernelAddress> elsewhere = addresses_;
    std::erase_if(elsewhere, [this](const KernelAddress& a) { return a.interface_index == home_; });
    if (bursts_.empty()) begin(elsewhere, 1, now);
    extra_at_ = now + settings_.extra_interval;
  }
}

void Announcer::run(const std::string& instance, const LinkTable& links, ArpPace& pace, TimePoint now, Budget& budget,
                    Effects& out) {
  start_what_is_due(now);
  while (!bursts_.empty()) {
    Burst& burst = bursts_.front();
    if (burst.rounds <= 0 || burst.addresses.empty()) {
      bursts_.erase(bursts_.begin());
    } else if (!send_one(burst, instance, links, pace, now, budget, out)) {
      return;
    }
  }
}

bool Announcer::send_one(Burst& burst, const std::string& instance, const LinkTable& links, ArpPace& pace,
                         TimePoint now, Budget& budget, Effects& out) {
  const KernelAddress& address = burst.addresses[burst.at];
  const Family family = address.entry.prefix.address.family();
  const LinkChanged* link = links.by_index(address.interface_index);
  const ArpPace::Lane lane = pace.lane(address.interface_index, link, family,
                                       family == Family::IPv4 ? settings_.interval : settings_.gna_interval);
  burst.not_before = pace.free_at(lane.number, family);
  if (burst.not_before > now) return false;
  if (!budget.spend(Budget::kCostOfFrame)) return false;
  if (link != nullptr && !link->loopback) {
    const std::string vip = address.entry.prefix.address.text();
    const char* what = family == Family::IPv4 ? "gratuitous ARP" : "unsolicited Neighbour Advert";
    if (!burst.announced) {
      out.push_back(Log{LogLevel::Detail,
                        fmt::format("({}) Sending/queueing {}s on {} for {}", instance, what, link->name, vip)});
    }
    out.push_back(Log{LogLevel::Detail, fmt::format("Sending {} on {} for {}", what, link->name, vip)});
    out.push_back(SendGratuitousArp{address.interface_index, link->mac, address.entry.prefix.address});
    pace.used(lane.number, now, lane.interval, family);
  }
  if (++burst.at == burst.addresses.size()) {
    burst.at = 0;
    burst.announced = true;
    --burst.rounds;
  }
  return true;
}

std::optional<TimePoint> Announcer::next_deadline() const {
  std::optional<TimePoint> due;
  const auto sooner = [&due](TimePoint at) { due = due ? std::min(*due, at) : at; };
  if (!bursts_.empty()) sooner(bursts_.front().not_before);
  if (second_) sooner(second_->at);
  if (refresh_at_) sooner(*refresh_at_);
  if (extra_at_) sooner(*extra_at_);
  return due;
}

}  // namespace holdfast::vrrp
