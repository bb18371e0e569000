#include "checker/logic/probes/tcp.h"

namespace holdfast::checker {

Step TcpConversation::on_connected() {
  return {{}, Verdict{}};
}

Step TcpConversation::on_data(std::string_view) {
  return {{}, Verdict{}};
}

Step TcpConversation::on_closed() {
  return {{}, Verdict{}};
}

Verdict TcpConversation::on_timeout() const {
  return {Failure::ConnectTimeout, {}};
}

}  // namespace holdfast::checker
