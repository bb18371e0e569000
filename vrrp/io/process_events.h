// The kernel's own news of processes (netlink connector, CN_PROC): forks, executions, new names, ends. The kernel gives them
// only to root of the initial user and pid namespaces, through a socket of the initial network namespace; whoever does not get
// them must look at /proc now and then (process_watch.h). Absent: what the news mean.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::vrrp {

struct ProcessEvent {
  enum class Kind : std::uint8_t { Confirmed, Forked, Changed, Ended } kind{};
  std::int32_t process = 0;
  std::int32_t parent = 0;  ///< of Forked
  bool operator==(const ProcessEvent&) const = default;
};

/// Reads one datagram of the connector; what is about threads, or of no interest, is left out. `token` is that of subscribe().
std::vector<ProcessEvent> parse_process_events(ByteView datagram, std::uint32_t token);

/// How large the socket's buffer is to be.
struct EventBuffer {
  std::optional<std::uint32_t> octets;  ///< unset = the kernel's
  bool force = false;                   ///< beyond the host's limit
};

class ProcessEventSocket {
 public:
  /// Asks for the events; Confirmed comes when they are given.
  static Result<ProcessEventSocket> open(const EventBuffer& buffer);

  int fd() const { return fd_.get(); }
  enum class Outcome : std::uint8_t { Nothing, Events, Lost };
  /// One datagram; Lost: some events were dropped by the kernel.
  Outcome receive(std::vector<ProcessEvent>& events);

 private:
  ProcessEventSocket(UniqueFd fd, std::uint32_t token) : fd_(std::move(fd)), token_(token) {}

  UniqueFd fd_;
  std::uint32_t token_ = 0;
};

}  // namespace holdfast::vrrp
