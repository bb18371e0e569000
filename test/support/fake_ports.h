// A machine made of files, for keepalived_test: a kernel that holds addresses and outlives the processes that use it (as the
// real one does), and a wire of Unix datagram sockets on which several daemons of one machine hear each other without any
// right to touch the network. Everything that happens is appended to log files that the tests read.
//
// Environment: HOLDFAST_TEST_WIRE = directory that all hosts of one wire share; HOLDFAST_TEST_HOST = name of this host;
// HOLDFAST_TEST_LINKS = "lo=10.0.0.1/24,eth1=10.1.0.1/24" (indexes count from 1; the first link is the one on the wire that
// carries index 1, and so on).
//
// Files in the directory: HOST.kernel "INDEX PREFIX" per line, replaced atomically; HOST.events "TIME_US PID add|del|garp
// INDEX PREFIX"; adverts "TIME_US HOST PID INDEX VRID PRIORITY"; HOST.INDEX.sock. Times are CLOCK_MONOTONIC.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/watchdog/io/executor.h"
#include "vrrp/ports.h"

namespace holdfast::test {

struct FakeAddress {
  std::uint32_t index = 0;
  IpPrefix prefix;
  auto operator<=>(const FakeAddress&) const = default;
};

struct FakeLink {
  std::uint32_t index = 0;
  std::string name;
  IpPrefix address;
};

/// Where the files are and what the host has, as the environment says. Ends the process with a message when it says nothing.
struct FakeMachine {
  std::string directory, host;
  std::vector<FakeLink> links;

  static FakeMachine of_environment();
  std::string file(const std::string& suffix) const { return directory + "/" + host + suffix; }
  void append(const std::string& path, const std::string& line) const;
};

/// The kernel's table of addresses. Several processes may change it at the same time; none of them can leave it half written.
class FakeKernel {
 public:
  explicit FakeKernel(FakeMachine machine) : machine_(std::move(machine)) {}

  std::set<FakeAddress> addresses() const;
  /// False when it was there already.
  bool add(const FakeAddress& address);
  /// False when it was not there.
  bool remove(const FakeAddress& address);
  const FakeMachine& machine() const { return machine_; }

 private:
  bool change(const FakeAddress& address, bool adding);

  FakeMachine machine_;
};

/// For vrrp::run.
vrrp::Ports make_fake_ports(EventLoop& loop, vrrp::EventSink sink);
/// For watchdog::main_program: last wills take addresses out of the same table.
std::unique_ptr<watchdog::Executor> make_fake_executor(EventLoop& loop, const watchdog::Complain& complain);

}  // namespace holdfast::test
