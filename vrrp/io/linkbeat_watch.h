// Asks interfaces for their carrier each second, by MII, ethtool or the interface's flags, what the driver knows. On the thread
// of a SideLoop: a driver may take its time for the answer. Absent: what the answer means (vrrp/logic/linkbeats.h).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// One question; nothing when the driver does not know the method, or there is no such interface. `fd` is any datagram socket.
std::optional<bool> carrier_by(config::LinkbeatMethod method, int fd, const std::string& interface);

class LinkbeatWatch {
 public:
  using Sink = std::function<void(const std::string& interface, bool up)>;
  using Note = std::function<void(const std::string& line)>;
  LinkbeatWatch(EventLoop& loop, Sink sink, Note note);

  /// Instead of what was polled before. The first answers are told before this returns; then those that are new.
  void want(std::vector<config::LinkbeatInterface> interfaces);

 private:
  struct Polled {
    config::LinkbeatInterface wanted;
    std::optional<config::LinkbeatMethod> works;
    std::optional<bool> told;
  };
  void poll();
  std::optional<bool> ask(Polled& polled);

  EventLoop& loop_;
  Sink sink_;
  Note note_;
  UniqueFd socket_;
  std::vector<Polled> polled_;
  DeadlineTimer timer_;
};

}  // namespace holdfast::vrrp
