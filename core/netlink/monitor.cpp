#include "core/netlink/monitor.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

#include "core/base/assert.h"

namespace holdfast::netlink {

namespace {
constexpr Duration dump_patience = seconds(2);
constexpr int datagrams_per_turn = 64;  // a storm of changes must not keep the loop from its adverts
}  // namespace

Monitor::Monitor(EventLoop& loop, MonitorCallbacks callbacks, int receive_buffer)
    : loop_(loop),
      callbacks_(std::move(callbacks)),
      receive_buffer_(receive_buffer),
      retry_(loop, [this] { request(Dump::Links); }) {}

Monitor::~Monitor() = default;

Status Monitor::start(Duration patience) {
  ASSERT(socket_ == nullptr);
  Result<Socket> socket = Socket::open(Subscription::LinksAndAddresses, receive_buffer_);
  if (!socket) return socket.error();
  socket_ = std::make_unique<Socket>(std::move(*socket));
  if (own_size_) socket_->size_receive_buffer(receive_buffer_, force_size_);
  watch_ = std::make_unique<FdWatch>(loop_, socket_->fd(), Ready::Read, [this] { receive_all(); });
  const TimePoint deadline = loop_.now() + patience;
  request(Dump::Links);
  while (first_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - loop_.now()).count();
    if (left <= 0) return system_error("first list of links and addresses", ETIMEDOUT);
    pollfd wanted{socket_->fd(), POLLIN, 0};
    poll(&wanted, 1, static_cast<int>(left));
    receive_all();
  }
  return success();
}

void Monitor::size_receive_buffer(int octets, bool force) {
  receive_buffer_ = octets;
  own_size_ = true;
  force_size_ = force;
  if (socket_ != nullptr) socket_->size_receive_buffer(octets, force);
}

void Monitor::receive_all() {
  for (int i = 0; i < datagrams_per_turn; ++i) {
    const Result<ByteView> datagram = socket_->receive();
    if (!datagram && datagram.error().code == ENOBUFS) {
      ++overruns_;
      resync();
      continue;
    }
    if (!datagram) return;
    for (const Received& received : parse(*datagram).messages) handle(received);
  }
}

void Monitor::handle(const Received& received) {
  const bool of_dump = dumping_ != Dump::None && received.sequence == sequence_;
  if (of_dump && received.interrupted) stale_ = true;  // the kernel marks any message of the dump, not just the last
  if (const auto* link = std::get_if<LinkMessage>(&received.body)) return callbacks_.link(*link);
  if (const auto* address = std::get_if<AddressMessage>(&received.body)) return callbacks_.address(*address);
  if (!of_dump) return;
  if (const auto* end = std::get_if<DumpEnd>(&received.body)) return dump_ended(end->error == 0);
  // The request itself was refused (EBUSY while an older dump runs): the timer asks again.
}

void Monitor::dump_ended(bool usable) {
  if (stale_ || !usable) return request(Dump::Links);
  if (dumping_ == Dump::Links) return request(Dump::Addresses);
  dumping_ = Dump::None;
  retry_.arm(std::nullopt);
  first_ = false;
  callbacks_.resync_finished();
}

void Monitor::request(Dump what) {
  if (what == Dump::Links) stale_ = false;
  dumping_ = what;
  ++sequence_;
  retry_.arm(loop_.now() + dump_patience);
  // A send that fails is repeated by the timer.
  [[maybe_unused]] const Status sent =
      socket_->send(what == Dump::Links ? dump_links(sequence_) : dump_addresses(sequence_));
}

void Monitor::resync() {
  callbacks_.resync_started();
  if (dumping_ == Dump::None) {
    request(Dump::Links);
  } else {
    stale_ = true;
  }
}

}  // namespace holdfast::netlink
