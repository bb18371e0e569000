#include "vrrp/logic/router_schedule.h"

#include <algorithm>

namespace holdfast::vrrp {

// ---- the heap -------------------------------------------------------------------------------------------------------

std::uint32_t RouterSchedule::place_of(RouterId id) const {
  return id >= first_id_ && id - first_id_ < places_.size() ? places_[id - first_id_] : kNowhere;
}

void RouterSchedule::put(std::size_t place, const Entry& entry) {
  heap_[place] = entry;
  places_[entry.id - first_id_] = static_cast<std::uint32_t>(place);
}

void RouterSchedule::settle(std::size_t place, const Entry& entry) {
  for (; place > 0 && entry.queued < heap_[(place - 1) / 2].queued; place = (place - 1) / 2) {
    put(place, heap_[(place - 1) / 2]);
  }
  for (std::size_t child; (child = 2 * place + 1) < heap_.size(); place = child) {
    if (child + 1 < heap_.size() && heap_[child + 1].queued < heap_[child].queued) ++child;
    if (heap_[child].queued >= entry.queued) break;
    put(place, heap_[child]);
  }
  put(place, entry);
}

void RouterSchedule::remove(std::size_t place) {
  places_[heap_[place].id - first_id_] = kNowhere;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (place < heap_.size()) settle(place, last);
}

// ---- deadlines ------------------------------------------------------------------------------------------------------

void RouterSchedule::set(RouterId id, std::optional<TimePoint> at) {
  const std::uint32_t place = place_of(id);
  if (!at) {
    if (place != kNowhere) remove(place);
    return;
  }
  if (place != kNowhere) {
    Entry& entry = heap_[place];
    if (*at >= entry.queued && entry.queued > looked_until_)
      entry.wanted = *at;
    else
      settle(place, {*at, *at, id});
    return;
  }
  if (places_.size() <= id - first_id_) places_.resize(id - first_id_ + 1, kNowhere);
  heap_.emplace_back();
  settle(heap_.size() - 1, {*at, *at, id});
}

std::vector<RouterId> RouterSchedule::due(TimePoint now) {
  looked_until_ = now;
  std::vector<std::size_t> places;  // of all that are queued until then: a part of the heap that hangs together
  const auto look_at = [&](std::size_t place) {
    if (place < heap_.size() && heap_[place].queued <= now) places.push_back(place);
  };
  look_at(0);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t place = places[i];
    look_at(2 * place + 1);
    look_at(2 * place + 2);
  }
  std::vector<std::pair<TimePoint, RouterId>> found;
  for (const std::size_t place : places) found.emplace_back(heap_[place].wanted, heap_[place].id);
  for (const auto& [wanted, id] : found) {
    const std::uint32_t place = place_of(id);
    if (heap_[place].queued != wanted) settle(place, {wanted, wanted, id});
  }
  std::ranges::sort(found);
  std::vector<RouterId> due;
  for (const auto& [wanted, id] : found) {
    if (wanted <= now) due.push_back(id);
  }
  return due;
}

std::optional<TimePoint> RouterSchedule::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().queued;
}

void RouterSchedule::forget_below(RouterId id) {
  for (; first_id_ < id; ++first_id_) {
    set(first_id_, std::nullopt);
    if (!places_.empty()) places_.pop_front();
  }
}

}  // namespace holdfast::vrrp
