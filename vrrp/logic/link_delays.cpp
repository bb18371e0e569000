#include "vrrp/logic/link_delays.h"

namespace holdfast::vrrp {

void LinkDelays::configure(const std::vector<config::InterfaceDelay>& delays) {
  delays_.clear();
  for (const config::InterfaceDelay& delay : delays) delays_[delay.interface] = delay;
}

LinkChanged LinkDelays::hold(const LinkChanged& event, const LinkChanged* known, TimePoint now) {
  if (known == nullptr || known->up == event.up) {
    waiting_.erase(event.index);
    return event;
  }
  const auto waiting = waiting_.find(event.index);
  const auto delay = delays_.find(event.name);
  const Duration length = delay == delays_.end() ? Duration::zero() : event.up ? delay->second.up : delay->second.down;
  if (waiting == waiting_.end() && length <= Duration::zero()) return event;
  if (waiting == waiting_.end())
    waiting_[event.index] = {event, now + length};
  else
    waiting->second.fact = event;
  LinkChanged as_before = event;
  as_before.up = known->up;
  return as_before;
}

std::vector<LinkChanged> LinkDelays::due(TimePoint now) {
  std::vector<LinkChanged> list;
  std::erase_if(waiting_, [&](const auto& entry) {
    if (entry.second.counts_at > now) return false;
    list.push_back(entry.second.fact);
    return true;
  });
  return list;
}

std::optional<TimePoint> LinkDelays::next_deadline() const {
  std::optional<TimePoint> at;
  for (const auto& [index, waiting] : waiting_) {
    if (!at || waiting.counts_at < *at) at = waiting.counts_at;
  }
  return at;
}

}  // namespace holdfast::vrrp
