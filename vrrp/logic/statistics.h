// Counters of one virtual router and their text in keepalived's statistics file (behaviour.md f.5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/rare.h"

namespace holdfast::vrrp {

/// What was wrong with packets.
struct PacketErrors {
  std::uint64_t length = 0;
  std::uint64_t ttl = 0;
  std::uint64_t type = 0;
  std::uint64_t interval = 0;
  std::uint64_t address_list = 0;
  std::uint64_t invalid_authentication_type = 0;
  std::uint64_t authentication_type_mismatch = 0;
  std::uint64_t authentication_failures = 0;
  // ---
  std::uint64_t version = 0;
  std::uint64_t checksum = 0;
  std::uint64_t destination = 0;
  std::uint64_t ignored_as_owner = 0;
  bool operator==(const PacketErrors&) const = default;
};

/// Everything counted since start or the last clear_statistics(). The ones below the line have no place in keepalived's
/// file.
struct Statistics {
  std::uint64_t adverts_received = 0;
  std::uint64_t adverts_sent = 0;
  std::uint32_t became_active = 0;
  std::uint32_t released_active = 0;
  std::uint32_t priority_zero_received = 0;
  std::uint32_t priority_zero_sent = 0;
  Rare<PacketErrors> errors;
  // ---
  std::uint32_t late_listens = 0;  ///< times the process had been frozen and listened before it spoke
  std::uint64_t conflicts = 0;     ///< times another router was Active while we were and stayed it
  bool operator==(const Statistics&) const = default;
};

/// The block of one instance, with its newline at the end (samples/2.2.7-keepalived.stats).
std::string statistics_block(std::string_view instance, const Statistics& counters);

}  // namespace holdfast::vrrp
