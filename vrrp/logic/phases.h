// When in their interval adverts leave, if there are many instances with the same interval. Instances that begin together would
// send together for ever: a burst of a thousand packets that overflows the peer's socket, then nothing for a whole interval. Here
// they are spread over slots, and what shares a slot leaves in one call. A few instances are left as RFC 9568 has them.
//
// The slot depends on the interface and the VRID only: a successor finds the same one. Absent: any state of a router.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/base/time.h"
#include "core/config/schema/vrrp_instance.h"

namespace holdfast::vrrp {

class Phases {
 public:
  /// Of the whole configuration, before anything asks.
  void count(const std::vector<config::VrrpInstance>& instances);
  /// 0 ≤ phase < advert_interval; unset where few share the interval.
  std::optional<Duration> of(const config::VrrpInstance& instance) const;

 private:
  std::map<Duration, std::size_t> sharing_;
};

}  // namespace holdfast::vrrp
