// Watches the kernel's routes and rules: once all at the start, then every change, and all again when asked (verify) or when
// the kernel had to drop changes (ENOBUFS). Routes of other protocols than those wanted are dropped by a filter in the
// kernel, so a full table of a routing daemon costs nothing here. Never blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "core/base/time.h"
#include "core/netlink/message.h"
#include "core/netlink/socket.h"
#include "core/runtime/event_loop.h"

namespace holdfast::netlink {

struct RoutingCallbacks {
  std::function<void(const RouteMessage&)> route;
  std::function<void(const RuleMessage&)> rule;
  std::function<void()> resync_started;   ///< what is not told again until resync_finished is gone
  std::function<void()> resync_finished;  ///< also after the first dump
};

class RoutingMonitor {
 public:
  static constexpr Duration kLeastGap = milliseconds(100);  ///< between the end of a dump and the next

  RoutingMonitor(EventLoop& loop, RoutingCallbacks callbacks);

  /// Begins, or goes on with other protocols (RTPROT_*); a resync follows in any case.
  Status watch(std::set<std::uint8_t> protocols);
  /// Tells all again, soon; once for many such calls.
  void verify();

 private:
  struct Dump {
    bool routes = false;
    Family family = Family::IPv4;
    std::uint8_t protocol = 0;
  };
  Status open();
  void receive_all();
  void handle(const Received& received);
  void begin();
  void next_dump();
  void dump_ended(bool usable);
  void on_timer();

  EventLoop& loop_;
  RoutingCallbacks callbacks_;
  std::set<std::uint8_t> protocols_;
  std::unique_ptr<Socket> socket_;
  std::unique_ptr<FdWatch> watch_;
  DeadlineTimer timer_;
  std::vector<Dump> to_do_;  ///< the last is under way
  bool dumping_ = false;
  bool again_ = false;  ///< another resync is due after this one
  TimePoint quiet_until_{};
  std::uint32_t sequence_ = 0;
};

}  // namespace holdfast::netlink
