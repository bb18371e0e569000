#include "ipvs_wrapper/io/ipvs_namespace.h"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>

#include "core/base/assert.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::ipvs {

Result<netlink::Socket> socket_in_namespace(const std::string& name, int receive_buffer, netlink::Bus bus) {
  const std::string path = "/run/netns/" + name;
  const UniqueFd own(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!own) return system_error("net_namespace_ipvs: own namespace", errno);
  const UniqueFd there(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!there) return system_error("net_namespace_ipvs: " + path, errno);
  if (setns(there.get(), CLONE_NEWNET) != 0) return system_error("net_namespace_ipvs: entering " + path, errno);
  Result<netlink::Socket> opened = netlink::Socket::open(bus, receive_buffer);
  ASSERT(setns(own.get(), CLONE_NEWNET) == 0);  // checks in the wrong namespace would be worse than none
  return opened;
}

}  // namespace holdfast::ipvs
