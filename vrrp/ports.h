// What the vrrp process needs of the world, each with a real implementation in io/ and a fake that remembers in
// test/support. Every call returns at once: a socket that would block drops or queues, and says so with an event.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/base/result.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

using EventSink = std::function<void(const Event&)>;

/// Raw protocol-112 sockets. Packets arrive as PacketReceived, failures to send as SendRefused.
class AdvertPort {
 public:
  virtual ~AdvertPort() = default;
  virtual Status listen(const Listen& where) = 0;
  virtual void unlisten(const Unlisten& where) = 0;
  /// One sendmmsg for all adverts that are due together.
  virtual void send(std::span<const SendAdvert> adverts) = 0;
};

/// Gratuitous ARP on a packet socket; batches are sent with one sendmmsg.
class NeighbourPort {
 public:
  virtual ~NeighbourPort() = default;
  virtual void send(std::span<const SendGratuitousArp> frames) = 0;
};

/// Kernel addresses by netlink, many messages per send. Refusals arrive as AddressRefused.
class AddressPort {
 public:
  virtual ~AddressPort() = default;
  virtual void add(std::span<const KernelAddress> addresses) = 0;
  virtual void remove(std::span<const KernelAddress> addresses) = 0;
};

/// Links and addresses: a first dump (told synchronously by start()), then every change.
class LinkPort {
 public:
  virtual ~LinkPort() = default;
  virtual Status start() = 0;
};

struct Ports {
  std::unique_ptr<AdvertPort> adverts;
  std::unique_ptr<NeighbourPort> neighbours;
  std::unique_ptr<AddressPort> addresses;
  std::unique_ptr<LinkPort> links;
};

}  // namespace holdfast::vrrp
