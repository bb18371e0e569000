// A socket in another network namespace (net_namespace_ipvs): the table that it reaches is that namespace's, whatever the
// process that holds it does. Called by the checker's ports once, before CAP_SYS_ADMIN is given up.
#pragma once

#include <string>

#include "core/netlink/socket.h"

namespace holdfast::ipvs {

/// A socket in the namespace /run/netns/NAME. The calling thread is in its own namespace again when this
/// returns; when that cannot be, the process ends.
Result<netlink::Socket> socket_in_namespace(const std::string& name, int receive_buffer,
                                            netlink::Bus bus = netlink::Bus::Generic);

}  // namespace holdfast::ipvs
