#include "ipvs_wrapper/io/ipvs_socket.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include "ipvs_wrapper/io/kernel_module.h"

namespace holdfast::ipvs {

namespace {

using netlink::Acknowledgement;
using netlink::Answer;
using netlink::DumpEnd;
using netlink::GenericAnswer;
using netlink::GenericReceived;

// What the kernel charges a receive buffer with.
constexpr std::size_t kOctetsPerAnswer = 5 * 1024;
constexpr std::size_t kMostAnswers = 256;
// The kernel answers before send() returns; loading a module is what may take long.
constexpr Duration kPatience = seconds(10);

/// What the end of an exchange looks like: the acknowledgement of the last request, or the end of its dump.
std::optional<int> ending(const GenericReceived& received) {
  if (const auto* done = std::get_if<Acknowledgement>(&received.body)) return done->error;
  if (const auto* end = std::get_if<DumpEnd>(&received.body)) return end->error;
  return std::nullopt;
}

Error no_ipvs(const Error& cause) {
  if (cause.code != ENOENT) return {"IPVS: Can't initialize ipvs: " + cause.message, cause.code};
  return {
      "IPVS: Can't initialize ipvs: Protocol not available (this kernel has no ip_vs and could not load it; try "
      "\"modprobe ip_vs\")",
      ENOPROTOOPT};
}

}  // namespace

/// Where what is read goes.
struct IpvsSocket::Sink {
  Detail detail;
  std::function<void(const ServiceRecord&)> service;
  std::function<void(const ServiceKey&, const DestinationRecord&)> destination;
};

// ---- the connection --------------------------------------------------------------------------------------------------------

IpvsSocket::IpvsSocket() : most_answers_(kMostAnswers) {}

void IpvsSocket::stay_with(Result<netlink::Socket> socket) {
  socket_.reset();
  connected_ = false;
  place_ = socket ? success() : Status(Error{socket.error().message, ENODEV});  // not ENOENT: no module helps
  if (socket) socket_ = std::move(*socket);
}

void IpvsSocket::size_receive_buffer(std::uint32_t octets, bool force) {
  wanted_size_ = std::uint64_t{octets} * 2 + (force ? 1 : 0);
}

void IpvsSocket::obey_size() {
  const std::uint64_t wanted = wanted_size_;
  if (!socket_ || wanted == size_) return;
  size_ = wanted;
  const auto octets = static_cast<int>(std::min<std::uint64_t>(wanted / 2, 1U << 30));
  socket_->size_receive_buffer(octets == 0 ? kReceiveBuffer : octets, octets == 0 || wanted % 2 != 0);
  int room = 0;
  socklen_t length = sizeof room;
  if (getsockopt(socket_->fd(), SOL_SOCKET, SO_RCVBUF, &room, &length) != 0) return;
  most_answers_ =
      std::clamp<std::size_t>(static_cast<std::size_t>(std::max(room, 0)) / kOctetsPerAnswer, 1, kMostAnswers);
}

Status IpvsSocket::open_socket() {
  if (place_) return *place_;
  socket_.reset();
  size_ = 0;
  Result<netlink::Socket> opened = netlink::Socket::open(netlink::Bus::Generic, kReceiveBuffer);
  if (!opened) return opened.error();
  socket_ = std::move(*opened);
  return success();
}

Status IpvsSocket::connect() {
  connected_ = false;
  if (const Status opened = open_socket(); !opened) return opened;
  obey_size();
  const Result<std::uint16_t> family = netlink::resolve_family(*socket_, kFamilyName, ++sequence_, kPatience);
  if (!family) return family.error();
  family_ = *family;
  connected_ = true;
  return success();
}

// A socket that lost an answer was closed (exchange): what the kernel still sends to it shall not be taken for later answers.
Status IpvsSocket::ready() {
  if (!connected_) return connect();
  obey_size();
  return success();
}

// One that must stay is not closed: what comes late has the sequence of an earlier exchange.
void IpvsSocket::lose_answers() {
  connected_ = false;
  if (!place_) socket_.reset();
}

Result<std::uint32_t> IpvsSocket::open() {
  Status connected = connect();
  if (!connected && connected.error().code == ENOENT) {
    request_ip_vs();
    connected = connect();
  }
  if (!connected) return no_ipvs(connected.error());
  std::optional<std::uint32_t> version;
  const Status asked = ask(info_request, [&](const GenericAnswer& answer) { version = version_in(answer); });
  if (!asked) return no_ipvs(asked.error());
  if (!version) return no_ipvs(system_error("version", EPROTO));
  return *version;
}

// Hands over everything that belongs to the requests `first` to `last`, until the last one is done.
Status IpvsSocket::exchange(ByteView request, std::uint32_t first, std::uint32_t last, const Handler& answer,
                            const RefusalHandler& refused) {
  if (const Status sent = socket_->send(request); !sent) return sent;
  while (true) {
    const Result<ByteView> datagram = socket_->receive(kPatience);
    if (!datagram) {
      lose_answers();
      return datagram.error();
    }
    for (const GenericReceived& received : netlink::parse_generic(*datagram).messages) {
      if (received.sequence - first > last - first) continue;  // of an earlier exchange
      const std::optional<int> end = ending(received);
      if (const auto* told = std::get_if<GenericAnswer>(&received.body); told != nullptr && answer) answer(*told);
      if (end && *end != 0) refused(received.sequence, *end);
      if (end && received.sequence == last) return success();
    }
  }
}

Status IpvsSocket::ask(const Builder& build, const Handler& answer) {
  if (const Status usable = ready(); !usable) return usable;
  Status status = success();
  const Envelope envelope = next();
  const Status exchanged = exchange(build(envelope), envelope.sequence, envelope.sequence, answer,
                                    [&](std::uint32_t, int error) { status = system_error("IPVS", error); });
  return exchanged ? status : exchanged;
}

// ---- reading ---------------------------------------------------------------------------------------------------------------

Status IpvsSocket::list_services(const Sink& sink, std::vector<ServiceKey>& found) {
  return ask(list_services_request, [&](const GenericAnswer& answer) {
    const std::optional<ServiceRecord> service = service_in(answer, sink.detail);
    if (!service) return;
    sink.service(*service);
    found.push_back(service->key);
  });
}

Status IpvsSocket::get_services(std::span<const ServiceKey> wanted, const Sink& sink, std::vector<ServiceKey>& found) {
  const auto keep = [&](const GenericAnswer& answer) {
    const std::optional<ServiceRecord> service = service_in(answer, sink.detail);
    if (!service) return;
    sink.service(*service);
    found.push_back(service->key);
  };
  while (!wanted.empty()) {
    if (const Status usable = ready(); !usable) return usable;
    const auto some = wanted.first(std::min(wanted.size(), most_answers_));
    wanted = wanted.subspan(some.size());
    Bytes batch;
    const std::uint32_t first = sequence_ + 1;
    for (const ServiceKey& key : some) {
      append_get_service(batch, next(), &key == &some.back() ? Answer::Always : Answer::OnlyRefusals, key);
    }
    Status status = success();
    const Status exchanged = exchange(batch, first, sequence_, keep, [&](std::uint32_t, int error) {
      if (error != ESRCH) status = system_error("IPVS", error);
    });
    if (!exchanged) return exchanged;
    if (!status) return status;
  }
  return success();
}

Status IpvsSocket::list_destinations(std::span<const ServiceKey> services, const Sink& sink) {
  for (const ServiceKey& key : services) {
    const Status listed = ask([&](const Envelope& e) { return list_destinations_request(e, key); },
                              [&](const GenericAnswer& answer) {
                                if (const auto destination = destination_in(answer, key.family, sink.detail))
                                  sink.destination(key, *destination);
                              });
    if (!listed) return listed;
  }
  return success();
}

Status IpvsSocket::read_all(const Sink& sink) {
  std::vector<ServiceKey> keys;
  Status listed = list_services(sink, keys);
  if (!listed && listed.error().code == ENOENT) {  // the module was unloaded and loaded: the family has another number
    if (const Status again = connect(); !again) return again;
    listed = list_services(sink, keys);
  }
  return listed ? list_destinations(keys, sink) : listed;
}

namespace {

void add_service(Table& table, const ServiceRecord& service) {
  table[service.key].settings = service.settings;
}
void add_destination(Table& table, const ServiceKey& key, const DestinationRecord& destination) {
  table[key].destinations[destination.key] = destination.settings;
}

}  // namespace

Result<Table> IpvsSocket::list() {
  Table table;
  const Status read = read_all({Detail::WithoutCounters, [&](const auto& service) { add_service(table, service); },
                                [&](const auto& key, const auto& dest) { add_destination(table, key, dest); }});
  if (!read) return read.error();
  return table;
}

Result<Table> IpvsSocket::list(std::span<const ServiceKey> services) {
  Table table;
  const Sink sink{Detail::WithoutCounters, [&](const auto& service) { add_service(table, service); },
                  [&](const auto& key, const auto& dest) { add_destination(table, key, dest); }};
  std::vector<ServiceKey> found;
  if (const Status got = get_services(services, sink, found); !got) return got.error();
  if (const Status listed = list_destinations(found, sink); !listed) return listed.error();
  return table;
}

Result<std::map<ServiceKey, ServiceCounters>> IpvsSocket::counters() {
  std::map<ServiceKey, ServiceCounters> all;
  const Status read =
      read_all({Detail::WithCounters, [&](const auto& service) { all[service.key].service = service.counters; },
                [&](const auto& key, const auto& destination) {
                  all[key].destinations[destination.key] = destination.counters;
                }});
  if (!read) return read.error();
  return all;
}

// ---- changing --------------------------------------------------------------------------------------------------------------

std::vector<Refusal> IpvsSocket::apply(std::span<const Operation> operations) {
  std::vector<Refusal> refusals;
  for (std::size_t first = 0; first < operations.size();) first = apply_some(operations, first, refusals);
  return refusals;
}

// One send. Gives the index of the first operation that was not in it.
std::size_t IpvsSocket::apply_some(std::span<const Operation> operations, std::size_t first,
                                   std::vector<Refusal>& refusals) {
  const std::size_t known = refusals.size();
  Status status = ready();
  Bytes batch;
  const std::uint32_t first_sequence = sequence_ + 1;
  const std::size_t end = fill(batch, operations, first);
  if (status) {
    status = exchange(batch, first_sequence, sequence_, {}, [&](std::uint32_t sequence, int error) {
      refusals.push_back({first + (sequence - first_sequence), system_error("IPVS", error)});
    });
  }
  if (status) return end;
  // What became of them is not known: the next comparison will tell.
  refusals.resize(known);
  for (std::size_t index = first; index < end; ++index) refusals.push_back({index, status.error()});
  return end;
}

// Only the last has an answer in any case: it tells that all of them were carried out or refused.
std::size_t IpvsSocket::fill(Bytes& batch, std::span<const Operation> operations, std::size_t first) {
  std::size_t end = first;
  std::size_t before_last = 0;
  while (end < operations.size() && batch.size() < kBytesPerSend && end - first < most_answers_) {
    before_last = batch.size();
    append_operation(batch, next(), Answer::OnlyRefusals, operations[end++]);
  }
  batch.resize(before_last);
  append_operation(batch, {family_, sequence_}, Answer::Always, operations[end - 1]);
  return end;
}

Status IpvsSocket::flush() {
  return ask(flush_request);
}

Status IpvsSocket::zero(const ServiceKey& service) {
  return ask([&](const Envelope& envelope) { return zero_request(envelope, service); });
}

// ---- sync daemons, timeouts ------------------------------------------------------------------------------------------------

Result<std::vector<SyncDaemon>> IpvsSocket::sync_daemons() {
  std::vector<SyncDaemon> daemons;
  const Status listed = ask(list_sync_daemons_request, [&](const GenericAnswer& answer) {
    if (auto daemon = sync_daemon_in(answer)) daemons.push_back(std::move(*daemon));
  });
  if (!listed) return listed.error();
  return daemons;
}

Status IpvsSocket::start_sync_daemon(const SyncDaemon& daemon) {
  return ask([&](const Envelope& envelope) { return start_sync_daemon_request(envelope, daemon); });
}

// A daemon that is stopped before it ever ran ends with EINTR, and to EINTR netlink gives no answer (netlink_rcv_skb): it is the
// answer to a second question that tells that the first was carried out.
Status IpvsSocket::stop_sync_daemon(SyncDaemon::State state) {
  if (const Status usable = ready(); !usable) return usable;
  const Envelope first = next();
  Bytes batch = stop_sync_daemon_request(first, state);
  const Bytes second = info_request(next());
  batch.insert(batch.end(), second.begin(), second.end());
  Status status = success();
  const Status exchanged = exchange(batch, first.sequence, sequence_, {}, [&](std::uint32_t sequence, int error) {
    if (sequence == first.sequence) status = system_error("IPVS", error);
  });
  return exchanged ? status : exchanged;
}

Result<Timeouts> IpvsSocket::timeouts() {
  std::optional<Timeouts> timeouts;
  const Status asked = ask(get_timeouts_request, [&](const GenericAnswer& answer) { timeouts = timeouts_in(answer); });
  if (!asked) return asked.error();
  if (!timeouts) return system_error("IPVS timeouts", EPROTO);
  return *timeouts;
}

Status IpvsSocket::set_timeouts(const Timeouts& timeouts) {
  return ask([&](const Envelope& envelope) { return set_timeouts_request(envelope, timeouts); });
}

}  // namespace holdfast::ipvs
