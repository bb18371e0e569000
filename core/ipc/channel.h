// A Unix stream socket that carries frames and never blocks: what cannot be written waits in a queue of bounded size.
// Used by core towards each child, by a child towards core, and by the control socket.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/ipc/frame.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

class Channel {
 public:
  struct Callbacks {
    std::function<void(std::string frame)> on_frame;
    /// Called once; the channel sends and receives nothing afterwards. It may be destroyed inside.
    std::function<void(std::string reason)> on_close;
  };

  /// `frame_limit` bounds each frame received, `queue_limit` the octets waiting to be sent; past it the link is closed.
  Channel(EventLoop& loop, UniqueFd socket, std::size_t frame_limit, std::size_t queue_limit, Callbacks callbacks);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  /// What a peer that has gone does not hear is dropped; that it has gone is told when its last words were read.
  void send(std::string_view payload);
  /// Octets not yet handed to the kernel.
  std::size_t queued() const { return queue_.size() - sent_; }
  bool open() const { return socket_.get() >= 0; }
  int fd() const { return socket_.get(); }
  /// Takes in what has arrived, for the last words of a peer that is known to have died.
  void drain() {
    if (open()) on_readable();
  }
  /// Writes what can be written now without waiting, for the last words before an exit.
  void flush();

 private:
  void on_readable();
  bool deliver_frames();
  void close(std::string reason);
  void watch();

  EventLoop& loop_;
  UniqueFd socket_;
  FrameReader reader_;
  std::size_t queue_limit_;
  Callbacks callbacks_;
  std::string queue_;
  std::size_t sent_ = 0;
  bool want_write_ = false;
  bool deaf_ = false;  ///< the peer reads no more
  std::unique_ptr<FdWatch> watch_;
  /// Expires with the channel: a callback may destroy it.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>();
};

}  // namespace holdfast
