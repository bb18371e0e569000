// What the checker needs of the world, each with a real implementation in io/ and a fake that remembers in test/support.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checker/logic/effects.h"
#include "checker/logic/events.h"
#include "checker/logic/probe.h"
#include "core/base/result.h"
#include "core/config/schema/daemon_settings.h"
#include "ipvs_wrapper/ports.h"

namespace holdfast::checker {

using EventSink = std::function<void(const Event&)>;

/// Runs probes; each ends in exactly one ProbeFinished, unless it is cancelled. Never calls back from inside start().
class ProbePort {
 public:
  virtual ~ProbePort() = default;
  virtual void start(std::uint64_t id, const ProbeSpec& spec) = 0;
  virtual void cancel(std::uint64_t id) = 0;
  /// Certificates for SSL_GET, from the block SSL. An error names the file; probes then go on without it.
  virtual Status use_certificates(const config::TlsClient& client) = 0;
};

/// Files of FILE_CHECK: FileChanged with the first number, then after each change.
class FilePort {
 public:
  virtual ~FilePort() = default;
  virtual Status watch(const std::string& path) = 0;
  virtual void unwatch(const std::string& path) = 0;
};

/// Addresses of this host, for ha_suspend: AddressChanged for each that is there, then for every change.
class AddressPort {
 public:
  virtual ~AddressPort() = default;
  /// Tells what is there before it returns. May be called again without effect.
  virtual Status start() = 0;
};

/// The table of nftables that sets firewall marks (nftables_ipvs). Orders are carried out before the call returns, or
/// refused; what is told comes later from the loop, but for a kernel that gives no socket.
class MarkPort {
 public:
  /// errno, and what the kernel refused; 0: done.
  using Told = std::function<void(int error, const std::string& object)>;
  /// What is not as it should be, each a sentence without its end; empty when all is.
  using Found = std::function<void(std::vector<std::string> findings)>;

  virtual ~MarkPort() = default;
  /// Whose tables they are: the pid file.
  virtual void owned_by(const std::string& owner) = 0;
  /// What differs from the last plan that was put or adopted; without one, in place of what stands under this name.
  virtual void put(const MarkPlan& plan, Told told) = 0;
  /// A predecessor may have put it: what is as it should be stays untouched, all else is replaced. Later, from the loop.
  virtual void adopt(const MarkPlan& plan, Told told) = 0;
  /// In place of what stands under this name.
  virtual void renew(const MarkPlan& plan, Told told) = 0;
  virtual void remove(const std::string& table, Told told) = 0;
  /// What the owner left goes, but for the table of this name.
  virtual void sweep(const std::string& keep, Told told) = 0;
  virtual void look(const MarkPlan& plan, Found found) = 0;
};

struct Ports {
  std::unique_ptr<ProbePort> probes;
  std::unique_ptr<FilePort> files;
  std::unique_ptr<AddressPort> addresses;
  std::unique_ptr<MarkPort> marks;
  std::unique_ptr<ipvs::KernelIpvs> ipvs;
  /// For list() beside the loop: a table of 100 000 destinations takes a second to read.
  std::unique_ptr<ipvs::KernelIpvs> ipvs_reader;
  /// net_namespace_ipvs: both of them, and marks, work in the namespace of this name from now on. Needs CAP_SYS_ADMIN. Null in fakes.
  std::function<Status(const std::string& name)> move_ipvs{};
  /// lvs_netlink_*_rcv_bufs: of the sockets that are open and of those to come. Null in fakes.
  std::function<void(const config::DaemonSettings& daemon)> size_buffers{};
};

}  // namespace holdfast::checker
