// Orders to the kernel that never wait for the answer: many messages per send, each answer handed to the callback of its
// request. A long list is sent in slices, one per turn of the loop, because the kernel works on a slice while we are inside
// the send. Requests are carried out in the order in which they were given.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/netlink/socket.h"
#include "core/runtime/event_loop.h"

namespace holdfast::netlink {

/// Given once: errno, 0 = done.
using Completion = std::function<void(int error)>;

struct Request {
  std::function<Bytes(std::uint32_t sequence)> build;  ///< called when it is sent
  Completion completion;
};

class CommandSocket {
 public:
  static constexpr std::size_t slice = 32;  ///< requests per send, and the most that wait for an answer

  static Result<std::unique_ptr<CommandSocket>> open(EventLoop& loop);
  CommandSocket(EventLoop& loop, Socket socket);
  /// Unanswered requests are never completed.
  ~CommandSocket();

  /// The first slice leaves before this returns. Completions come from the loop, never from inside.
  void send(std::vector<Request> requests);
  /// Leaves at once, before what is queued: for a request whose effect the next system call counts on. The kernel has carried
  /// it out when this returns, or refused it.
  void send_now(Request request);
  /// Waits until everything is sent and answered, but no longer than that: for the end of a process.
  void drain(Duration patience);
  void size_receive_buffer(int octets, bool force) const { socket_.size_receive_buffer(octets, force); }
  std::size_t unanswered() const { return queued_.size() + sent_.size(); }

 private:
  void on_ready();
  void send_slice();
  void receive_all();
  void complete(std::uint32_t sequence, int error);
  void complete_all_sent(int error);
  void update_interest();

  Socket socket_;
  std::uint32_t last_sequence_ = 0;
  std::deque<Request> queued_;
  std::map<std::uint32_t, Completion> sent_;
  std::vector<std::pair<Completion, int>> unsendable_;  // told in the next turn
  std::shared_ptr<bool> alive_;
  FdWatch watch_;
};

}  // namespace holdfast::netlink
