#include "checker/io/datagram_probe.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

#include "checker/io/endpoint_socket.h"

namespace holdfast::checker {

namespace {

constexpr int kDatagramsPerTurn = 8;

void report_icmp_errors(int fd, const IpAddress& address) {
  const int on = 1;
  if (address.is_v4()) {
    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  } else {
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  }
}

}  // namespace

DatagramProbe::DatagramProbe(const ProbeContext& context, std::uint64_t id, const ProbeSpec& spec,
                             std::unique_ptr<DatagramConversation> conversation)
    : context_(context),
      id_(id),
      endpoint_(spec.endpoint),
      time_(std::min(spec.endpoint.connect_timeout, spec.deadline)),
      udp_check_(std::holds_alternative<config::UdpCheck>(spec.kind)),
      conversation_(std::move(conversation)) {}

DatagramProbe::~DatagramProbe() {
  watch_.reset();
}

std::optional<Verdict> DatagramProbe::start(TimePoint now) {
  due_ = now + time_;
  Result<UniqueFd> fd = open_endpoint_socket(endpoint_, SOCK_DGRAM);
  if (!fd) return Verdict{Failure::LocalError, fd.error().message};
  fd_ = std::move(*fd);
  report_icmp_errors(fd_.get(), endpoint_.address);
  if (const int error = connect_endpoint(fd_.get(), endpoint_); error != 0) return connect_verdict(error);
  return send_request();
}

std::optional<Verdict> DatagramProbe::send_request() {
  const std::string request = conversation_->request();
  if (send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return refused(errno);
  watch_ = std::make_unique<FdWatch>(context_.loop, fd_.get(), Ready::Read, [this] {
    if (auto verdict = receive()) context_.host.finished(id_, std::move(*verdict));
  });
  return {};
}

std::optional<Verdict> DatagramProbe::receive() {
  for (int i = 0; i < kDatagramsPerTurn; ++i) {
    const ssize_t size = recv(fd_.get(), context_.buffer.data(), context_.buffer.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (size < 0) return refused(errno);
    auto verdict = conversation_->on_datagram({context_.buffer.data(), static_cast<std::size_t>(size)});
    if (verdict) return verdict;
  }
  return {};
}

Verdict DatagramProbe::refused(int error) const {
  if (error == ECONNREFUSED && udp_check_) return {Failure::UdpRefused, std::strerror(error)};
  return connect_verdict(error);
}

}  // namespace holdfast::checker
