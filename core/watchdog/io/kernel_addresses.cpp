#include "core/watchdog/io/kernel_addresses.h"

#include <functional>
#include <map>
#include <poll.h>

#include "core/netlink/message.h"
#include "core/netlink/socket.h"
#include "core/runtime/clock.h"

namespace holdfast::watchdog {
namespace {

constexpr int kReceiveBuffer = 4 << 20;
constexpr int kMostAttempts = 3;

/// One dump, each message handed to `take`; false when it did not come to a good end in time.
bool dump(netlink::Socket& socket, const Bytes& request, std::uint32_t sequence, TimePoint until,
          const std::function<void(const netlink::Received&)>& take) {
  bool interrupted = false;  // what changes while it is told may be missing from it
  if (!socket.send(request)) return false;
  for (TimePoint at = now(); at < until; at = now()) {
    pollfd waiting{socket.fd(), POLLIN, 0};
    poll(&waiting, 1, static_cast<int>((until - at).count() / 1000) + 1);
    while (const auto datagram = socket.receive()) {
      for (const netlink::Received& received : netlink::parse(*datagram).messages) {
        if (received.sequence != sequence) continue;
        interrupted = interrupted || received.interrupted;
        if (const auto* end = std::get_if<netlink::DumpEnd>(&received.body)) return end->error == 0 && !interrupted;
        if (std::holds_alternative<netlink::Acknowledgement>(received.body)) return false;
        take(received);
      }
    }
  }
  return false;
}

std::optional<KernelAddresses> attempt(netlink::Socket& socket, std::uint32_t sequence, TimePoint until) {
  std::map<std::uint32_t, std::string> names;
  const auto take_link = [&names](const netlink::Received& received) {
    if (const auto* link = std::get_if<netlink::LinkMessage>(&received.body)) names[link->index] = link->name;
  };
  KernelAddresses addresses;
  const auto take_address = [&](const netlink::Received& received) {
    const auto* address = std::get_if<netlink::AddressMessage>(&received.body);
    if (address != nullptr) addresses.emplace(names[address->interface_index], address->prefix);
  };
  if (!dump(socket, netlink::dump_links(sequence), sequence, until, take_link)) return std::nullopt;
  if (!dump(socket, netlink::dump_addresses(sequence + 1), sequence + 1, until, take_address)) return std::nullopt;
  return addresses;
}

}  // namespace

std::optional<KernelAddresses> kernel_addresses(Duration patience) {
  auto socket = netlink::Socket::open(netlink::Subscription::None, kReceiveBuffer);
  if (!socket) return std::nullopt;
  const TimePoint until = now() + patience;
  std::uint32_t sequence = 1;
  for (int attempts = 0; attempts < kMostAttempts && now() < until; ++attempts, sequence += 2) {
    if (auto addresses = attempt(*socket, sequence, until)) return addresses;
  }
  return std::nullopt;
}

}  // namespace holdfast::watchdog
