// All PING_CHECKs of the process share a raw ICMP socket for each family (and each combination of bindto, bind_if and fwmark):
// CAP_NET_RAW, which a child has, instead of the kernel's ping sockets, for which somebody would have to write
// ping_group_range. A random token in the payload says whose answer it is. Owned by checker/io/probe_port.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <tuple>
#include <unordered_map>

#include "checker/io/running_probe.h"
#include "checker/logic/probes/ping.h"
#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::checker {

class EchoSockets {
 public:
  explicit EchoSockets(const ProbeContext& context);
  ~EchoSockets();
  EchoSockets(const EchoSockets&) = delete;
  EchoSockets& operator=(const EchoSockets&) = delete;

  /// A ping that is under way until its EchoProbe is destroyed.
  std::unique_ptr<RunningProbe> make_probe(std::uint64_t id, const ProbeSpec& spec);

 private:
  friend class EchoProbe;
  using Key = std::tuple<Family, IpAddress, std::string, std::uint32_t>;  // bindto, bind_if, fwmark
  struct Socket {
    UniqueFd fd;
    std::size_t users = 0;
    std::unique_ptr<FdWatch> watch;
  };
  struct Waiting {
    EchoKey key;
    std::uint64_t id;
  };

  static Key key_of(const config::CheckEndpoint& endpoint);
  Result<Socket*> socket_for(const config::CheckEndpoint& endpoint);
  void receive(Family family, int fd);
  /// The token under which the answer is awaited, or why nothing could be sent.
  std::variant<std::uint64_t, Verdict> send(std::uint64_t id, const config::CheckEndpoint& endpoint);
  void forget(std::uint64_t token, const config::CheckEndpoint& endpoint);

  ProbeContext context_;
  std::map<Key, Socket> sockets_;
  std::unordered_map<std::uint64_t, Waiting> waiting_;  // by token
  std::mt19937_64 random_;
  std::uint16_t sequence_ = 0;
};

}  // namespace holdfast::checker
