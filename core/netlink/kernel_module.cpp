#include "core/netlink/kernel_module.h"

#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "core/netlink/generic.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::netlink {

namespace {
constexpr int receive_buffer = 64 * 1024;
constexpr Duration patience = seconds(5);
}  // namespace

void request_module(const std::string& name) {
  ifreq request{};
  if (name.empty() || name.size() >= sizeof request.ifr_name) return;
  name.copy(request.ifr_name, name.size());
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return;
  ioctl(socket.get(), SIOCGIFFLAGS, &request);  // ENODEV in any case: there is no such device
}

void request_match(const std::string& name) {
  Result<Socket> socket = Socket::open(Bus::Netfilter, receive_buffer);
  if (!socket) return;
  // nfgenmsg (family, version, resource) has the shape of genlmsghdr (command, version, reserved).
  constexpr std::uint16_t type = NFNL_SUBSYS_NFT_COMPAT << 8 | NFNL_MSG_COMPAT_GET;
  GenericRequest request({type, AF_INET, NFNETLINK_V0, Answer::Always, 1});
  request.put_text(NFTA_COMPAT_NAME, name);
  request.put_u32(NFTA_COMPAT_REV, 0);
  request.put_u32(NFTA_COMPAT_TYPE, 0);  // a match, not a target
  Bytes bytes;
  request.append_to(bytes);
  // The kernel loads before it answers; whatever the answer is, it has tried.
  if (socket->send(bytes)) [[maybe_unused]]
    const Result<ByteView> answer = socket->receive(patience);
}

}  // namespace holdfast::netlink
