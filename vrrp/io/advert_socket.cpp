#include "vrrp/io/advert_socket.h"

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

#include "vrrp/io/batch.h"
#include "vrrp/io/ipv4_header.h"
#include "vrrp/io/ipv6_control.h"
#include "vrrp/io/socket_address.h"

namespace holdfast::vrrp {

namespace {

constexpr std::size_t longest_advert = 4224;  // 8 + 255 × 16 + 28 octets of IPv6; IPv4 with its headers is shorter
constexpr std::size_t datagrams_per_turn = 32;
constexpr std::size_t shortest_ipv4 = 20;
constexpr std::size_t destination_at = 16;

template <class Where>
RawPlace place_of(const Where& where) {
  const bool multicast = where.group.is_multicast();
  return {where.interface_index, where.group.family(), where.protocol, multicast ? IpAddress{} : where.group};
}

RawPlace place_of_sender(const SendAdvert& advert) {
  const bool multicast = advert.destination.is_multicast();
  return {advert.interface_index, advert.destination.family(), advert.protocol,
          multicast ? IpAddress{} : advert.source};
}

}  // namespace

struct AdvertSocket::ReceiveBuffers {
  std::array<std::array<std::uint8_t, longest_advert>, datagrams_per_turn> data{};
  std::array<iovec, datagrams_per_turn> vectors{};
  std::array<sockaddr_storage, datagrams_per_turn> names{};
  std::array<Ipv6Control, datagrams_per_turn> controls{};
  std::array<mmsghdr, datagrams_per_turn> messages{};

  void prepare(bool with_envelope) {
    for (std::size_t i = 0; i < datagrams_per_turn; ++i) {
      vectors[i] = {data[i].data(), data[i].size()};
      msghdr& header = messages[i].msg_hdr;
      header = {};
      header.msg_iov = &vectors[i];
      header.msg_iovlen = 1;
      if (!with_envelope) continue;
      header.msg_name = &names[i];
      header.msg_namelen = sizeof names[i];
      header.msg_control = controls[i].octets.data();
      header.msg_controllen = controls[i].octets.size();
    }
  }
};

AdvertSocket::AdvertSocket(EventLoop& loop, EventSink sink)
    : loop_(loop), sink_(std::move(sink)), buffers_(std::make_unique<ReceiveBuffers>()) {}

AdvertSocket::~AdvertSocket() = default;

Result<AdvertSocket::Endpoint*> AdvertSocket::endpoint(const RawPlace& place) {
  if (const auto found = endpoints_.find(place); found != endpoints_.end()) return &found->second;
  Result<UniqueFd> fd = open_raw_socket(place);
  if (!fd) return fd.error();
  Endpoint& made = endpoints_[place];
  made.fd = std::move(*fd);
  made.watch = std::make_unique<FdWatch>(loop_, made.fd.get(), Ready::Read,
                                         [this, place, raw = made.fd.get()] { receive(place, raw); });
  return &made;
}

Status AdvertSocket::listen(const Listen& where) {
  const RawPlace place = place_of(where);
  const Result<Endpoint*> found = endpoint(place);
  if (!found) return found.error();
  int& listeners = (*found)->groups[where.group];
  if (listeners == 0 && where.group.is_multicast()) {
    const Status joined = join_group((*found)->fd.get(), where.interface_index, where.group);
    if (!joined) {
      listeners = 1;
      unlisten({where.interface_index, where.group, where.protocol});
      return joined;
    }
  }
  ++listeners;
  return success();
}

void AdvertSocket::unlisten(const Unlisten& where) {
  const auto found = endpoints_.find(place_of(where));
  if (found == endpoints_.end()) return;
  auto& groups = found->second.groups;
  const auto group = groups.find(where.group);
  if (group == groups.end() || --group->second > 0) return;
  if (where.group.is_multicast()) leave_group(found->second.fd.get(), where.interface_index, where.group);
  groups.erase(group);
  if (groups.empty()) endpoints_.erase(found);
}

// ---- receiving ---------------------------------------------------------------------------------------------------------

void AdvertSocket::receive(const RawPlace& place, int fd) {
  buffers_->prepare(place.family == Family::IPv6);
  const int count = recvmmsg(fd, buffers_->messages.data(), datagrams_per_turn, MSG_DONTWAIT, nullptr);
  const RawPlace here = place;  // the sink may end the watch that holds `place`
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const mmsghdr& message = buffers_->messages[at];
    if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
      ++oversized_;
      continue;
    }
    const ByteView bytes(buffers_->data[at].data(), message.msg_len);
    if (here.family == Family::IPv4) {
      take_ipv4(here, bytes);
    } else {
      take_ipv6(here, at, bytes);
    }
  }
}

