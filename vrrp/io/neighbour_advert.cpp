#include "vrrp/io/neighbour_advert.h"

#include <array>
#include <fcntl.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/checksum.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::vrrp {

namespace {

constexpr std::uint8_t hop_limit = 255;
constexpr std::uint8_t flag_router = 0x80, flag_override = 0x20;
constexpr std::size_t checksum_at = 2;
constexpr std::uint32_t version_6 = 0x60000000;
constexpr std::array<std::uint8_t, 6> mac_of_all_nodes = {0x33, 0x33, 0, 0, 0, 1};

IpAddress all_nodes() {
  return IpAddress::v6({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

Bytes message(const SendGratuitousArp& frame, bool router) {
  ByteWriter out;
  out.u8(ND_NEIGHBOR_ADVERT);
  out.u8(0);
  out.u16(0);
  out.u8(static_cast<std::uint8_t>(flag_override | (router ? flag_router : 0)));
  out.zeros(3);
  out.put(frame.address.bytes());
  out.u8(ND_OPT_TARGET_LINKADDR);
  out.u8(1);  // in units of eight octets
  out.put(frame.mac.octets);
  out.patch_u16(checksum_at, internet_checksum(frame.address, all_nodes(), IPPROTO_ICMPV6, out.bytes()));
  return out.take();
}

}  // namespace

Bytes unsolicited_neighbour_advert(const SendGratuitousArp& frame, bool router) {
  ASSERT(!frame.address.is_v4());
  const Bytes payload = message(frame, router);
  ByteWriter out;
  out.put(mac_of_all_nodes);
  out.put(frame.mac.octets);
  out.u16(ETHERTYPE_IPV6);
  out.u32(version_6);
  out.u16(static_cast<std::uint16_t>(payload.size()));
  out.u8(IPPROTO_ICMPV6);
  out.u8(hop_limit);
  out.put(frame.address.bytes());
  out.put(all_nodes().bytes());
  out.put(payload);
  return out.take();
}

bool forwards_ipv6(std::uint32_t interface_index) {
  char name[IF_NAMESIZE] = {};
  if (if_indextoname(interface_index, name) == nullptr) return false;
  const std::string path = std::string("/proc/sys/net/ipv6/conf/") + name + "/forwarding";
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char first = '0';
  return fd && read(fd.get(), &first, 1) == 1 && first != '0';
}

}  // namespace holdfast::vrrp
