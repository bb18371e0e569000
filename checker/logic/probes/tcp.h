// TCP_CHECK: a connection that completes is the whole proof (behaviour.md e.4). Nothing is sent.
#pragma once

#include "checker/logic/probe.h"

namespace holdfast::checker {

class TcpConversation : public StreamConversation {
 public:
  Step on_connected() override;
  Step on_data(std::string_view octets) override;
  Step on_closed() override;
  Verdict on_timeout() const override;
};

}  // namespace holdfast::checker
