// Services, destinations and operations in the words of the log (log_lines.md 4): "[10.0.0.1]:tcp:80", "FWM 3". The
// reconciler uses it for its findings, the checker for its own lines. Absent: the prefix "IPVS:", which the caller adds.
#pragma once

#include <string>

#include "ipvs_wrapper/logic/model.h"

namespace holdfast::ipvs {

/// "tcp", "udp", "sctp".
std::string name_of(Protocol protocol);
/// "NAT", "DR", "TUN", "LOCAL", "BYPASS": the words of lb_kind, and the kernel's for what lb_kind cannot say.
std::string name_of(Forwarding forwarding);
/// "add service", "edit destination", …
std::string name_of(Operation::Kind kind);

std::string describe(const ServiceKey& service);
/// "[10.0.0.2]:tcp:80"; a destination of a mark has no protocol: "[10.0.0.2]:80".
std::string describe(const ServiceKey& service, const DestinationKey& destination);
/// "add destination [10.0.0.2]:tcp:80 of service [10.0.0.1]:tcp:80".
std::string describe(const Operation& operation);

/// What differs, as "weight 3 instead of 1, forwarding NAT instead of DR"; empty when nothing does.
std::string difference(const DestinationSettings& found, const DestinationSettings& wanted);
std::string difference(const ServiceSettings& found, const ServiceSettings& wanted, Family family);

}  // namespace holdfast::ipvs
