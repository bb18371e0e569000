// Gratuitous ARP and neighbour advertisements on one packet socket: tells the neighbours which hardware address holds a VIP
// now. A frame that the kernel
// cannot take at once is dropped and counted; the engine repeats its bursts anyway.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/runtime/unique_fd.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class NeighbourSocket : public NeighbourPort {
 public:
  NeighbourSocket();
  void send(std::span<const SendGratuitousArp> frames) override;
  std::uint64_t dropped() const { return dropped_; }

 private:
  UniqueFd fd_;
  std::uint64_t dropped_ = 0;
};

/// ARP request in an Ethernet frame: broadcast, sender and target address both the VIP, target hardware address broadcast
/// (behaviour.md d.9, RFC 5227 §3).
Bytes gratuitous_arp(const SendGratuitousArp& frame);

}  // namespace holdfast::vrrp
