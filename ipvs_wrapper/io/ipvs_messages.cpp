#include "ipvs_wrapper/io/ipvs_messages.h"

#include <linux/ip_vs.h>

#include "ipvs_wrapper/io/ipvs_tables.h"

namespace holdfast::ipvs {

namespace {

using netlink::Answer;
using netlink::Attributes;
using netlink::GenericAnswer;
using netlink::GenericRequest;

GenericRequest begin(const Envelope& envelope, std::uint8_t command, Answer answer) {
  return GenericRequest({envelope.family, command, IPVS_GENL_VERSION, answer, envelope.sequence});
}

Bytes finish(const GenericRequest& request) {
  Bytes bytes;
  request.append_to(bytes);
  return bytes;
}

Bytes plain(const Envelope& envelope, std::uint8_t command, Answer answer) {
  return finish(begin(envelope, command, answer));
}

void put_service(GenericRequest& request, const ServiceKey& key, const ServiceSettings* settings) {
  ServiceRecord record{key, settings == nullptr ? ServiceSettings{} : *settings, {}};
  request.begin_nested(IPVS_CMD_ATTR_SERVICE);
  put_rows(request, service_rows(), record, settings != nullptr);
  request.end_nested();
}

void put_destination(GenericRequest& request, const Operation& operation, bool settings) {
  const DestinationRecord record{
      operation.destination.address.family(), operation.destination, operation.destination_settings, {}};
  request.begin_nested(IPVS_CMD_ATTR_DEST);
  put_rows(request, destination_rows(), record, settings);
  request.end_nested();
}

Bytes about_service(const Envelope& envelope, std::uint8_t command, Answer answer, const ServiceKey& key) {
  GenericRequest request = begin(envelope, command, answer);
  put_service(request, key, nullptr);
  return finish(request);
}

Bytes about_sync_daemon(const Envelope& envelope, std::uint8_t command, const SyncDaemon& daemon, bool settings) {
  GenericRequest request = begin(envelope, command, Answer::Always);
  request.begin_nested(IPVS_CMD_ATTR_DAEMON);
  put_rows(request, sync_daemon_rows(), daemon, settings);
  request.end_nested();
  return finish(request);
}

std::uint8_t command_of(Operation::Kind kind) {
  switch (kind) {
    case Operation::Kind::AddService:
      return IPVS_CMD_NEW_SERVICE;
    case Operation::Kind::EditService:
      return IPVS_CMD_SET_SERVICE;
    case Operation::Kind::DeleteService:
      return IPVS_CMD_DEL_SERVICE;
    case Operation::Kind::AddDestination:
      return IPVS_CMD_NEW_DEST;
    case Operation::Kind::EditDestination:
      return IPVS_CMD_SET_DEST;
    case Operation::Kind::DeleteDestination:
      return IPVS_CMD_DEL_DEST;
  }
  return IPVS_CMD_UNSPEC;
}

bool names_a_service(const Attributes& attributes) {
  const bool by_mark = attributes.u32(IPVS_SVC_ATTR_FWMARK).value_or(0) != 0;
  const bool by_address = attributes.has(IPVS_SVC_ATTR_PROTOCOL) && attributes.has(IPVS_SVC_ATTR_ADDR) &&
                          attributes.has(IPVS_SVC_ATTR_PORT);
  return attributes.has(IPVS_SVC_ATTR_AF) && (by_mark || by_address);
}

}  // namespace

void append_operation(Bytes& batch, const Envelope& envelope, Answer answer, const Operation& operation) {
  using Kind = Operation::Kind;
  GenericRequest request = begin(envelope, command_of(operation.kind), answer);
  const bool whole_service = operation.kind == Kind::AddService || operation.kind == Kind::EditService;
  const bool whole_destination = operation.kind == Kind::AddDestination || operation.kind == Kind::EditDestination;
  put_service(request, operation.service, whole_service ? &operation.service_settings : nullptr);
  if (whole_destination || operation.kind == Kind::DeleteDestination) {
    put_destination(request, operation, whole_destination);
  }
  request.append_to(batch);
}

Bytes info_request(const Envelope& envelope) {
  return plain(envelope, IPVS_CMD_GET_INFO, Answer::Always);
}

Bytes list_services_request(const Envelope& envelope) {
  return plain(envelope, IPVS_CMD_GET_SERVICE, Answer::Dump);
}

void append_get_service(Bytes& batch, const Envelope& envelope, Answer answer, const ServiceKey& service) {
  GenericRequest request = begin(envelope, IPVS_CMD_GET_SERVICE, answer);
  put_service(request, service, nullptr);
  request.append_to(batch);
}

Bytes list_destinations_request(const Envelope& envelope, const ServiceKey& service) {
  return about_service(envelope, IPVS_CMD_GET_DEST, Answer::Dump, service);
}

Bytes flush_request(const Envelope& envelope) {
  return plain(envelope, IPVS_CMD_FLUSH, Answer::Always);
}

Bytes zero_request(const Envelope& envelope, const ServiceKey& service) {
  return about_service(envelope, IPVS_CMD_ZERO, Answer::Always, service);
}

Bytes list_sync_daemons_request(const Envelope& envelope) {
  return plain(envelope, IPVS_CMD_GET_DAEMON, Answer::Dump);
}

Bytes start_sync_daemon_request(const Envelope& envelope, const SyncDaemon& daemon) {
  return about_sync_daemon(envelope, IPVS_CMD_NEW_DAEMON, daemon, true);
}

Bytes stop_sync_daemon_request(const Envelope& envelope, SyncDaemon::State state) {
  SyncDaemon daemon;
  daemon.state = state;
  return about_sync_daemon(envelope, IPVS_CMD_DEL_DAEMON, daemon, false);
}

Bytes set_timeouts_request(const Envelope& envelope, const Timeouts& timeouts) {
  GenericRequest request = begin(envelope, IPVS_CMD_SET_CONFIG, Answer::Always);
  put_rows(request, timeout_rows(), timeouts, true);
  return finish(request);
}

Bytes get_timeouts_request(const Envelope& envelope) {
  return plain(envelope, IPVS_CMD_GET_CONFIG, Answer::Always);
}

std::optional<ServiceRecord> service_in(const GenericAnswer& answer, Detail detail) {
  if (answer.command != IPVS_CMD_NEW_SERVICE) return std::nullopt;
  const std::optional<Attributes> attributes = answer.attributes.nested(IPVS_CMD_ATTR_SERVICE);
  ServiceRecord record;
  if (!attributes || !names_a_service(*attributes)) return std::nullopt;
  if (!take_rows(*attributes, service_rows(), record, detail == Detail::WithCounters)) return std::nullopt;
  return record;
}

std::optional<DestinationRecord> destination_in(const GenericAnswer& answer, Family of_service, Detail detail) {
  if (answer.command != IPVS_CMD_NEW_DEST) return std::nullopt;
  const std::optional<Attributes> attributes = answer.attributes.nested(IPVS_CMD_ATTR_DEST);
  if (!attributes || !attributes->has(IPVS_DEST_ATTR_ADDR) || !attributes->has(IPVS_DEST_ATTR_PORT))
    return std::nullopt;
  DestinationRecord record;
  record.family = of_service;
  if (!take_rows(*attributes, destination_rows(), record, detail == Detail::WithCounters)) return std::nullopt;
  return record;
}

std::optional<SyncDaemon> sync_daemon_in(const GenericAnswer& answer) {
  if (answer.command != IPVS_CMD_NEW_DAEMON) return std::nullopt;
  const std::optional<Attributes> attributes = answer.attributes.nested(IPVS_CMD_ATTR_DAEMON);
  SyncDaemon daemon;
  if (!attributes || !attributes->has(IPVS_DAEMON_ATTR_STATE)) return std::nullopt;
  if (!take_rows(*attributes, sync_daemon_rows(), daemon, true)) return std::nullopt;
  if (daemon.state != SyncDaemon::State::Master && daemon.state != SyncDaemon::State::Backup) return std::nullopt;
  return daemon;
}

std::optional<std::uint32_t> version_in(const GenericAnswer& answer) {
  if (answer.command != IPVS_CMD_SET_INFO) return std::nullopt;
  return answer.attributes.u32(IPVS_INFO_ATTR_VERSION);
}

std::optional<Timeouts> timeouts_in(const GenericAnswer& answer) {
  if (answer.command != IPVS_CMD_SET_CONFIG) return std::nullopt;
  Timeouts timeouts;
  if (!take_rows(answer.attributes, timeout_rows(), timeouts, true)) return std::nullopt;
  return timeouts;
}

}  // namespace holdfast::ipvs
