// The checker process: joins the engine to probes, files, the kernel's IPVS and core. Started by core with one descriptor; it
// reads no configuration file, runs no program and writes no log of its own. Everything it decides is decided in
// checker/logic and ipvs_wrapper/logic.
#pragma once

#include <functional>

#include "checker/ports.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::checker {

/// How the outside world is reached: io/real_ports.h, or a fake that remembers.
using PortsFactory = std::function<Ports(EventLoop&, EventSink)>;

/// Runs until core says stop or is gone for good. `link` is the socket to core. Gives the exit status (behaviour.md b.2).
int run(UniqueFd link, const PortsFactory& make_ports);

}  // namespace holdfast::checker
