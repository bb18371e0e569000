// Two network namespaces joined by a veth pair, and a sink that keeps what the real ports tell, for tests against the real kernel.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <net/if.h>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/runtime/event_loop.h"
#include "test/core/netlink/network_namespace.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp::test {

using holdfast::test::NetworkNamespace;

inline IpAddress address(std::string_view text) {
  return *IpAddress::parse(text);
}

struct Packet {
  std::uint32_t interface_index;
  Bytes datagram;
};

/// An event sink that keeps everything.
struct Recorder {
  std::vector<Event> events;
  std::vector<Packet> packets;

  EventSink sink() {
    return [this](const Event& event) {
      if (const auto* packet = std::get_if<PacketReceived>(&event)) {
        packets.push_back({packet->interface_index, Bytes(packet->datagram.begin(), packet->datagram.end())});
      } else {
        events.push_back(event);
      }
    };
  }
  template <class T>
  std::size_t count(const T& wanted) const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [&](const Event& event) {
      const auto* held = std::get_if<T>(&event);
      return held != nullptr && *held == wanted;
    }));
  }
  template <class T>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(),
                                                  [](const Event& event) { return std::holds_alternative<T>(event); }));
  }
};

struct Lan {
  NetworkNamespace left, right;
  std::uint32_t left_index = 0, right_index = 0;
  EventLoop loop;

  /// What is to be done about eth0 in each of the two.
  explicit Lan(const std::string& on_the_left = "ip address add 10.0.0.1/24 dev eth0; ip link set eth0 up",
               const std::string& on_the_right = "ip address add 10.0.0.2/24 dev eth0; ip link set eth0 up") {
    const NetworkNamespace::Inside inside(left);
    NetworkNamespace::run("ip link add eth0 type veth peer name eth0 netns " + right.path());
    NetworkNamespace::run(on_the_left);
    left_index = if_nametoindex("eth0");
    const NetworkNamespace::Inside other(right);
    NetworkNamespace::run(on_the_right);
    right_index = if_nametoindex("eth0");
    NetworkNamespace::await_carrier("eth0");
    const NetworkNamespace::Inside again(left);
    NetworkNamespace::await_carrier("eth0");
  }
  bool wait(const std::function<bool()>& done, Duration patience = seconds(10)) {
    return loop.run_until(done, loop.now() + patience);
  }
};

}  // namespace holdfast::vrrp::test
