// The vrrp process: joins the engine to its sockets and to core. Started by core with one descriptor; it reads no file, runs
// no program and writes no log of its own. Everything it decides is decided in vrrp/logic.
#pragma once

#include <functional>
#include <memory>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

/// How the outside world is reached: io/real_ports.h, or a fake that remembers.
using PortsFactory = std::function<Ports(EventLoop&, EventSink)>;

/// Runs until core says stop or is gone for good. `link` is the socket to core. Gives the exit status (behaviour.md b.2).
int run(UniqueFd link, const PortsFactory& make_ports);

}  // namespace holdfast::vrrp
