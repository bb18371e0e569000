// What the vrrp process needs of the world, each with a real implementation in io/ and a fake that remembers in
// test/support. Every call returns at once: a socket that would block drops or queues, and says so with an event.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/base/result.h"
#include "core/config/schema/global_defs.h"
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
  /// For the places of that interface and family that there are, and those that come.
  virtual void accept_only(const AcceptOnly& what) = 0;
  /// The same.
  virtual void size_buffer(const SizeAdvertBuffer& what) = 0;
  /// Tells at once what has arrived and waits to be read, up to a bound for each socket.
  virtual void catch_up() = 0;
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
  /// Of the socket that orders are answered by.
  virtual void size_buffer(const config::BufferSize& size) = 0;
  /// Waits, for a bounded time, until the kernel has done all that it was ordered: before the process ends.
  virtual void finish() = 0;
};

/// Routes and rules by netlink, in order behind addresses. Refusals arrive as RoutingRefused.
class RoutingPort {
 public:
  virtual ~RoutingPort() = default;
  virtual void add(std::span<const RoutingEntry> entries) = 0;
  virtual void remove(std::span<const RoutingEntry> entries) = 0;
  /// From now on RoutingTold, RoutingResyncStarted, RoutingResyncFinished.
  virtual Status watch(const WatchRouting& what) = 0;
  virtual void verify() = 0;
};

/// Macvlans of ours and the interfaces below them. Refusals arrive as VmacRefused.
class VmacPort {
 public:
  virtual ~VmacPort() = default;
  virtual void make(const MakeVmac& what) = 0;
  virtual void settle(const SettleVmac& what) = 0;
  virtual void set_up(const SetVmacUp& what) = 0;
  virtual void set_vrf(const SetVmacVrf& what) = 0;
  virtual void remove(const RemoveVmac& what) = 0;
  virtual void set_arp(const SetArpStrictness& what) = 0;
  virtual void set_promotion(const SetPromotion& what) = 0;
  virtual void tell_of(const TellOfLink& what) = 0;
};

/// The table of nftables. Refusals arrive as FirewallRefused, its removal by others as FirewallVanished.
class FirewallPort {
 public:
  virtual ~FirewallPort() = default;
  /// What tells tables of this daemon from those of others; said before anything else.
  virtual void owned_by(const std::string& owner) = 0;
  virtual void make(const MakeFirewall& what) = 0;
  virtual void change(const ChangeFirewall& what) = 0;
  virtual void remove(const RemoveFirewall& what) = 0;
  virtual void sweep(const SweepFirewall& what) = 0;
  virtual void check() = 0;
};

/// Links and addresses: a first dump (told synchronously by start()), then every change.
class LinkPort {
 public:
  virtual ~LinkPort() = default;
  virtual Status start() = 0;
  /// Of the socket that changes come by; before start() as well.
  virtual void size_buffer(const config::BufferSize& size) = 0;
};

/// Files, processes and carriers that are tracked: FileChanged for each file, ProcessesCounted for each process and LinkbeatSeen
/// for each interface soon after it is watched, then after each change. Never called back from inside. What cannot be watched is looked at now and then.
class ObjectPort {
 public:
  virtual ~ObjectPort() = default;
  virtual void watch_files(const WatchFiles& what) = 0;
  virtual void watch_processes(const WatchProcesses& what) = 0;
  virtual void watch_linkbeats(const WatchLinkbeats& what) = 0;
};

struct Ports {
  std::unique_ptr<AdvertPort> adverts;
  std::unique_ptr<NeighbourPort> neighbours;
  std::unique_ptr<AddressPort> addresses;
  std::unique_ptr<RoutingPort> routing;
  std::unique_ptr<LinkPort> links;
  std::unique_ptr<ObjectPort> objects;
  std::unique_ptr<VmacPort> vmacs;
  std::unique_ptr<FirewallPort> firewall;
};

}  // namespace holdfast::vrrp
