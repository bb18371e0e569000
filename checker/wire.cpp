#include "checker/wire.h"

#include <algorithm>

namespace holdfast::checker {
namespace {

constexpr const char* kServiceKind = "service/";
constexpr const char* kServerKind = "server/";
/// Times that can be added and subtracted without a thought: 30 years.
constexpr std::int64_t kLongest_us = 1'000'000'000'000'000;

bool credible(std::int64_t us) {
  return us >= 0 && us < kLongest_us;
}

void to_wire(const ipvs::ServiceKey& key, proto::IpvsServiceKey& wire) {
  wire.set_ipv6(key.family == Family::IPv6);
  wire.set_fwmark(key.fwmark);
  wire.set_protocol(static_cast<std::uint32_t>(key.protocol));
  const ByteView octets = key.address.bytes();
  wire.set_address(std::string(reinterpret_cast<const char*>(octets.data()), octets.size()));
  wire.set_port(key.port);
}

std::optional<ipvs::ServiceKey> key_from_wire(const proto::IpvsServiceKey& wire) {
  const auto octets = reinterpret_cast<const std::uint8_t*>(wire.address().data());
  const auto address = IpAddress::from_bytes({octets, wire.address().size()});
  const bool known_protocol = wire.protocol() == 6 || wire.protocol() == 17 || wire.protocol() == 132;
  if (!address || !known_protocol || wire.port() > 65535) return std::nullopt;
  ipvs::ServiceKey key;
  key.family = wire.ipv6() ? Family::IPv6 : Family::IPv4;
  if (address->family() != key.family) return std::nullopt;
  key.fwmark = wire.fwmark();
  key.protocol = static_cast<ipvs::Protocol>(wire.protocol());
  key.address = *address;
  key.port = static_cast<std::uint16_t>(wire.port());
  return key;
}

void to_wire(const CheckRecord& check, proto::CheckRecord& wire) {
  wire.set_identity(check.identity);
  wire.set_what(check.what);
  wire.set_known(check.known);
  wire.set_up(check.up);
  wire.set_failures(check.failures);
  wire.set_url(check.url);
  if (check.weight) wire.set_weight(*check.weight);
  wire.set_weight_delta(check.weight_delta);
  wire.set_failure(static_cast<std::uint32_t>(check.failure));
  if (check.failure != Failure::None) wire.set_failure_word(std::string(failure_word(check.failure)));
  wire.set_detail(check.detail);
}

CheckRecord check_from_wire(const proto::CheckRecord& wire) {
  CheckRecord check;
  check.identity = wire.identity();
  check.what = wire.what();
  check.known = wire.known();
  check.up = wire.up();
  check.failures = wire.failures();
  check.url = wire.url();
  if (wire.has_weight()) check.weight = wire.weight();
  check.weight_delta = wire.weight_delta();
  const auto last = static_cast<std::uint32_t>(Failure::FileValue);
  check.failure = wire.failure() <= last ? static_cast<Failure>(wire.failure()) : Failure::ConnectFailed;
  check.detail = wire.detail();
  return check;
}

}  // namespace

std::string service_record_key(const std::string& service) {
  return kServiceKind + service;
}

std::string server_record_key(const std::string& service, const std::string& server) {
  return kServerKind + service + "/" + server;
}

proto::CheckedServiceRecord to_wire(const ServiceRecord& record) {
  proto::CheckedServiceRecord wire;
  wire.set_service(record.service);
  wire.set_name(record.name);
  wire.set_quorum_up(record.quorum_up);
  wire.set_suspended(record.suspended);
  wire.set_since_us(to_us(record.since));
  for (const ipvs::ServiceKey& key : record.keys) to_wire(key, *wire.add_keys());
  wire.set_mark(record.mark);
  wire.set_marks_refused(record.marks_refused);
  return wire;
}

proto::CheckedServerRecord to_wire(const ServerRecord& record) {
  proto::CheckedServerRecord wire;
  wire.set_service(record.service);
  wire.set_server(record.server);
  wire.set_service_name(record.service_name);
  wire.set_server_name(record.server_name);
  wire.set_alive(record.alive);
  wire.set_weight(record.weight);
  wire.set_since_us(to_us(record.since));
  for (const CheckRecord& check : record.checks) to_wire(check, *wire.add_checks());
  return wire;
}

Result<ServiceRecord> service_from_wire(const std::string& key, const std::string& value) {
  proto::CheckedServiceRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  if (service_record_key(wire.service()) != key) return Error{"it is not about what its key says"};
  if (!credible(wire.since_us())) return Error{"its times cannot be"};
  ServiceRecord record;
  record.service = wire.service();
  record.name = wire.name();
  record.quorum_up = wire.quorum_up();
  record.suspended = wire.suspended();
  record.since = from_us(wire.since_us());
  for (const proto::IpvsServiceKey& in : wire.keys()) {
    const auto service = key_from_wire(in);
    if (!service) return Error{"it holds a malformed service"};
    record.keys.push_back(*service);
  }
  record.mark = wire.mark();
  record.marks_refused = wire.marks_refused();
  return record;
}

Result<ServerRecord> server_from_wire(const std::string& key, const std::string& value) {
  proto::CheckedServerRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  if (server_record_key(wire.service(), wire.server()) != key) return Error{"it is not about what its key says"};
  if (!credible(wire.since_us())) return Error{"its times cannot be"};
  ServerRecord record;
  record.service = wire.service();
  record.server = wire.server();
  record.service_name = wire.service_name();
  record.server_name = wire.server_name();
  record.alive = wire.alive();
  record.weight = std::clamp(wire.weight(), 0, 65535);
  record.since = from_us(wire.since_us());
  for (const proto::CheckRecord& check : wire.checks()) record.checks.push_back(check_from_wire(check));
  return record;
}

Past past_from_wire(const proto::Records& records, std::vector<std::string>& dropped) {
  Past past;
  const auto drop = [&dropped](const std::string& key, const Error& why) {
    dropped.push_back("Dropping the record '" + key + "': " + why.message);
  };
  for (const proto::Record& record : records.records()) {
    if (record.key().starts_with(kServiceKind)) {
      if (auto service = service_from_wire(record.key(), record.value()))
        past.services.push_back(std::move(*service));
      else
        drop(record.key(), service.error());
    } else if (record.key().starts_with(kServerKind)) {
      if (auto server = server_from_wire(record.key(), record.value()))
        past.servers.push_back(std::move(*server));
      else
        drop(record.key(), server.error());
    }
  }
  return past;
}

}  // namespace holdfast::checker
