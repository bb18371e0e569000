#include "core/watchdog/envelopes.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/ipc/tree_wire.h"
#include "core/watchdog/status.h"

namespace holdfast::watchdog {

std::string digest_octets(std::uint64_t digest) {
  return fmt::format("{:016x}", digest);
}

const char* ident_of(Role role) {
  return role == Role::Vrrp ? "Keepalived_vrrp" : "Keepalived_healthcheckers";
}

proto::Settings settings_of(Role role, const CommandLine& options, const Paths& paths, const std::string& cookie,
                            bool open) {
  proto::Settings settings;
  settings.set_log_detail(options.log_detail > 0);
  settings.set_keep_vips(options.keep_vips);
  settings.set_release_vips(options.release_vips);
  settings.set_keep_services(options.keep_ipvs);
  settings.set_cookie(cookie);
  if (open) settings.set_rendezvous(paths.rendezvous());
  settings.set_pid_file(role == Role::Vrrp ? paths.vrrp_pid_file : paths.checkers_pid_file);
  settings.set_syslog_ident(ident_of(role) + paths.name_suffix);
  settings.set_syslog_facility(options.syslog_facility);
  settings.set_no_syslog(options.no_syslog);
  settings.set_name_suffix(paths.name_suffix);
  return settings;
}

std::vector<proto::Envelope> beginning(const SendBeginning& effect, const Part& part, const proto::Settings& settings,
                                       const RecordStore& records) {
  std::vector<proto::Envelope> envelopes(3);
  proto::Configure& configure = *envelopes[0].mutable_configure();
  configure.set_generation(effect.generation);
  to_wire(part.tree, *configure.mutable_tree());
  *configure.mutable_settings() = settings;
  configure.set_digest(digest_octets(part.digest));
  proto::Records& past = *envelopes[1].mutable_past();
  past.set_died_at_us(to_us(effect.died_at));
  for (const auto& [key, value] : records.of(effect.role)) {
    proto::Record& record = *past.add_records();
    record.set_key(key);
    record.set_value(value);
  }
  envelopes[2].mutable_start();
  return envelopes;
}

proto::Envelope envelope_of(const SendPrepare& effect, const Part& part) {
  proto::Envelope envelope;
  proto::Prepare& prepare = *envelope.mutable_prepare();
  prepare.set_generation(effect.generation);
  to_wire(part.tree, *prepare.mutable_tree());
  prepare.set_digest(digest_octets(part.digest));
  return envelope;
}

proto::Envelope envelope_of(const SendCommit& effect) {
  proto::Envelope envelope;
  envelope.mutable_commit()->set_generation(effect.generation);
  return envelope;
}

proto::Envelope envelope_of(const SendAbandon& effect) {
  proto::Envelope envelope;
  envelope.mutable_abandon()->set_generation(effect.generation);
  return envelope;
}

proto::Envelope envelope_of(const SendPing& effect) {
  proto::Envelope envelope;
  envelope.mutable_ping()->set_sequence(effect.sequence);
  return envelope;
}

proto::Envelope envelope_of(const SendStop&) {
  proto::Envelope envelope;
  envelope.mutable_stop();
  return envelope;
}

std::optional<proto::VrrpInstanceEvent> instance_event(const config::Config& config, const std::string& key,
                                                       const std::string& value) {
  if (!key.starts_with(instance_key(""))) return std::nullopt;
  const auto record = instance_record(&value);
  if (!record) return std::nullopt;
  proto::VrrpInstanceEvent event;
  event.set_instance(record->instance());
  event.set_active(record->state() == proto::VRRP_MASTER);
  const auto found = std::ranges::find(config.vrrp_instances, record->instance(), &config::VrrpInstance::name);
  if (found != config.vrrp_instances.end()) event.set_virtual_router_id(found->virtual_router_id);
  return event;
}

}  // namespace holdfast::watchdog