void AdvertSocket::take_ipv4(const RawPlace& place, ByteView bytes) {
  if (bytes.size() >= shortest_ipv4) {
    const auto destination = IpAddress::from_bytes(bytes.subspan(destination_at, 4));
    if (destination && heard_elsewhere(place, *destination)) return;
  }
  sink_(PacketReceived{place.interface_index, bytes});
}

void AdvertSocket::take_ipv6(const RawPlace& place, std::size_t at, ByteView bytes) {
  msghdr& header = buffers_->messages[at].msg_hdr;
  const auto source = address_of(buffers_->names[at], header.msg_namelen);
  if (!source) return;
  const auto envelope = ipv6_envelope(header, *source);
  if (!envelope || heard_elsewhere(place, envelope->destination)) return;
  sink_(PacketReceived{place.interface_index, bytes, envelope});
}

bool AdvertSocket::heard_elsewhere(const RawPlace& place, const IpAddress& destination) const {
  if (!place.unicast.is_any() || destination.is_multicast()) return false;
  RawPlace other = place;
  other.unicast = destination;
  if (endpoints_.contains(other)) return true;
  other.interface_index = 0;
  return endpoints_.contains(other);
}

// ---- sending -----------------------------------------------------------------------------------------------------------

void AdvertSocket::send(std::span<const SendAdvert> adverts) {
  std::map<RawPlace, std::vector<const SendAdvert*>> by_place;
  for (const SendAdvert& advert : adverts) by_place[place_of_sender(advert)].push_back(&advert);
  std::vector<SendRefused> refusals;
  for (const auto& [place, batch] : by_place) {
    if (const int error = send_at(place, batch); error != 0) refusals.push_back({place.interface_index, error});
  }
  for (const SendRefused& refusal : refusals) sink_(refusal);
}

/// The errno of the first that was refused.
int AdvertSocket::send_at(const RawPlace& place, const std::vector<const SendAdvert*>& adverts) {
  const auto found = endpoints_.find(place);
  if (found == endpoints_.end()) return ENODEV;
  const bool v6 = place.family == Family::IPv6;
  std::vector<Bytes> datagrams(adverts.size());
  std::vector<SocketAddress> destinations(adverts.size());
  std::vector<Ipv6Control> controls(v6 ? adverts.size() : 0);
  std::vector<iovec> vectors(adverts.size());
  std::vector<mmsghdr> messages(adverts.size());
  for (std::size_t i = 0; i < adverts.size(); ++i) {
    const SendAdvert& advert = *adverts[i];
    datagrams[i] = v6 ? advert.pdu : datagram_of(advert);
    destinations[i] = SocketAddress(advert.destination, place.interface_index);
    vectors[i] = {datagrams[i].data(), datagrams[i].size()};
    msghdr& header = messages[i].msg_hdr;
    header.msg_name = destinations[i].get();
    header.msg_namelen = destinations[i].size();
    header.msg_iov = &vectors[i];
    header.msg_iovlen = 1;
    if (v6) put_ipv6_control(header, controls[i], advert.source, place.interface_index, advert.time_to_live);
  }
  return send_batch(found->second.fd.get(), messages).first_error;
}

Bytes AdvertSocket::datagram_of(const SendAdvert& advert) {
  Ipv4Header header;
  header.source = advert.source;
  header.destination = advert.destination;
  header.identification = advert.identification != 0 ? advert.identification : next_identification();
  header.time_to_live = advert.time_to_live;
  header.protocol = advert.protocol;
  return ipv4_datagram(header, advert.pdu);
}

// Zero would let the kernel choose.
std::uint16_t AdvertSocket::next_identification() {
  if (++identification_ == 0) identification_ = 1;
  return identification_;
}

}  // namespace holdfast::vrrp
