#include "core/ipc/channel.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>

namespace holdfast {

Channel::Channel(EventLoop& loop, UniqueFd socket, std::size_t frame_limit, std::size_t queue_limit,
                 Callbacks callbacks)
    : loop_(loop),
      socket_(std::move(socket)),
      reader_(frame_limit),
      queue_limit_(queue_limit),
      callbacks_(std::move(callbacks)) {
  watch_ = std::make_unique<FdWatch>(loop_, socket_.get(), Ready::Read, [this] { on_readable(); });
}

Channel::~Channel() = default;

void Channel::send(std::string_view payload) {
  if (!open() || deaf_) return;
  append_frame(queue_, payload);
  const std::weak_ptr<bool> alive = alive_;
  flush();
  if (!alive.expired() && open() && queued() > queue_limit_)
    close(fmt::format("{} octets wait to be sent, the peer does not read", queued()));
}

void Channel::flush() {
  while (open() && queued() > 0) {
    const ssize_t n = ::send(socket_.get(), queue_.data() + sent_, queued(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) {
      sent_ += static_cast<std::size_t>(n);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    if (errno == EPIPE || errno == ECONNRESET) {
      // Its last words may still be in the socket: reading tells of the end.
      deaf_ = true;
      queue_.clear();
      sent_ = 0;
      break;
    }
    return close(fmt::format("sending failed: {}", std::strerror(errno)));
  }
  if (sent_ == queue_.size() || sent_ > 1U << 20) {
    consume(queue_, sent_);
    sent_ = 0;
  }
  watch();
}

void Channel::watch() {
  const bool want = open() && queued() > 0;
  if (!watch_ || want == want_write_) return;
  want_write_ = want;
  watch_->set(want ? Ready::Read | Ready::Write : Ready::Read);
}

void Channel::on_readable() {
  const std::weak_ptr<bool> alive = alive_;
  flush();
  if (alive.expired() || !open()) return;
  std::array<char, 65536> buffer{};
  // A few rounds only: a peer that never stops writing must not starve the loop.
  for (int round = 0; round < 16; ++round) {
    const ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n < 0) return close(fmt::format("receiving failed: {}", std::strerror(errno)));
    if (n == 0) {
      const std::size_t rest = reader_.pending();
      return close(rest == 0 ? "closed by the peer"
                             : fmt::format("closed by the peer inside a message ({} octets)", rest));
    }
    reader_.feed({buffer.data(), static_cast<std::size_t>(n)});
    if (!deliver_frames()) return;
  }
}

bool Channel::deliver_frames() {
  const std::weak_ptr<bool> alive = alive_;
  for (;;) {
    auto frame = reader_.next();
    if (!frame) {
      close(frame.error().message);
      return false;
    }
    if (!*frame) return true;
    callbacks_.on_frame(std::move(**frame));
    if (alive.expired() || !open()) return false;
  }
}

void Channel::close(std::string reason) {
  if (!open()) return;
  watch_.reset();
  socket_.reset();
  // The callback may destroy this channel: nothing of it is touched afterwards.
  const auto on_close = std::move(callbacks_.on_close);
  if (on_close) on_close(std::move(reason));
}

}  // namespace holdfast
