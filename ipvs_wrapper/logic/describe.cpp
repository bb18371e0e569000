#include "ipvs_wrapper/logic/describe.h"

#include <fmt/format.h>

namespace holdfast::ipvs {

namespace {

class Differences {
 public:
  void note(const std::string& what, const std::string& found, const std::string& wanted) {
    if (found == wanted) return;
    if (!text_.empty()) text_ += ", ";
    text_ += fmt::format("{} {} instead of {}", what, found, wanted);
  }
  void note(const std::string& what, std::uint64_t found, std::uint64_t wanted) {
    note(what, std::to_string(found), std::to_string(wanted));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string engine_name(const std::string& engine) {
  return engine.empty() ? "none" : engine;
}

std::string netmask_text(std::uint32_t netmask, Family family) {
  return family == Family::IPv4 ? IpAddress::v4(netmask).text() : std::to_string(netmask);
}

std::string tunnel_text(const DestinationSettings& settings) {
  static constexpr const char* kNames[] = {"ipip", "gue", "gre"};
  const std::string type =
      settings.tunnel_type < 3 ? kNames[settings.tunnel_type] : std::to_string(settings.tunnel_type);
  return fmt::format("{}/{}/{}", type, settings.tunnel_port, settings.tunnel_flags);
}

}  // namespace

std::string name_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::Tcp:
      return "tcp";
    case Protocol::Udp:
      return "udp";
    case Protocol::Sctp:
      return "sctp";
  }
  return std::to_string(static_cast<int>(protocol));
}

std::string name_of(Forwarding forwarding) {
  switch (forwarding) {
    case Forwarding::Masquerade:
      return "NAT";
    case Forwarding::Local:
      return "LOCAL";
    case Forwarding::Tunnel:
      return "TUN";
    case Forwarding::DirectRoute:
      return "DR";
    case Forwarding::Bypass:
      return "BYPASS";
  }
  return std::to_string(static_cast<int>(forwarding));
}

std::string name_of(Operation::Kind kind) {
  switch (kind) {
    case Operation::Kind::AddService:
      return "add service";
    case Operation::Kind::EditService:
      return "edit service";
    case Operation::Kind::DeleteService:
      return "delete service";
    case Operation::Kind::AddDestination:
      return "add destination";
    case Operation::Kind::EditDestination:
      return "edit destination";
    case Operation::Kind::DeleteDestination:
      return "delete destination";
  }
  return "unknown";
}

std::string describe(const ServiceKey& service) {
  if (service.fwmark != 0) return fmt::format("FWM {}", service.fwmark);
  return fmt::format("[{}]:{}:{}", service.address.text(), name_of(service.protocol), service.port);
}

std::string describe(const ServiceKey& service, const DestinationKey& destination) {
  if (service.fwmark != 0) return fmt::format("[{}]:{}", destination.address.text(), destination.port);
  return fmt::format("[{}]:{}:{}", destination.address.text(), name_of(service.protocol), destination.port);
}

std::string describe(const Operation& operation) {
  const std::string service = describe(operation.service);
  switch (operation.kind) {
    case Operation::Kind::AddService:
    case Operation::Kind::EditService:
    case Operation::Kind::DeleteService:
      return fmt::format("{} {}", name_of(operation.kind), service);
    default:
      return fmt::format("{} {} of service {}", name_of(operation.kind),
                         describe(operation.service, operation.destination), service);
  }
}

std::string difference(const DestinationSettings& found, const DestinationSettings& wanted) {
  Differences differences;
  differences.note("weight", std::to_string(found.weight), std::to_string(wanted.weight));
  differences.note("forwarding", name_of(found.forwarding), name_of(wanted.forwarding));
  differences.note("upper threshold", found.upper_threshold, wanted.upper_threshold);
  differences.note("lower threshold", found.lower_threshold, wanted.lower_threshold);
  differences.note("tunnel", tunnel_text(found), tunnel_text(wanted));
  return differences.take();
}

std::string difference(const ServiceSettings& found, const ServiceSettings& wanted, Family family) {
  Differences differences;
  differences.note("scheduler", found.scheduler, wanted.scheduler);
  differences.note("flags", fmt::format("{:#x}", found.flags), fmt::format("{:#x}", wanted.flags));
  differences.note("persistence timeout", found.persistence_timeout_s, wanted.persistence_timeout_s);
  differences.note("netmask", netmask_text(found.netmask, family), netmask_text(wanted.netmask, family));
  differences.note("persistence engine", engine_name(found.persistence_engine), engine_name(wanted.persistence_engine));
  return differences.take();
}

}  // namespace holdfast::ipvs
