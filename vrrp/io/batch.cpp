#include "vrrp/io/batch.h"

#include <algorithm>
#include <cerrno>

namespace holdfast::vrrp {

namespace {
constexpr std::size_t most_at_once = 1024;  // UIO_MAXIOV: the kernel takes no more
}

BatchResult send_batch(int fd, std::span<mmsghdr> messages) {
  BatchResult result;
  while (!messages.empty()) {
    const auto count = static_cast<unsigned>(std::min(messages.size(), most_at_once));
    const int sent = sendmmsg(fd, messages.data(), count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      if (result.first_error == 0) result.first_error = errno;
      ++result.refused;
    }
    messages = messages.subspan(sent > 0 ? static_cast<std::size_t>(sent) : 1);
  }
  return result;
}

}  // namespace holdfast::vrrp
