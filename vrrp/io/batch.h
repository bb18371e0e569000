// sendmmsg for datagrams that are worth more than one attempt at the rest: one that fails is skipped.
#pragma once

#include <span>
#include <sys/socket.h>

namespace holdfast::vrrp {

struct BatchResult {
  unsigned refused = 0;
  int first_error = 0;  ///< errno; 0 = all were sent
};

/// Sends every message once, never waiting. `messages` is used up.
BatchResult send_batch(int fd, std::span<mmsghdr> messages);

}  // namespace holdfast::vrrp
