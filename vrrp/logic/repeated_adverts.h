// Nearly every advert is the one before once more, octet for octet: what was built is sent again, and what was found to be
// right is believed again without a second look. The virtual router asks here before it builds or checks. What carries a
// number against replay (AH, auth_hmac) is never repeated, so nothing of it is kept.
#pragma once

#include <optional>
#include <vector>

#include "core/base/boxed.h"
#include "core/base/rare.h"
#include "vrrp/logic/advert_builder.h"
#include "vrrp/logic/state_machine.h"

namespace holdfast::vrrp {

class SentAdverts {
 public:
  /// As send_adverts(). Valid until the next call.
  const std::vector<SendAdvert>& make(const config::VrrpInstance& instance, int priority, std::uint32_t interface_index,
                                      const IpAddress& source, WireMemory& memory);
  /// The settings are others, or nothing will be sent for long.
  void forget() { adverts_ = {}; }

 private:
  std::vector<SendAdvert> adverts_;  ///< made of interface, source and:
  int priority_ = 0;
  Rare<IpAddress> old_checksum_peer_;
};

class HeardAdvertMemo {
 public:
  /// The same datagram was accepted without a word while the same router was followed.
  std::optional<HeardAdvert> find(const Datagram& datagram, const IpAddress& followed) const;
  /// To be called with what was accepted without a word.
  void keep(const config::VrrpInstance& instance, const Datagram& datagram, const IpAddress& followed,
            const HeardAdvert& advert);
  /// The settings are others, or nothing is heard for long.
  void forget() { kept_.reset(); }

 private:
  struct Kept {
    Bytes pdu;
    Datagram envelope;  ///< without what lives only during a call
    IpAddress followed;
    HeardAdvert advert;
  };
  Boxed<Kept> kept_;  ///< an Active needs none
};

}  // namespace holdfast::vrrp
