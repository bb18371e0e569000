#include "vrrp/io/process_events.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace holdfast::vrrp {

namespace {

/// A cn_msg without the flexible array at its end.
struct Heading {
  std::uint32_t idx, val, seq, ack;
  std::uint16_t len, flags;
};
static_assert(sizeof(Heading) == sizeof(cn_msg));

template <class T>
std::optional<T> read_at(ByteView bytes, std::size_t at) {
  if (at > bytes.size() || bytes.size() - at < sizeof(T)) return {};
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// `what` and the members behind the heading, without the union that newer kernels make longer.
std::optional<ProcessEvent> parse_one(ByteView body, const Heading& heading, std::uint32_t token) {
  using Kind = ProcessEvent::Kind;
  constexpr std::size_t members = offsetof(proc_event, event_data);
  const auto what = read_at<std::uint32_t>(body, 0);
  if (!what) return {};
  const auto member = [&](std::size_t index) {
    return read_at<std::int32_t>(body, members + index * sizeof(std::int32_t)).value_or(0);
  };
  switch (*what) {
    case 0:  // the answer to a request, ours or another's
      if (heading.ack != token + 1 || member(0) != 0) return {};
      return ProcessEvent{Kind::Confirmed, 0, 0};
    case 0x00000001: {  // PROC_EVENT_FORK: parent_pid, parent_tgid, child_pid, child_tgid
      if (member(2) != member(3)) return {};
      return ProcessEvent{Kind::Forked, member(3), member(1)};
    }
    case 0x00000002:  // PROC_EVENT_EXEC
    case 0x00000200:  // PROC_EVENT_COMM: process_pid, process_tgid
      if (member(0) != member(1)) return {};
      return ProcessEvent{Kind::Changed, member(1), 0};
    case 0x80000000:  // PROC_EVENT_EXIT
      if (member(0) != member(1)) return {};
      return ProcessEvent{Kind::Ended, member(1), 0};
    default:
      return {};
  }
}

void enlarge(int fd, const EventBuffer& buffer) {
  if (!buffer.octets) return;
  const int octets = static_cast<int>(*buffer.octets);
  setsockopt(fd, SOL_SOCKET, buffer.force ? SO_RCVBUFFORCE : SO_RCVBUF, &octets, sizeof octets);
}

Status subscribe(int fd, std::uint32_t token) {
  struct {
    nlmsghdr header;
    Heading message;
    std::uint32_t operation;
  } request{};
  static_assert(sizeof request == sizeof(nlmsghdr) + sizeof(cn_msg) + sizeof(std::uint32_t));
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = NLMSG_DONE;
  request.message.idx = CN_IDX_PROC;
  request.message.val = CN_VAL_PROC;
  request.message.seq = token;
  request.message.ack = token;
  request.message.len = sizeof request.operation;
  request.operation = PROC_CN_MCAST_LISTEN;
  if (send(fd, &request, sizeof request, 0) < 0) return system_error("asking for the events of processes", errno);
  return success();
}

}  // namespace

std::vector<ProcessEvent> parse_process_events(ByteView datagram, std::uint32_t token) {
  std::vector<ProcessEvent> events;
  while (const auto header = read_at<nlmsghdr>(datagram, 0)) {
    if (header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > datagram.size()) break;
    const ByteView body = datagram.subspan(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr));
    const auto message = read_at<Heading>(body, 0);
    if (message && message->idx == CN_IDX_PROC && message->val == CN_VAL_PROC) {
      if (const auto event = parse_one(body.subspan(sizeof(Heading)), *message, token)) events.push_back(*event);
    }
    datagram = datagram.subspan(std::min<std::size_t>(NLMSG_ALIGN(header->nlmsg_len), datagram.size()));
  }
  return events;
}

Result<ProcessEventSocket> ProcessEventSocket::open(const EventBuffer& buffer) {
  UniqueFd fd(socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR));
  if (!fd) return system_error("the socket for the events of processes", errno);
  enlarge(fd.get(), buffer);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = CN_IDX_PROC;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return system_error("the socket for the events of processes", errno);
  const auto token = static_cast<std::uint32_t>(getpid());
  if (const Status status = subscribe(fd.get(), token); !status) return status.error();
  return ProcessEventSocket(std::move(fd), token);
}

ProcessEventSocket::Outcome ProcessEventSocket::receive(std::vector<ProcessEvent>& events) {
  alignas(nlmsghdr) std::array<std::uint8_t, 4096> buffer;
  sockaddr_nl from{};
  socklen_t length = sizeof from;
  const ssize_t size =
      recvfrom(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from), &length);
  if (size < 0) return errno == ENOBUFS ? Outcome::Lost : Outcome::Nothing;
  if (from.nl_pid != 0) return Outcome::Events;  // only the kernel is believed
  for (const ProcessEvent& event : parse_process_events({buffer.data(), static_cast<std::size_t>(size)}, token_))
    events.push_back(event);
  return Outcome::Events;
}

}  // namespace holdfast::vrrp
