// A virtual router that is not the only Active one: what it knows of the other, and what it does when that is over.
#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

void VirtualRouter::know_conflict(const Datagram& datagram, const Advertisement& advert, TimePoint now, Effects& out) {
  if (machine_.state() != State::Active || datagram.source == standing_.source) return;
  if (advert.priority == 0) {
    conflict_.resigned(datagram.source, now);
    return end_conflict(now, out);
  }
  // The other would be timed out by its own peers after this long; our version 2 knows one interval for both.
  const Duration interval = advert.version == 3 ? advert.interval : settings_.advert_interval;
  const Duration quiet = active_down_interval(settings_.version, 1, interval, settings_.down_timer_adverts);
  if (!conflict_.heard(datagram.source, advert.priority, quiet, now)) return;
  ++statistics_.conflicts;
  dirty_ = true;
}

void VirtualRouter::end_conflict(TimePoint now, Effects& out) {
  const auto over = conflict_.over(now);
  if (!over) return;
  log(out, LogLevel::Info, text_of(*over) + ", now we are alone: announcing again");
  announced_again_ = false;
  announce_again(now, out);
}

void VirtualRouter::share_conflict(TimePoint now, Effects& out) {
  if (machine_.state() != State::Active) return;
  announce_again(now, out);
  conflict_told_ = false;
}

}  // namespace holdfast::vrrp
