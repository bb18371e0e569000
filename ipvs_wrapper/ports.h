// The kernel's IPVS as the checker sees it; io/ipvs_socket is the real one, test/support/fake_kernel_ipvs remembers.
// Calls are synchronous: the checker is no election loop, and a netlink answer of the own kernel does not wait for anybody.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "ipvs_wrapper/logic/model.h"

namespace holdfast::ipvs {

/// An operation the kernel refused; `index` counts in the span that was applied.
struct Refusal {
  std::size_t index = 0;
  Error error;  ///< code: errno of the kernel
};

struct ServiceCounters {
  Counters service;
  std::map<DestinationKey, Counters> destinations;
};

class KernelIpvs {
 public:
  virtual ~KernelIpvs() = default;
  /// IP_VS_VERSION_CODE of the kernel; has the module loaded if it is missing. An error: no IPVS in this kernel; its message is
  /// the line for the log, "IPVS: Can't initialize ipvs: T" (log_lines.md 4). May be called again.
  virtual Result<std::uint32_t> open() = 0;
  virtual Result<Table> list() = 0;
  /// Those of `services` that exist: a part of the table, so that a big one can be compared in slices.
  virtual Result<Table> list(std::span<const ServiceKey> services) = 0;
  virtual Result<std::map<ServiceKey, ServiceCounters>> counters() = 0;
  /// All of them, in order, many in one send; goes on after a refusal and gives every one back.
  virtual std::vector<Refusal> apply(std::span<const Operation> operations) = 0;
  virtual Status flush() = 0;
  virtual Status zero(const ServiceKey& service) = 0;
  virtual Result<std::vector<SyncDaemon>> sync_daemons() = 0;
  virtual Status start_sync_daemon(const SyncDaemon& daemon) = 0;
  virtual Status stop_sync_daemon(SyncDaemon::State state) = 0;
  virtual Result<Timeouts> timeouts() = 0;
  virtual Status set_timeouts(const Timeouts& timeouts) = 0;
};

}  // namespace holdfast::ipvs
