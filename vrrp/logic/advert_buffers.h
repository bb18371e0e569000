// How large the receive buffers of the advert sockets are to be: kernel_rx_buf_size of the instances that share one, else what
// vrrp_rx_bufs_policy makes of each, summed up (keepalived.conf(5)). Without any of them they stay as they were opened. The
// engine asks whenever places to listen at have come or gone. Absent: setting them (vrrp/io/advert_socket.h).
#pragma once

#include <cstdint>
#include <map>

#include "core/config/schema/global_defs.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/roster.h"

namespace holdfast::vrrp {

/// What one instance needs, octets; 0 = it does not say. `mtu` of the interface that it listens on.
std::uint32_t receive_buffer_of(const config::VrrpInstance& settings, const config::AdvertBuffers& policy,
                                std::uint32_t mtu);

class AdvertBufferSizes {
 public:
  /// SizeAdvertBuffer for each place whose size is another than before; goes behind its Listen.
  void step(const Roster& routers, const config::AdvertBuffers& policy, const LinkTable& links, Effects& out);

 private:
  using Place = std::pair<std::uint32_t, Family>;
  std::map<Place, std::uint32_t> sizes_;
};

}  // namespace holdfast::vrrp
