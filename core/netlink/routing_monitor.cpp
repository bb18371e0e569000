#include "core/netlink/routing_monitor.h"

#include <arpa/inet.h>
#include <cerrno>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "core/netlink/route_message.h"
#include "core/netlink/rule_message.h"

namespace holdfast::netlink {

namespace {

constexpr int kReceiveBuffer = 4 << 20;
constexpr Duration kDumpPatience = seconds(2);
constexpr int kDatagramsPerTurn = 64;
constexpr unsigned kTypeAt = 4, kFlagsAt = 6, kProtocolAt = sizeof(nlmsghdr) + 5;
constexpr unsigned kWhole = 0xffffffff;

sock_filter statement(unsigned code, unsigned value) {
  return {static_cast<unsigned short>(code), 0, 0, value};
}
/// Skips the next instruction unless the accumulator is (or has bits of) `value`.
sock_filter unless(unsigned code, unsigned value) {
  return {static_cast<unsigned short>(code), 0, 1, value};
}

/// Passes everything but changes of routes that another protocol set. Parts of a dump pass: their first message does not
/// speak for the others.
Status drop_other_protocols(int fd, const std::set<std::uint8_t>& protocols) {
  std::vector<sock_filter> program{statement(BPF_LD | BPF_H | BPF_ABS, kTypeAt),
                                   {BPF_JMP | BPF_JEQ | BPF_K, 2, 0, htons(RTM_NEWROUTE)},
                                   {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, htons(RTM_DELROUTE)},
                                   statement(BPF_RET | BPF_K, kWhole),
                                   statement(BPF_LD | BPF_H | BPF_ABS, kFlagsAt),
                                   unless(BPF_JMP | BPF_JSET | BPF_K, htons(NLM_F_MULTI)),
                                   statement(BPF_RET | BPF_K, kWhole),
                                   statement(BPF_LD | BPF_B | BPF_ABS, kProtocolAt)};
  for (const std::uint8_t protocol : protocols) {
    program.push_back(unless(BPF_JMP | BPF_JEQ | BPF_K, protocol));
    program.push_back(statement(BPF_RET | BPF_K, kWhole));
  }
  program.push_back(statement(BPF_RET | BPF_K, 0));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0) {
    return system_error("filter of routes", errno);
  }
  return success();
}

/// So that a dump holds only what was asked for; older kernels dump everything.
void ask_strictly(int fd) {
  constexpr int get_strict_check = 12;  // NETLINK_GET_STRICT_CHK, 4.20
  const int on = 1;
  setsockopt(fd, SOL_NETLINK, get_strict_check, &on, sizeof on);
}

}  // namespace

RoutingMonitor::RoutingMonitor(EventLoop& loop, RoutingCallbacks callbacks)
    : loop_(loop), callbacks_(std::move(callbacks)), timer_(loop, [this] { on_timer(); }) {}

Status RoutingMonitor::open() {
  if (socket_ != nullptr) return success();
  Result<Socket> socket = Socket::open(Subscription::Routing, kReceiveBuffer);
  if (!socket) return socket.error();
  socket_ = std::make_unique<Socket>(std::move(*socket));
  ask_strictly(socket_->fd());
  watch_ = std::make_unique<FdWatch>(loop_, socket_->fd(), Ready::Read, [this] { receive_all(); });
  return success();
}

Status RoutingMonitor::watch(std::set<std::uint8_t> protocols) {
  if (const Status opened = open(); !opened) return opened;
  protocols_ = std::move(protocols);
  const Status filtered = drop_other_protocols(socket_->fd(), protocols_);
  quiet_until_ = {};
  verify();
  return filtered;
}

void RoutingMonitor::verify() {
  if (socket_ == nullptr) return;
  again_ = true;
  if (dumping_) return;
  if (loop_.now() < quiet_until_) return timer_.arm(quiet_until_);
  begin();
}

void RoutingMonitor::begin() {
  again_ = false;
  to_do_ = {{false, Family::IPv4, 0}, {false, Family::IPv6, 0}};
  for (const std::uint8_t protocol : protocols_) {
    to_do_.push_back({true, Family::IPv4, protocol});
    to_do_.push_back({true, Family::IPv6, protocol});
  }
  callbacks_.resync_started();
  next_dump();
}

void RoutingMonitor::next_dump() {
  const Dump& dump = to_do_.back();
  dumping_ = true;
  ++sequence_;
  timer_.arm(loop_.now() + kDumpPatience);
  // A send that fails is repeated by the timer.
  [[maybe_unused]] const Status sent = socket_->send(dump.routes ? dump_routes(dump.family, dump.protocol, sequence_)
                                                                 : dump_rules(dump.family, sequence_));
}

void RoutingMonitor::on_timer() {
  if (dumping_ || again_) begin();
}

void RoutingMonitor::receive_all() {
  for (int i = 0; i < kDatagramsPerTurn; ++i) {
    const Result<ByteView> datagram = socket_->receive();
    if (!datagram && datagram.error().code == ENOBUFS) {
      again_ = true;
      if (!dumping_) verify();
      continue;
    }
    if (!datagram) return;
    for (const Received& received : parse(*datagram).messages) handle(received);
  }
}

void RoutingMonitor::handle(const Received& received) {
  const bool of_dump = dumping_ && received.sequence == sequence_;
  if (of_dump && received.interrupted) again_ = true;
  if (const auto* route = std::get_if<RouteMessage>(&received.body)) return callbacks_.route(*route);
  if (const auto* rule = std::get_if<RuleMessage>(&received.body)) return callbacks_.rule(*rule);
  if (!of_dump) return;
  if (const auto* end = std::get_if<DumpEnd>(&received.body)) return dump_ended(end->error == 0);
  // A family that the kernel does not have (IPv6 switched off at boot) has no routes.
  if (const auto* refusal = std::get_if<Acknowledgement>(&received.body)) {
    if (refusal->error != 0 && refusal->error != EBUSY) dump_ended(true);
  }
}

void RoutingMonitor::dump_ended(bool usable) {
  if (!usable) again_ = true;
  to_do_.pop_back();
  if (!to_do_.empty()) return next_dump();
  dumping_ = false;
  quiet_until_ = loop_.now() + kLeastGap;
  timer_.arm(again_ ? std::optional(quiet_until_) : std::nullopt);
  if (!again_) callbacks_.resync_finished();
}

}  // namespace holdfast::netlink
