// The checker's ports to the real kernel and the real network.
#pragma once

#include "checker/ports.h"
#include "core/runtime/event_loop.h"

namespace holdfast::checker {

Ports make_real_ports(EventLoop& loop, EventSink sink);

}  // namespace holdfast::checker
