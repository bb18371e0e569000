#include "vrrp/logic/conflict.h"

#include <fmt/format.h>

namespace holdfast::vrrp {

bool Conflict::heard(const IpAddress& peer, int priority, Duration quiet, TimePoint now) {
  const bool begins = !going_;
  if (begins) going_ = Going{{}, now, {}};
  going_->news.peer = peer;
  going_->news.priority = priority;
  going_->news.lasted = now - going_->since;
  ++going_->news.adverts;
  going_->ends = now + quiet;
  return begins;
}

void Conflict::resigned(const IpAddress& peer, TimePoint now) {
  if (going_ && going_->news.peer == peer) going_->ends = now;
}

std::optional<ConflictNews> Conflict::over(TimePoint now) {
  if (!going_ || now < going_->ends) return {};
  return given_up();
}

std::optional<ConflictNews> Conflict::given_up() {
  if (!going_) return {};
  const ConflictNews news = going_->news;
  going_.reset();
  return news;
}

std::optional<TimePoint> Conflict::next_deadline() const {
  return going_ ? std::optional(going_->ends) : std::nullopt;
}

std::string text_of(const ConflictNews& news) {
  return fmt::format("{}, priority {}, was MASTER too for {:.6g} seconds ({} advert{})", news.peer.text(),
                     news.priority, to_seconds(news.lasted), news.adverts, news.adverts == 1 ? "" : "s");
}

}  // namespace holdfast::vrrp
