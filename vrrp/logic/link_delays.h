// interface_up_down_delays (behaviour.md d.8): a link that goes down or comes up counts as what it was until the change has
// lasted; one that does not last never was. The engine passes every fact about a link through here and asks for the deadline.
// Absent: what a link that is down means.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/config/schema/link_watch.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

class LinkDelays {
 public:
  /// Changes that wait already wait on as they were told to.
  void configure(const std::vector<config::InterfaceDelay>& delays);
  /// What counts of `event` now; `known` is what counted until now, null for a link that is new.
  LinkChanged hold(const LinkChanged& event, const LinkChanged* known, TimePoint now);
  void removed(std::uint32_t interface_index) { waiting_.erase(interface_index); }
  /// Links whose change has lasted, as they are; each once.
  std::vector<LinkChanged> due(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Waiting {
    LinkChanged fact;
    TimePoint counts_at{};
  };
  std::map<std::string, config::InterfaceDelay> delays_;
  std::map<std::uint32_t, Waiting> waiting_;
};

}  // namespace holdfast::vrrp
