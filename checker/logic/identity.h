// What makes a service, a server or a check the same one as before: across a reload, and between a process and its successor.
// behaviour.md e.5: services by address, port and protocol | mark and family | group; servers by address and port.
#pragma once

#include <cstdint>
#include <string>

#include "core/config/schema/virtual_server.h"

namespace holdfast::checker {

std::string identity_of(const config::VirtualServer& service);
std::string identity_of(const config::RealServer& server);

/// 64-bit FNV-1a, fed piece by piece; the same in every process.
class Fingerprint {
 public:
  void add(std::string_view octets);
  void add(std::uint64_t number);
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace holdfast::checker
