// The real KernelIpvs: one generic netlink socket, blocking for as long as the kernel works. Many operations go into one send;
// a success has no answer of its own, so that a send costs two system calls whatever it carries. ipvs_messages knows the bytes,
// this file who waits for what. Absent: what to do about a refusal (Reconciler).
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "ipvs_wrapper/io/ipvs_messages.h"
#include "ipvs_wrapper/ports.h"

namespace holdfast::ipvs {

class IpvsSocket final : public KernelIpvs {
 public:
  /// Octets per send: a kernel of 3.10 takes them in one piece from contiguous memory.
  static constexpr std::size_t kBytesPerSend = 32 * 1024;

  /// One send of refusals, or of answers about services, each of which the kernel charges with up to 5 KiB.
  static constexpr int kReceiveBuffer = 4 << 20;

  /// net_namespace_ipvs: from now on this is the socket, or there is none. Before anything else is asked.
  void stay_with(Result<netlink::Socket> socket);
  /// lvs_netlink_cmd_rcv_bufs: octets of the receive buffer, 0 = ours, from the next use on; may be called while another thread
  /// uses the rest. What one send may be answered with is kept small enough for it.
  void size_receive_buffer(std::uint32_t octets, bool force);

  IpvsSocket();
  Result<std::uint32_t> open() override;
  Result<Table> list() override;
  Result<Table> list(std::span<const ServiceKey> services) override;
  Result<std::map<ServiceKey, ServiceCounters>> counters() override;
  std::vector<Refusal> apply(std::span<const Operation> operations) override;
  Status flush() override;
  Status zero(const ServiceKey& service) override;
  Result<std::vector<SyncDaemon>> sync_daemons() override;
  Status start_sync_daemon(const SyncDaemon& daemon) override;
  Status stop_sync_daemon(SyncDaemon::State state) override;
  Result<Timeouts> timeouts() override;
  Status set_timeouts(const Timeouts& timeouts) override;

 private:
  using Handler = std::function<void(const netlink::GenericAnswer&)>;
  using Builder = std::function<Bytes(const Envelope&)>;
  using RefusalHandler = std::function<void(std::uint32_t sequence, int error)>;
  struct Sink;

  Status connect();
  Status open_socket();
  Status ready();
  void obey_size();
  void lose_answers();
  Envelope next() { return {family_, ++sequence_}; }
  Status exchange(ByteView request, std::uint32_t first, std::uint32_t last, const Handler& answer,
                  const RefusalHandler& refused);
  Status ask(const Builder& build, const Handler& answer = {});
  Status list_services(const Sink& sink, std::vector<ServiceKey>& found);
  Status get_services(std::span<const ServiceKey> wanted, const Sink& sink, std::vector<ServiceKey>& found);
  Status list_destinations(std::span<const ServiceKey> services, const Sink& sink);
  Status read_all(const Sink& sink);
  std::size_t apply_some(std::span<const Operation> operations, std::size_t first, std::vector<Refusal>& refusals);
  std::size_t fill(Bytes& batch, std::span<const Operation> operations, std::size_t first);

  std::optional<netlink::Socket> socket_;
  std::optional<Status> place_;  ///< of stay_with: whether there is a socket, which is never opened anew
  bool connected_ = false;
  std::atomic<std::uint64_t> wanted_size_{0};  ///< octets × 2, + 1 for force
  std::uint64_t size_ = 0;                     ///< the one that counts for socket_
  std::size_t most_answers_;                   ///< that the receive buffer holds
  std::uint16_t family_ = 0;
  std::uint32_t sequence_ = 0;
};

}  // namespace holdfast::ipvs
