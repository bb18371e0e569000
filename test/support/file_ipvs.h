// An IPVS table that outlives the processes that use it, as the kernel's does: a journal in a file, replayed by whoever opens it.
// Tests read it (who did what when) and write to it (somebody's ipvsadm -C). Several processes may change it at the same time.
//
// A line: TIME_US PID then one of
//   S+ | S= | S- KEY [SCHEDULER FLAGS TIMEOUT NETMASK ENGINE]      a service is added, edited, deleted
//   D+ | D= | D- KEY ADDRESS PORT [FORWARDING WEIGHT UPPER LOWER]  a destination
//   C                                                              cleared
// with KEY = FAMILY/MARK/PROTOCOL/ADDRESS/PORT. Times are CLOCK_MONOTONIC.
#pragma once

#include <string>

#include "core/runtime/unique_fd.h"
#include "test/support/fake_kernel_ipvs.h"

namespace holdfast::test {

class FileIpvs final : public ipvs::KernelIpvs {
 public:
  explicit FileIpvs(std::string path) : path_(std::move(path)) {}

  Result<std::uint32_t> open() override;
  Result<ipvs::Table> list() override;
  Result<ipvs::Table> list(std::span<const ipvs::ServiceKey> services) override;
  Result<std::map<ipvs::ServiceKey, ipvs::ServiceCounters>> counters() override { return fake_.counters(); }
  std::vector<ipvs::Refusal> apply(std::span<const ipvs::Operation> operations) override;
  Status flush() override;
  Status zero(const ipvs::ServiceKey& service) override { return fake_.zero(service); }
  Result<std::vector<ipvs::SyncDaemon>> sync_daemons() override { return fake_.sync_daemons(); }
  Status start_sync_daemon(const ipvs::SyncDaemon& daemon) override { return fake_.start_sync_daemon(daemon); }
  Status stop_sync_daemon(ipvs::SyncDaemon::State state) override { return fake_.stop_sync_daemon(state); }
  Result<ipvs::Timeouts> timeouts() override { return fake_.timeouts(); }
  Status set_timeouts(const ipvs::Timeouts& timeouts) override { return fake_.set_timeouts(timeouts); }

 private:
  class Locked;
  void catch_up();
  void replay(const std::string& line);
  void append(const std::string& lines);

  std::string path_;
  UniqueFd fd_;
  std::size_t read_ = 0;  ///< octets of the journal that are in the table
  FakeKernelIpvs fake_;
};

}  // namespace holdfast::test
