// Watches the kernel's links and addresses: everything once at the start, then every change. When the kernel had to drop
// changes (ENOBUFS), everything is asked for again, between resync_started and resync_finished. Never blocks, except for
// start(), which waits a bounded time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/time.h"
#include "core/netlink/message.h"
#include "core/netlink/socket.h"
#include "core/runtime/event_loop.h"

namespace holdfast::netlink {

struct MonitorCallbacks {
  std::function<void(const LinkMessage&)> link;
  std::function<void(const AddressMessage&)> address;
  std::function<void()> resync_started;   ///< what is not told again until resync_finished is gone
  std::function<void()> resync_finished;  ///< also after the first dump, which has no resync_started
};

class Monitor {
 public:
  static constexpr int usual_receive_buffer = 4 << 20;

  Monitor(EventLoop& loop, MonitorCallbacks callbacks, int receive_buffer = usual_receive_buffer);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  /// Tells all links and addresses before it returns; ETIMEDOUT when the kernel does not answer within `patience` (they are
  /// told later then).
  Status start(Duration patience);
  /// From now on, or from start() on; octets, beyond net.core.rmem_max only if forced.
  void size_receive_buffer(int octets, bool force);
  /// How often changes were lost.
  std::uint64_t overruns() const { return overruns_; }

 private:
  enum class Dump { None, Links, Addresses };

  void receive_all();
  void handle(const Received& received);
  void dump_ended(bool usable);
  void request(Dump what);
  void resync();

  EventLoop& loop_;
  MonitorCallbacks callbacks_;
  int receive_buffer_;
  bool own_size_ = false, force_size_ = false;
  std::unique_ptr<Socket> socket_;
  std::unique_ptr<FdWatch> watch_;
  DeadlineTimer retry_;  // a dump that never ends is asked for again
  Dump dumping_ = Dump::None;
  bool stale_ = false;  // the running dump is to be repeated from its beginning
  bool first_ = true;
  std::uint32_t sequence_ = 0;
  std::uint64_t overruns_ = 0;
};

}  // namespace holdfast::netlink
