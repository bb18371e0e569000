#include "core/watchdog/checker_status.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "proto/checker_records.pb.h"

namespace holdfast::watchdog {
namespace {

using State = proto::RealServerStatus;

constexpr const char* kServicePrefix = "service/";  // checker/wire.h
constexpr const char* kServerPrefix = "server/";

template <class Message>
std::optional<Message> parsed(const std::string* value) {
  Message message;
  if (value == nullptr || !message.ParseFromString(*value)) return std::nullopt;
  return message;
}

struct Records {
  std::unordered_map<std::string, proto::CheckedServiceRecord> services;  // by name
  std::unordered_map<std::string, proto::CheckedServerRecord> servers;    // by "service name server name"

  explicit Records(const RecordStore& store) {
    for (const auto& [key, value] : store.of(Role::Checker)) {
      if (key.starts_with(kServicePrefix)) {
        if (auto record = parsed<proto::CheckedServiceRecord>(&value)) services[record->name()] = std::move(*record);
      } else if (auto record = parsed<proto::CheckedServerRecord>(&value)) {
        servers[record->service_name() + " " + record->server_name()] = std::move(*record);
      }
    }
  }
};

State::State state_of(const proto::CheckRecord& check) {
  if (!check.known()) return State::UNKNOWN;
  return check.up() ? State::UP : State::DOWN;
}

bool known(const proto::CheckedServerRecord& record) {
  return record.checks().empty() ||
         std::ranges::any_of(record.checks(), [](const proto::CheckRecord& check) { return check.known(); });
}

State::State state_of(const proto::CheckedServerRecord& record) {
  if (!record.alive()) return State::DOWN;
  return known(record) ? State::UP : State::UNKNOWN;
}

double age_s(const StatusSources& from, std::int64_t since_us) {
  return to_seconds(std::max(from.clocks.now - from_us(since_us), Duration::zero()));
}

void set_since(const StatusSources& from, std::int64_t since_us, google::protobuf::Timestamp& out) {
  const Duration age = std::max(from.clocks.now - from_us(since_us), Duration::zero());
  set_timestamp(out, from.clocks.wall_us - age.count());
}

void describe_checks(const proto::CheckedServerRecord& record, State& out) {
  for (const proto::CheckRecord& check : record.checks()) {
    proto::CheckStatus& status = *out.add_checks();
    status.set_what(check.what());
    status.set_state(state_of(check));
    status.set_failures(check.failures());
    status.set_last_failure(check.failure_word());
    status.set_detail(check.detail());
  }
}

void describe_server(const StatusSources& from, const Records& records, const config::RealServer& server,
                     const config::VirtualServer& service, const std::string& service_name, State& out) {
  out.set_name(config::describe(server, service));
  out.set_configured_weight(server.weight);
  out.set_weight(server.weight);
  const auto found = records.servers.find(service_name + " " + out.name());
  if (found == records.servers.end()) return;
  const proto::CheckedServerRecord& record = found->second;
  out.set_state(state_of(record));
  out.set_weight(record.weight());
  set_since(from, record.since_us(), *out.mutable_since());
  out.set_state_for_s(age_s(from, record.since_us()));
  describe_checks(record, out);
}

std::string sorry_name(const config::VirtualServer& service) {
  config::RealServer like;
  like.address = service.sorry_server->address;
  like.port = service.sorry_server->port;
  return config::describe(like, service);
}

void describe_service(const StatusSources& from, const Records& records, const config::VirtualServer& service,
                      proto::VirtualServerStatus& out) {
  out.set_name(config::describe(service));
  out.set_quorum(service.quorum);
  if (service.sorry_server) out.set_sorry_server(sorry_name(service));
  int up_weight = 0;
  for (const config::RealServer& server : service.real_servers) {
    State& status = *out.add_real_servers();
    describe_server(from, records, server, service, out.name(), status);
    if (status.state() != State::DOWN) up_weight += status.weight();
  }
  out.set_up_weight(up_weight);
  const auto found = records.services.find(out.name());
  if (found == records.services.end()) return;
  out.set_known(true);
  out.set_quorum_up(found->second.quorum_up());
  out.set_suspended(found->second.suspended());
  out.set_sorry_server_in_use(service.sorry_server.has_value() && !out.quorum_up());
  set_since(from, found->second.since_us(), *out.mutable_since());
  out.set_state_for_s(age_s(from, found->second.since_us()));
}

// ---- events ---------------------------------------------------------------------------------------------------------

std::string reason_of(const proto::CheckedServerRecord& record) {
  for (const proto::CheckRecord& check : record.checks()) {
    if (!check.known() || check.up()) continue;
    const std::string detail = check.detail().empty() ? "" : " (" + check.detail() + ")";
    return fmt::format("{}: {}{}", check.what(), check.failure_word(), detail);
  }
  return {};
}

std::vector<proto::Happening> server_news(const std::string* before, const std::string* after, std::int64_t wall_us) {
  const auto now = parsed<proto::CheckedServerRecord>(after);
  const auto old = parsed<proto::CheckedServerRecord>(before);
  if (!now) return {};
  const State::State from = old ? state_of(*old) : State::UNKNOWN;
  const bool other_weight = old && old->weight() != now->weight();
  if (from == state_of(*now) && !other_weight) return {};
  proto::Happening event;
  set_timestamp(*event.mutable_time(), wall_us);
  proto::RealServerChanged& changed = *event.mutable_real_server_changed();
  changed.set_virtual_server(now->service_name());
  changed.set_real_server(now->server_name());
  changed.set_from(from);
  changed.set_to(state_of(*now));
  changed.set_weight(now->weight());
  changed.set_reason(reason_of(*now));
  return {event};
}

std::vector<proto::Happening> quorum_news(const std::string* before, const std::string* after, std::int64_t wall_us) {
  const auto now = parsed<proto::CheckedServiceRecord>(after);
  const auto old = parsed<proto::CheckedServiceRecord>(before);
  if (!now || (old && old->quorum_up() == now->quorum_up())) return {};
  proto::Happening event;
  set_timestamp(*event.mutable_time(), wall_us);
  event.mutable_quorum_changed()->set_virtual_server(now->name());
  event.mutable_quorum_changed()->set_up(now->quorum_up());
  return {event};
}

}  // namespace

void describe_virtual_servers(const StatusSources& from, proto::DaemonStatus& out) {
  if (from.config.virtual_servers.empty()) return;
  const Records records(from.records);
  for (const config::VirtualServer& service : from.config.virtual_servers)
    describe_service(from, records, service, *out.add_virtual_servers());
}

std::vector<proto::Happening> checker_record_news(const std::string& key, const std::string* before,
                                                  const std::string* after, std::int64_t wall_us) {
  if (key.starts_with(kServicePrefix)) return quorum_news(before, after, wall_us);
  if (key.starts_with(kServerPrefix)) return server_news(before, after, wall_us);
  return {};
}

}  // namespace holdfast::watchdog
