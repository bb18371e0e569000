// The real world for the vrrp process. Everything is opened when it is first needed, so that making the ports cannot fail.
#pragma once

#include "core/runtime/event_loop.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

/// `sink` may be called from inside a port's function (SendRefused) and from the loop.
Ports make_real_ports(EventLoop& loop, EventSink sink);

}  // namespace holdfast::vrrp
