#include "core/control/client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

#include "core/runtime/clock.h"
#include "core/runtime/socket.h"

namespace holdfast::control {
namespace {

/// Waits until `fd` can be read; false when `until` has come.
bool wait_readable(int fd, std::optional<TimePoint> until) {
  for (;;) {
    int timeout_ms = -1;
    if (until) timeout_ms = static_cast<int>(std::max<std::int64_t>((*until - now()).count() / 1000 + 1, 0));
    pollfd waiting{fd, POLLIN, 0};
    const int ready = poll(&waiting, 1, timeout_ms);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // the read says what is wrong
    if (until && now() >= *until) return false;
  }
}

}  // namespace

Result<Client> Client::ask(const std::string& socket, const proto::ControlRequest& request) {
  const TimePoint until = now() + kAnswerLimit;
  auto connected = connect_unix(socket);
  // A full queue of a busy daemon.
  while (!connected && connected.error().code == EAGAIN && now() < until) {
    poll(nullptr, 0, 20);
    connected = connect_unix(socket);
  }
  if (!connected) return connected.error();
  std::string frame;
  append_frame(frame, request.SerializeAsString());
  // The request fits any socket buffer. A daemon that refuses before it has read may have hung up: its reason is still
  // there.
  const ssize_t sent = send(connected->get(), frame.data(), frame.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(frame.size()) && errno != EPIPE && errno != ECONNRESET)
    return system_error("send", errno);
  return Client(std::move(*connected));
}

Result<proto::ControlReply> Client::next(std::optional<Duration> patience) {
  std::optional<TimePoint> until;
  if (patience) until = now() + *patience;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto frame = reader_.next();
    if (!frame) return Error{frame.error().message, EBADMSG};
    if (*frame) {
      proto::ControlReply reply;
      if (!reply.ParseFromString(**frame)) return Error{"it cannot be parsed", EBADMSG};
      return reply;
    }
    if (!wait_readable(socket_.get(), until)) return Error{"no answer", ETIMEDOUT};
    const ssize_t n = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return Error{"the daemon has closed the link", EPIPE};
    reader_.feed({buffer.data(), static_cast<std::size_t>(n)});
  }
}

}  // namespace holdfast::control
