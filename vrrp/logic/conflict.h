// Two routers that are Active at once (ours): who it is, since when, and when it is over. An Active that hears somebody of lower
// priority stays Active (behaviour.md d.5); the other may have held the VIPs in the neighbours' tables until its last
// advert, so the virtual router announces and notifies once more when nothing was heard of it for as long as its peers would
// wait. Asked by the virtual router. Absent: who wins (state_machine.h), what is announced.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/boxed.h"
#include "core/base/ip_address.h"
#include "core/base/time.h"

namespace holdfast::vrrp {

struct ConflictNews {
  IpAddress peer;  ///< the last one that was heard
  int priority = 0;
  Duration lasted{};  ///< from its first advert to its last
  std::uint64_t adverts = 0;
  bool operator==(const ConflictNews&) const = default;
};

class Conflict {
 public:
  /// An advert that did not make us give way. True when a conflict begins. `quiet`: so long without another ends it.
  bool heard(const IpAddress& peer, int priority, Duration quiet, TimePoint now);
  /// The other has said that it stops.
  void resigned(const IpAddress& peer, TimePoint now);
  /// Told once, when it is over.
  std::optional<ConflictNews> over(TimePoint now);
  /// We are not Active any more: what there was, if there was one.
  std::optional<ConflictNews> given_up();
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Going {
    ConflictNews news;
    TimePoint since{};
    TimePoint ends{};
  };
  Boxed<Going> going_;
};

/// "10.0.0.2, priority 90, was MASTER too for 2.5 seconds (3 adverts)".
std::string text_of(const ConflictNews& news);

}  // namespace holdfast::vrrp
