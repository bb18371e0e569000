#include "vrrp/logic/repeated_adverts.h"

#include <algorithm>

namespace holdfast::vrrp {

namespace {

bool numbered(const config::VrrpInstance& instance) {
  return instance.hmac || instance.authentication == config::Authentication::Ah;
}

}  // namespace

const std::vector<SendAdvert>& SentAdverts::make(const config::VrrpInstance& instance, int priority,
                                                 std::uint32_t interface_index, const IpAddress& source,
                                                 WireMemory& memory) {
  const bool same = !adverts_.empty() && interface_index == adverts_.front().interface_index &&
                    source == adverts_.front().source && priority == priority_ &&
                    memory.old_checksum_peer == old_checksum_peer_;
  if (same && !numbered(instance)) return adverts_;
  adverts_ = send_adverts(instance, priority, interface_index, source, memory);
  priority_ = priority;
  old_checksum_peer_ = memory.old_checksum_peer;
  return adverts_;
}

std::optional<HeardAdvert> HeardAdvertMemo::find(const Datagram& d, const IpAddress& followed) const {
  if (!kept_ || followed != kept_->followed || !d.authentication_header.empty()) return std::nullopt;
  const Datagram& known = kept_->envelope;
  const bool same = d.source == known.source && d.destination == known.destination &&
                    d.time_to_live == known.time_to_live && d.total_length == known.total_length &&
                    d.received_length == known.received_length && std::ranges::equal(d.pdu, kept_->pdu);
  return same ? std::optional(kept_->advert) : std::nullopt;
}

void HeardAdvertMemo::keep(const config::VrrpInstance& instance, const Datagram& datagram, const IpAddress& followed,
                           const HeardAdvert& advert) {
  if (numbered(instance)) return;
  if (!kept_) kept_.emplace();
  kept_->pdu.assign(datagram.pdu.begin(), datagram.pdu.end());
  kept_->envelope = datagram;
  kept_->envelope.pdu = {};
  kept_->envelope.ip_header = {};
  kept_->followed = followed;
  kept_->advert = advert;
}

}  // namespace holdfast::vrrp
