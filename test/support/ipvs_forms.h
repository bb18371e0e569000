// Tables for ipvs_tool: every form of service and destination that the kernel knows, and many of one form.
#pragma once

#include <cstdint>
#include <string>

#include "ipvs_wrapper/logic/model.h"

namespace holdfast::ipvs {

IpAddress address(const std::string& text);
ServiceKey service_at(const std::string& text, std::uint16_t port, Protocol protocol = Protocol::Tcp);
/// Of a firewall mark.
ServiceKey mark(std::uint32_t number, Family family);

DestinationSettings weighted(Forwarding forwarding, int weight);
DestinationSettings tunnel(std::uint8_t type, std::uint16_t port, std::uint16_t flags);

/// Services whose destinations are of all methods.
Table destinations();
Table every_form();
/// 10.0.0.0, 10.0.0.1, … port 80, each with so many destinations.
Table many(unsigned services, unsigned destinations);

}  // namespace holdfast::ipvs
