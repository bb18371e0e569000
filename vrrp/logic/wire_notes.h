// What is said about the wire as a whole, and how often: adverts of virtual routers that nobody has configured, and
// interfaces that cannot be sent on. Bounded memory of what was said, for others decide how often it happens. Kept by the
// engine.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "core/base/time.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/events.h"
#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

class WireNotes {
 public:
  /// Once for each interface and VRID.
  void unknown_vrid(std::uint32_t interface_index, std::uint8_t vrid, const LinkTable& links, Effects& out);
  /// Once a minute for each interface and error.
  void send_refused(const SendRefused& event, const LinkTable& links, TimePoint now, Effects& out);

 private:
  std::set<std::pair<std::uint32_t, std::uint8_t>> unknown_;  ///< interface index, VRID
  std::map<std::uint32_t, std::pair<int, TimePoint>> refused_;
};

}  // namespace holdfast::vrrp
