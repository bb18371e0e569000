// The real world for the vrrp process. What cannot be opened yet is tried again when it is needed, so making
// the ports cannot fail. They belong to the network namespace in which they are made.
#pragma once

#include "core/runtime/event_loop.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

/// `sink` may be called from inside a port's function (SendRefused) and from the loop.
Ports make_real_ports(EventLoop& loop, EventSink sink);

}  // namespace holdfast::vrrp
