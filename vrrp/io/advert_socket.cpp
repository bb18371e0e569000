#include "vrrp/io/advert_socket.h"

#include <algorithm>
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
constexpr int turns_to_catch_up = 32;
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

/// Keeps its room from one call to the next, but for that of a great many: all become Active together once.
struct AdvertSocket::SendBuffers {
  static constexpr std::size_t kKept = 64;

  std::vector<Bytes> datagrams;
  std::vector<SocketAddress> destinations;
  std::vector<Ipv6Control> controls;
  std::vector<iovec> vectors;
  std::vector<mmsghdr> messages;

  void prepare(std::size_t count, bool v6) {
    datagrams.resize(count);
    destinations.resize(count);
    controls.resize(v6 ? count : 0);
    vectors.resize(count);
    messages.assign(count, {});
  }
  void release() {
    if (messages.size() > kKept) *this = {};
  }
};

AdvertSocket::AdvertSocket(EventLoop& loop, EventSink sink)
    : loop_(loop),
      sink_(std::move(sink)),
      buffers_(std::make_unique<ReceiveBuffers>()),
      sends_(std::make_unique<SendBuffers>()) {}

AdvertSocket::~AdvertSocket() = default;

Result<AdvertSocket::Endpoint*> AdvertSocket::endpoint(const RawPlace& place) {
  if (const auto found = endpoints_.find(place); found != endpoints_.end()) return &found->second;
  Result<UniqueFd> fd = open_raw_socket(place);
  if (!fd) return fd.error();
  if (const auto accepted = accepted_.find({place.interface_index, place.family}); accepted != accepted_.end())
    filter_vrids(fd->get(), place, accepted->second);
  if (const auto size = sizes_.find({place.interface_index, place.family}); size != sizes_.end())
    size_receive_buffer(fd->get(), size->second);
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

void AdvertSocket::accept_only(const AcceptOnly& what) {
  accepted_[{what.interface_index, what.family}] = what.virtual_router_ids;
  for (const auto& [place, endpoint] : endpoints_) {
    if (place.interface_index == what.interface_index && place.family == what.family)
      filter_vrids(endpoint.fd.get(), place, what.virtual_router_ids);
  }
}

void AdvertSocket::size_buffer(const SizeAdvertBuffer& what) {
  sizes_[{what.interface_index, what.family}] = what.octets;
  for (const auto& [place, endpoint] : endpoints_) {
    if (place.interface_index == what.interface_index && place.family == what.family)
      size_receive_buffer(endpoint.fd.get(), what.octets);
  }
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

void AdvertSocket::catch_up() {
  std::vector<RawPlace> places;  // the sink may end some of them
  for (const auto& [place, endpoint] : endpoints_) places.push_back(place);
  for (const RawPlace& place : places) {
    for (int turn = 0; turn < turns_to_catch_up; ++turn) {
      const auto found = endpoints_.find(place);
      if (found == endpoints_.end()) break;
      if (receive(place, found->second.fd.get()) < static_cast<int>(datagrams_per_turn)) break;
    }
  }
}

/// How many there were.
int AdvertSocket::receive(const RawPlace& place, int fd) {
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
  return count;
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
  std::vector<std::pair<RawPlace, const SendAdvert*>> by_place;
  by_place.reserve(adverts.size());
  for (const SendAdvert& advert : adverts) by_place.emplace_back(place_of_sender(advert), &advert);
  std::ranges::stable_sort(by_place, {}, &std::pair<RawPlace, const SendAdvert*>::first);
  std::vector<const SendAdvert*> sorted(by_place.size());
  std::ranges::transform(by_place, sorted.begin(), [](const auto& pair) { return pair.second; });
  std::vector<SendRefused> refusals;
  for (std::size_t from = 0, to = 0; from < sorted.size(); from = to) {
    const RawPlace& place = by_place[from].first;
    while (to < sorted.size() && by_place[to].first == place) ++to;
    const int error = send_at(place, std::span(sorted).subspan(from, to - from));
    if (error != 0) refusals.push_back({place.interface_index, error});
  }
  for (const SendRefused& refusal : refusals) sink_(refusal);
}

/// The errno of the first that was refused.
int AdvertSocket::send_at(const RawPlace& place, std::span<const SendAdvert* const> adverts) {
  const auto found = endpoints_.find(place);
  if (found == endpoints_.end()) return ENODEV;
  const bool v6 = place.family == Family::IPv6;
  auto& [datagrams, destinations, controls, vectors, messages] = *sends_;
  sends_->prepare(adverts.size(), v6);
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
  const int error = send_batch(found->second.fd.get(), messages).first_error;
  sends_->release();
  return error;
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
