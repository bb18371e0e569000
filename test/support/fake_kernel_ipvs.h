// An IPVS table that remembers, behind the port KernelIpvs: keeps the kernel's rules (ip_vs_ctl.c: what exists already, what
// is gone, what is refused), writes a journal of what was done, counts calls, and can fail at any step.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ipvs_wrapper/ports.h"

namespace holdfast::test {

class FakeKernelIpvs final : public ipvs::KernelIpvs {
 public:
  // ---- what a test sets --------------------------------------------------------------------------------------------------
  ipvs::Table table;  ///< what the "kernel" holds; a test may change it as ipvsadm would
  std::vector<ipvs::SyncDaemon> daemons;
  ipvs::Timeouts kept_timeouts{900, 120, 300};
  std::map<ipvs::ServiceKey, ipvs::ServiceCounters> kept_counters;
  bool present = true;         ///< false: no IPVS in this kernel
  bool mixed_families = true;  ///< kernels before 3.18 know no IPv4-in-IPv6
  bool tunnel_types = true;    ///< kernels before 5.3 take them and forget them
  std::vector<std::string> schedulers{"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh",
                                      "sh", "sed", "nq", "fo",  "ovf",  "mh",    "none"};
  /// Asked before each operation, with its number since the start: an errno, or 0 to let it pass.
  std::function<int(std::size_t number, const ipvs::Operation& operation)> fail;
  int list_error = 0;  ///< errno of list() and counters()

  // ---- what a test reads -------------------------------------------------------------------------------------------------
  std::vector<ipvs::Operation> journal;  ///< carried out, in order
  std::size_t tried = 0;                 ///< operations, with those refused
  struct Calls {
    int open = 0, list = 0, list_some = 0, apply = 0, flush = 0, zero = 0, start_daemon = 0, stop_daemon = 0,
        timeouts = 0;
  } calls;

  // ---- the port ------------------------------------------------------------------------------------------------------------
  Result<std::uint32_t> open() override;
  Result<ipvs::Table> list() override;
  Result<ipvs::Table> list(std::span<const ipvs::ServiceKey> services) override;
  Result<std::map<ipvs::ServiceKey, ipvs::ServiceCounters>> counters() override;
  std::vector<ipvs::Refusal> apply(std::span<const ipvs::Operation> operations) override;
  Status flush() override;
  Status zero(const ipvs::ServiceKey& service) override;
  Result<std::vector<ipvs::SyncDaemon>> sync_daemons() override;
  Status start_sync_daemon(const ipvs::SyncDaemon& daemon) override;
  Status stop_sync_daemon(ipvs::SyncDaemon::State state) override;
  Result<ipvs::Timeouts> timeouts() override;
  Status set_timeouts(const ipvs::Timeouts& timeouts) override;

 private:
  int carry_out(const ipvs::Operation& operation);
  int change_service(const ipvs::Operation& operation);
  int change_destination(const ipvs::Operation& operation, ipvs::Service& service);
  int check_service(const ipvs::Operation& operation) const;
  int check_destination(const ipvs::Operation& operation) const;
};

}  // namespace holdfast::test
