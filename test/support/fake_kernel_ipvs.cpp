#include "test/support/fake_kernel_ipvs.h"

#include <algorithm>
#include <cerrno>

namespace holdfast::test {

using namespace ipvs;

namespace {

using Kind = Operation::Kind;

constexpr std::uint32_t kVersion = 0x010201;
constexpr std::uint8_t kGue = 1;

// ip_vs_lookup_dest: the port of a mark's destination is not looked at.
Destinations::iterator lookup(Service& service, const ServiceKey& key, const DestinationKey& destination) {
  if (key.fwmark == 0) return service.destinations.find(destination);
  return std::ranges::find_if(service.destinations,
                              [&](const auto& known) { return known.first.address == destination.address; });
}

}  // namespace

Result<std::uint32_t> FakeKernelIpvs::open() {
  ++calls.open;
  if (!present) return Error{"IPVS: Can't initialize ipvs: Protocol not available", ENOPROTOOPT};
  return kVersion;
}

Result<Table> FakeKernelIpvs::list() {
  ++calls.list;
  if (list_error != 0) return system_error("IPVS", list_error);
  return table;
}

Result<Table> FakeKernelIpvs::list(std::span<const ServiceKey> services) {
  ++calls.list_some;
  if (list_error != 0) return system_error("IPVS", list_error);
  Table some;
  for (const ServiceKey& key : services) {
    if (const auto found = table.find(key); found != table.end()) some.insert(*found);
  }
  return some;
}

Result<std::map<ServiceKey, ServiceCounters>> FakeKernelIpvs::counters() {
  if (list_error != 0) return system_error("IPVS", list_error);
  return kept_counters;
}

std::vector<Refusal> FakeKernelIpvs::apply(std::span<const Operation> operations) {
  ++calls.apply;
  std::vector<Refusal> refusals;
  for (std::size_t index = 0; index < operations.size(); ++index) {
    const Operation& operation = operations[index];
    int error = fail ? fail(tried, operation) : 0;
    ++tried;
    if (error == 0) error = carry_out(operation);
    if (error == 0) {
      journal.push_back(operation);
    } else {
      refusals.push_back({index, system_error("IPVS", error)});
    }
  }
  return refusals;
}

int FakeKernelIpvs::carry_out(const Operation& operation) {
  if (!present) return ENOENT;
  const auto found = table.find(operation.service);
  if (operation.kind != Kind::AddService && found == table.end()) return ESRCH;
  switch (operation.kind) {
    case Kind::AddService:
      if (found != table.end()) return EEXIST;
      [[fallthrough]];
    case Kind::EditService:
      return change_service(operation);
    case Kind::DeleteService:
      table.erase(found);
      return 0;
    default:
      return change_destination(operation, found->second);
  }
}

int FakeKernelIpvs::change_service(const Operation& operation) {
  if (const int error = check_service(operation); error != 0) return error;
  ServiceSettings& settings = table[operation.service].settings;
  settings = operation.service_settings;
  settings.flags |= service_flag::kHashed;
  return 0;
}

int FakeKernelIpvs::check_service(const Operation& operation) const {
  const ServiceSettings& settings = operation.service_settings;
  if (std::ranges::find(schedulers, settings.scheduler) == schedulers.end()) return ENOENT;
  if (!settings.persistence_engine.empty() && settings.persistence_engine != "sip") return ENOENT;
  const bool v6 = operation.service.family == Family::IPv6;
  return v6 && (settings.netmask < 1 || settings.netmask > 128) ? EINVAL : 0;
}

int FakeKernelIpvs::change_destination(const Operation& operation, Service& service) {
  const auto found = lookup(service, operation.service, operation.destination);
  const bool exists = found != service.destinations.end();
  if (operation.kind == Kind::DeleteDestination) {
    if (exists) service.destinations.erase(found);
    return exists ? 0 : ENOENT;
  }
  if (const int error = check_destination(operation); error != 0) return error;
  if (exists == (operation.kind == Kind::AddDestination)) return exists ? EEXIST : ENOENT;
  DestinationSettings& settings = exists ? found->second : service.destinations[operation.destination];
  settings = operation.destination_settings;
  if (!tunnel_types) settings.tunnel_type = 0, settings.tunnel_port = 0, settings.tunnel_flags = 0;
  return 0;
}

int FakeKernelIpvs::check_destination(const Operation& operation) const {
  const DestinationSettings& settings = operation.destination_settings;
  if (settings.weight < 0 || settings.lower_threshold > settings.upper_threshold) return ERANGE;
  if (settings.tunnel_type == kGue && settings.tunnel_port == 0) return EINVAL;
  const bool mixed = operation.destination.address.family() != operation.service.family;
  if (!mixed) return 0;
  return mixed_families && daemons.empty() && settings.forwarding == Forwarding::Tunnel ? 0 : EINVAL;
}

Status FakeKernelIpvs::flush() {
  ++calls.flush;
  table.clear();
  return success();
}

Status FakeKernelIpvs::zero(const ServiceKey& service) {
  ++calls.zero;
  if (!table.contains(service)) return system_error("IPVS", ESRCH);
  kept_counters.erase(service);
  return success();
}

Result<std::vector<SyncDaemon>> FakeKernelIpvs::sync_daemons() {
  return daemons;
}

Status FakeKernelIpvs::start_sync_daemon(const SyncDaemon& daemon) {
  ++calls.start_daemon;
  const bool runs = std::ranges::any_of(daemons, [&](const SyncDaemon& d) { return d.state == daemon.state; });
  if (runs) return system_error("IPVS", EEXIST);
  daemons.push_back(daemon);
  return success();
}

Status FakeKernelIpvs::stop_sync_daemon(SyncDaemon::State state) {
  ++calls.stop_daemon;
  const auto stopped = std::erase_if(daemons, [&](const SyncDaemon& d) { return d.state == state; });
  return stopped > 0 ? success() : Status(system_error("IPVS", ESRCH));
}

Result<Timeouts> FakeKernelIpvs::timeouts() {
  return kept_timeouts;
}

Status FakeKernelIpvs::set_timeouts(const Timeouts& timeouts) {
  ++calls.timeouts;
  if (timeouts.tcp_s != 0) kept_timeouts.tcp_s = timeouts.tcp_s;
  if (timeouts.tcp_fin_s != 0) kept_timeouts.tcp_fin_s = timeouts.tcp_fin_s;
  if (timeouts.udp_s != 0) kept_timeouts.udp_s = timeouts.udp_s;
  return success();
}

}  // namespace holdfast::test
