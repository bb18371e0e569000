// DNS_CHECK: an answer with our id, rcode 0, whose records can be read (behaviour.md e.4; keepalived looks at the header
// only). A truncated answer (TC) is an answer. Datagrams with another id are not for us. Made by probe.cpp.
#pragma once

#include <string>

#include "checker/logic/probe.h"

namespace holdfast::checker {

class DnsConversation : public DatagramConversation {
 public:
  DnsConversation(const config::DnsCheck& check, std::uint16_t id) : check_(check), id_(id) {}

  /// Empty when name or type are none; no server answers that.
  std::string request() override;
  std::optional<Verdict> on_datagram(std::string_view octets) override;
  Verdict on_timeout() const override;

 private:
  config::DnsCheck check_;
  std::uint16_t id_;
};

}  // namespace holdfast::checker
