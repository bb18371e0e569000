#include "checker/io/echo_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "checker/io/endpoint_socket.h"

namespace holdfast::checker {

namespace {

constexpr int kDatagramsPerTurn = 64;
constexpr int kReceiveBuffer = 1 << 20;
constexpr std::size_t kIdleSockets = 16;

void hear_replies_only(int fd, Family family) {
  if (family == Family::IPv4) {
    icmp_filter filter{};
    filter.data = ~(1U << ICMP_ECHOREPLY);
    setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
  } else {
    icmp6_filter filter{};
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
    setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
  }
}

Result<UniqueFd> open_echo_socket(config::CheckEndpoint endpoint) {
  endpoint.bind_port = 0;
  const Family family = endpoint.address.family();
  auto fd = open_endpoint_socket(endpoint, SOCK_RAW, family == Family::IPv4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6});
  if (!fd) return fd;
  hear_replies_only(fd->get(), family);
  setsockopt(fd->get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  return fd;
}

}  // namespace

class EchoProbe : public RunningProbe {
 public:
  EchoProbe(EchoSockets& sockets, std::uint64_t id, const ProbeSpec& spec)
      : sockets_(sockets),
        id_(id),
        endpoint_(spec.endpoint),
        time_(std::min(spec.endpoint.connect_timeout, spec.deadline)) {}
  ~EchoProbe() override {
    if (token_) sockets_.forget(*token_, endpoint_);
  }

  std::optional<Verdict> start(TimePoint now) override {
    due_ = now + time_;
    auto sent = sockets_.send(id_, endpoint_);
    if (auto* verdict = std::get_if<Verdict>(&sent)) return std::move(*verdict);
    token_ = std::get<std::uint64_t>(sent);
    return {};
  }
  TimePoint due() const override { return due_; }
  Verdict on_timeout(TimePoint) override { return {Failure::ReadTimeout, "no echo reply"}; }

 private:
  EchoSockets& sockets_;
  std::uint64_t id_;
  config::CheckEndpoint endpoint_;
  Duration time_;
  TimePoint due_;
  std::optional<std::uint64_t> token_;
};

EchoSockets::EchoSockets(const ProbeContext& context) : context_(context), random_(std::random_device{}()) {}

EchoSockets::~EchoSockets() {
  for (auto& [key, socket] : sockets_) socket.watch.reset();
}

std::unique_ptr<RunningProbe> EchoSockets::make_probe(std::uint64_t id, const ProbeSpec& spec) {
  return std::make_unique<EchoProbe>(*this, id, spec);
}

EchoSockets::Key EchoSockets::key_of(const config::CheckEndpoint& endpoint) {
  const Family family = endpoint.address.family();
  return {family, endpoint.bind_address.value_or(IpAddress::any(family)), endpoint.bind_interface, endpoint.fwmark};
}

Result<EchoSockets::Socket*> EchoSockets::socket_for(const config::CheckEndpoint& endpoint) {
  const Key key = key_of(endpoint);
  if (const auto found = sockets_.find(key); found != sockets_.end()) return &found->second;
  auto fd = open_echo_socket(endpoint);
  if (!fd) return fd.error();
  if (sockets_.size() >= kIdleSockets)
    std::erase_if(sockets_, [](const auto& entry) { return entry.second.users == 0; });
  Socket& made = sockets_[key];
  made.fd = std::move(*fd);
  made.watch = std::make_unique<FdWatch>(
      context_.loop, made.fd.get(), Ready::Read,
      [this, family = endpoint.address.family(), raw = made.fd.get()] { receive(family, raw); });
  return &made;
}

std::variant<std::uint64_t, Verdict> EchoSockets::send(std::uint64_t id, const config::CheckEndpoint& endpoint) {
  const Result<Socket*> socket = socket_for(endpoint);
  if (!socket) return Verdict{Failure::LocalError, socket.error().message};
  EchoKey key{static_cast<std::uint16_t>(random_()), ++sequence_, random_()};
  while (waiting_.contains(key.token)) key.token = random_();
  const std::string request = echo_request(endpoint.address.family(), key);
  const SocketAddress peer = socket_address(endpoint.address, 0, endpoint.bind_interface);
  if (sendto((*socket)->fd.get(), request.data(), request.size(), MSG_NOSIGNAL, peer.get(), peer.size) < 0) {
    return connect_verdict(errno);
  }
  waiting_.emplace(key.token, Waiting{key, id});
  ++(*socket)->users;
  return key.token;
}

void EchoSockets::forget(std::uint64_t token, const config::CheckEndpoint& endpoint) {
  waiting_.erase(token);
  if (const auto found = sockets_.find(key_of(endpoint)); found != sockets_.end()) --found->second.users;
}

void EchoSockets::receive(Family family, int fd) {
  // Answers are collected first: a verdict may change sockets_.
  std::vector<std::uint64_t> answered;
  for (int i = 0; i < kDatagramsPerTurn; ++i) {
    const ssize_t size = recv(fd, context_.buffer.data(), context_.buffer.size(), 0);
    if (size < 0) break;
    const auto key = parse_echo_reply(family, {context_.buffer.data(), static_cast<std::size_t>(size)});
    const auto found = key ? waiting_.find(key->token) : waiting_.end();
    if (found != waiting_.end() && found->second.key == *key) answered.push_back(key->token);
  }
  for (const std::uint64_t token : answered) {
    const auto found = waiting_.find(token);
    if (found != waiting_.end()) context_.host.finished(found->second.id, {});
  }
}

}  // namespace holdfast::checker
