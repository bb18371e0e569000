// UDP_CHECK: a datagram, and no ICMP error until the time is up; with require_reply an answer of the right length that agrees
// with the pattern as far as both go (behaviour.md e.4, keepalived.conf(5)). Made by probe.cpp; the ICMP error is
// checker/io/datagram_probe's.
#pragma once

#include <string>

#include "checker/logic/probe.h"

namespace holdfast::checker {

class UdpConversation : public DatagramConversation {
 public:
  explicit UdpConversation(const config::UdpCheck& check) : check_(check) {}

  std::string request() override { return check_.payload; }
  std::optional<Verdict> on_datagram(std::string_view octets) override;
  /// Success unless an answer was required.
  Verdict on_timeout() const override;

 private:
  bool agrees(std::string_view octets) const;

  config::UdpCheck check_;
};

}  // namespace holdfast::checker
