#include "core/netlink/command_socket.h"

#include <cerrno>
#include <chrono>
#include <poll.h>
#include <utility>

#include "core/netlink/message.h"
#include "core/runtime/clock.h"

namespace holdfast::netlink {

namespace {
constexpr int receive_buffer = 1 << 20;
}

Result<std::unique_ptr<CommandSocket>> CommandSocket::open(EventLoop& loop) {
  Result<Socket> socket = Socket::open(Subscription::None, receive_buffer);
  if (!socket) return socket.error();
  return std::make_unique<CommandSocket>(loop, std::move(*socket));
}

CommandSocket::CommandSocket(EventLoop& loop, Socket socket)
    : socket_(std::move(socket)),
      alive_(std::make_shared<bool>(true)),
      watch_(loop, socket_.fd(), Ready::Read, [this] { on_ready(); }) {}

CommandSocket::~CommandSocket() {
  *alive_ = false;
}

void CommandSocket::send(std::vector<Request> requests) {
  for (Request& request : requests) queued_.push_back(std::move(request));
  if (sent_.empty()) send_slice();
  update_interest();
}

void CommandSocket::send_now(Request request) {
  const Bytes message = request.build(++last_sequence_);
  if (const Status status = socket_.send(message); !status) {
    unsendable_.emplace_back(std::move(request.completion), status.error().code);
  } else {
    sent_.emplace(last_sequence_, std::move(request.completion));
  }
  update_interest();
}

void CommandSocket::on_ready() {
  const auto alive = alive_;
  for (const auto& [completion, error] : std::exchange(unsendable_, {})) {
    completion(error);
    if (!*alive) return;
  }
  receive_all();
  if (!*alive) return;
  if (sent_.empty()) send_slice();
  update_interest();
}

void CommandSocket::drain(Duration patience) {
  const auto alive = alive_;
  const TimePoint end = now() + patience;
  while (*alive && (unanswered() > 0 || !unsendable_.empty())) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - now());
    if (left.count() <= 0) return;
    pollfd answered{socket_.fd(), POLLIN, 0};
    if (unsendable_.empty()) poll(&answered, 1, static_cast<int>(left.count()));
    on_ready();
  }
}

void CommandSocket::send_slice() {
  Bytes messages;
  const std::uint32_t first = last_sequence_ + 1;
  for (std::size_t i = 0; i < slice && !queued_.empty(); ++i) {
    const Bytes message = queued_.front().build(++last_sequence_);
    messages.insert(messages.end(), message.begin(), message.end());
    sent_.emplace(last_sequence_, std::move(queued_.front().completion));
    queued_.pop_front();
  }
  if (messages.empty()) return;
  const Status status = socket_.send(messages);
  if (status) return;
  for (auto at = sent_.lower_bound(first); at != sent_.end(); at = sent_.erase(at)) {
    unsendable_.emplace_back(std::move(at->second), status.error().code);
  }
}

void CommandSocket::receive_all() {
  const auto alive = alive_;
  while (*alive) {
    const Result<ByteView> datagram = socket_.receive();
    if (!datagram && datagram.error().code == ENOBUFS) return complete_all_sent(ENOBUFS);
    if (!datagram) return;
    for (const Received& received : parse(*datagram).messages) {
      if (const auto* answer = std::get_if<Acknowledgement>(&received.body)) complete(received.sequence, answer->error);
      if (!*alive) return;
    }
  }
}

void CommandSocket::complete(std::uint32_t sequence, int error) {
  const auto found = sent_.find(sequence);
  if (found == sent_.end()) return;
  const Completion completion = std::move(found->second);
  sent_.erase(found);
  completion(error);
}

// Answers are lost; cannot happen as long as one slice of answers fits the receive buffer.
void CommandSocket::complete_all_sent(int error) {
  const auto alive = alive_;
  for (const auto& [sequence, completion] : std::exchange(sent_, {})) {
    completion(error);
    if (!*alive) return;
  }
}

// Asking for "writable" gives the next turn of the loop.
void CommandSocket::update_interest() {
  const bool more = !unsendable_.empty() || (sent_.empty() && !queued_.empty());
  watch_.set(more ? Ready::ReadWrite : Ready::Read);
}

}  // namespace holdfast::netlink
