// What the checker needs of the world, each with a real implementation in io/ and a fake that remembers in test/support.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "checker/logic/events.h"
#include "checker/logic/probe.h"
#include "core/base/result.h"
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

struct Ports {
  std::unique_ptr<ProbePort> probes;
  std::unique_ptr<FilePort> files;
  std::unique_ptr<AddressPort> addresses;
  std::unique_ptr<ipvs::KernelIpvs> ipvs;
  /// For list() beside the loop: a table of 100 000 destinations takes a second to read.
  std::unique_ptr<ipvs::KernelIpvs> ipvs_reader;
};

}  // namespace holdfast::checker
