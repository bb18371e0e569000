// The asking end of control.sock: one connection, one request, replies. Blocks with a limit; for programs without a
// loop.
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/ipc/frame.h"
#include "core/runtime/unique_fd.h"
#include "proto/control.pb.h"

namespace holdfast::control {

/// Past this a daemon is taken to be hung.
inline constexpr Duration kAnswerLimit = seconds(5);

class Client {
 public:
  /// The error's code is an errno: ENOENT, ECONNREFUSED: no daemon; EACCES: not allowed.
  static Result<Client> ask(const std::string& socket, const proto::ControlRequest& request);

  /// The next reply; ETIMEDOUT after `patience` (without one it waits for ever), EPIPE when the daemon has closed the
  /// link, EBADMSG when what it says cannot be understood.
  Result<proto::ControlReply> next(std::optional<Duration> patience);

 private:
  explicit Client(UniqueFd socket) : socket_(std::move(socket)) {}

  UniqueFd socket_;
  FrameReader reader_{kSupervisionFrameLimit};
};

}  // namespace holdfast::control
