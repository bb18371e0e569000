// A request in one datagram, and the answer: DNS_CHECK and UDP_CHECK, each on a connected socket of its own, so that the kernel
// tells us of ICMP errors (IP_RECVERR: also that a host or network is unreachable) and drops what others send. Made by
// checker/io/probe_port.
#pragma once

#include <memory>

#include "checker/io/running_probe.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::checker {

class DatagramProbe : public RunningProbe {
 public:
  DatagramProbe(const ProbeContext& context, std::uint64_t id, const ProbeSpec& spec,
                std::unique_ptr<DatagramConversation> conversation);
  ~DatagramProbe() override;

  std::optional<Verdict> start(TimePoint now) override;
  TimePoint due() const override { return due_; }
  Verdict on_timeout(TimePoint) override { return conversation_->on_timeout(); }

 private:
  std::optional<Verdict> send_request();
  std::optional<Verdict> receive();
  Verdict refused(int error) const;

  ProbeContext context_;
  std::uint64_t id_;
  config::CheckEndpoint endpoint_;
  Duration time_;
  bool udp_check_;
  TimePoint due_;
  std::unique_ptr<DatagramConversation> conversation_;
  UniqueFd fd_;
  std::unique_ptr<FdWatch> watch_;
};

}  // namespace holdfast::checker
