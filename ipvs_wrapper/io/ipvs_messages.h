// The generic netlink family IPVS (<linux/ip_vs.h>) as values of model.h: requests out, answers in. One table of attributes per
// record serves both ways (ipvs_messages.cpp). What the kernel sends is checked like any outside input. ipvs_socket sends and
// receives; nothing here knows a socket.
//
// Kernels: 3.10 has neither address families of destinations (then: that of the service), nor tunnel types, nor 64-bit
// counters; it ignores attributes that it does not know.
#pragma once

#include <optional>

#include "core/netlink/generic.h"
#include "ipvs_wrapper/logic/model.h"

namespace holdfast::ipvs {

inline constexpr const char* kFamilyName = "IPVS";

/// What every request carries.
struct Envelope {
  std::uint16_t family = 0;
  std::uint32_t sequence = 0;
};

// ---- requests ----------------------------------------------------------------------------------------------------------

/// Behind what `batch` holds. Answer::OnlyRefusals: a success has no answer. Answer::Always: an acknowledgement, behind the
/// answer of those that have one.
void append_operation(Bytes& batch, const Envelope& envelope, netlink::Answer answer, const Operation& operation);
Bytes info_request(const Envelope& envelope);
Bytes list_services_request(const Envelope& envelope);
void append_get_service(Bytes& batch, const Envelope& envelope, netlink::Answer answer, const ServiceKey& service);
Bytes list_destinations_request(const Envelope& envelope, const ServiceKey& service);
Bytes flush_request(const Envelope& envelope);
Bytes zero_request(const Envelope& envelope, const ServiceKey& service);
Bytes list_sync_daemons_request(const Envelope& envelope);
Bytes start_sync_daemon_request(const Envelope& envelope, const SyncDaemon& daemon);
Bytes stop_sync_daemon_request(const Envelope& envelope, SyncDaemon::State state);
/// 0 = leave the kernel's value.
Bytes set_timeouts_request(const Envelope& envelope, const Timeouts& timeouts);
Bytes get_timeouts_request(const Envelope& envelope);

// ---- answers -----------------------------------------------------------------------------------------------------------

struct ServiceRecord {
  ServiceKey key;
  ServiceSettings settings;
  Counters counters;
};

struct DestinationRecord {
  Family family = Family::IPv4;  ///< until the message says otherwise: that of the service
  DestinationKey key;
  DestinationSettings settings;
  Counters counters;
};

/// Reading counters costs more than all the rest.
enum class Detail { WithoutCounters, WithCounters };

/// Each gives nothing when the answer is something else, or makes no sense.
std::optional<ServiceRecord> service_in(const netlink::GenericAnswer& answer, Detail detail);
std::optional<DestinationRecord> destination_in(const netlink::GenericAnswer& answer, Family of_service, Detail detail);
std::optional<SyncDaemon> sync_daemon_in(const netlink::GenericAnswer& answer);
/// IP_VS_VERSION_CODE.
std::optional<std::uint32_t> version_in(const netlink::GenericAnswer& answer);
std::optional<Timeouts> timeouts_in(const netlink::GenericAnswer& answer);

}  // namespace holdfast::ipvs
