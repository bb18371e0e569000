#include "core/watchdog/status.h"

#include <algorithm>
#include <limits>

#include "core/version.h"
#include "core/watchdog/checker_status.h"

namespace holdfast::watchdog {
namespace {

/// Upper bounds of proto::Lateness, in milliseconds; the last bucket has none.
constexpr std::array kLatenessBounds_ms{0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0};

const std::string* find(const RecordStore& records, const std::string& key) {
  const RecordStore::Values& values = records.of(Role::Vrrp);
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

std::string address_text(const std::string& octets) {
  const auto address = IpAddress::from_bytes({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
  return !address || address->is_any() ? std::string() : address->text();
}

template <class Message>
std::optional<Message> parsed(const std::string* value) {
  Message message;
  if (value == nullptr || !message.ParseFromString(*value)) return std::nullopt;
  return message;
}

// ---- processes ------------------------------------------------------------------------------------------------------

void describe_lateness(const proto::Lateness& from, proto::LatenessStatus& out) {
  for (int i = 0; i < from.buckets_size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    proto::LatenessBucket& bucket = *out.add_buckets();
    bucket.set_up_to_ms(at < kLatenessBounds_ms.size() ? kLatenessBounds_ms[at] : 0);
    bucket.set_count(static_cast<std::uint32_t>(
        std::min<std::uint64_t>(from.buckets(i), std::numeric_limits<std::uint32_t>::max())));
  }
  out.set_worst_ms(static_cast<double>(from.worst_us()) / 1000);
}

void describe_core(const StatusSources& from, proto::ProcessStatus& out) {
  out.set_role("core");
  out.set_pid(from.pid);
  out.set_state(from.engine.stopping() ? "stopping" : "running");
  out.set_uptime_s(to_seconds(from.clocks.now - from.started_at));
  out.set_generation(static_cast<std::uint32_t>(from.engine.generation()));
}

void describe_child(const StatusSources& from, const Child& child, proto::ProcessStatus& out) {
  const auto index = static_cast<std::size_t>(child.role());
  out.set_role(role_name(child.role()));
  out.set_state(name(child.state()));
  out.set_restarts(static_cast<std::uint32_t>(child.restarts()));
  out.set_last_death(child.last_death());
  if (!child.alive()) return;
  out.set_pid(child.pid());
  out.set_uptime_s(to_seconds(from.clocks.now - from.began_at[index].value_or(child.started_at())));
  out.set_generation(static_cast<std::uint32_t>(child.generation));
  describe_lateness(from.lateness[index], *out.mutable_lateness());
}

// ---- instances ------------------------------------------------------------------------------------------------------

void describe_vips(const config::VrrpInstance& instance, const std::optional<KernelAddresses>& kernel,
                   proto::InstanceStatus& out) {
  for (const auto* list : {&instance.virtual_addresses, &instance.excluded_addresses.list()}) {
    for (const config::VirtualAddress& entry : *list) {
      proto::VipStatus& vip = *out.add_vips();
      vip.set_address(entry.prefix.text());
      vip.set_interface(entry.interface.empty() ? instance.interface : *entry.interface);
      vip.set_excluded(list == &instance.excluded_addresses.list());
      if (kernel) vip.set_in_kernel(kernel->contains({vip.interface(), entry.prefix}));
    }
  }
}

void describe_instance(const StatusSources& from, const config::VrrpInstance& instance, proto::InstanceStatus& out) {
  out.set_name(instance.name);
  out.set_interface(instance.interface);
  out.set_virtual_router_id(instance.virtual_router_id);
  out.set_version(static_cast<std::uint32_t>(instance.version));
  out.set_base_priority(instance.priority);
  out.set_effective_priority(instance.priority);
  out.set_advert_interval_s(to_seconds(instance.advert_interval));
  describe_vips(instance, from.kernel, out);
  const auto record = instance_record(find(from.records, instance_key(instance.name)));
  if (!record) return;
  out.set_state(state_of(*record));
  const Duration age = std::max(from.clocks.now - from_us(record->since_us()), Duration::zero());
  set_timestamp(*out.mutable_since(), from.clocks.wall_us - age.count());
  out.set_state_for_s(to_seconds(age));
  out.set_effective_priority(record->effective_priority());
  out.set_base_priority(record->base_priority());
  *out.mutable_priority_reasons() = record->priority_reasons();
  *out.mutable_fault_reasons() = record->fault_reasons();
  out.set_conflicts(static_cast<std::uint32_t>(
      std::min<std::uint64_t>(record->conflicts(), std::numeric_limits<std::uint32_t>::max())));
  if (out.state() != proto::InstanceStatus::BACKUP) return;
  out.set_master_address(address_text(record->active_address()));
  if (!out.master_address().empty()) out.set_master_priority(record->active_priority());
}

void describe_script(const StatusSources& from, const config::VrrpScript& script, proto::ScriptStatus& out) {
  out.set_name(script.name);
  out.set_last_exit_status(-1);
  for (const std::string& word : script.script.argv) out.add_command(word);
  for (const config::VrrpInstance& instance : from.config.vrrp_instances) {
    const bool tracks =
        std::ranges::any_of(instance.track_scripts, [&](const auto& t) { return t.name == script.name; });
    if (tracks) out.add_tracked_by(instance.name);
  }
  const auto record = script_record(find(from.records, script_key(script.name)));
  if (!record) return;
  out.set_result(result_of(*record));
  out.set_last_exit_status(record->last_status());
  out.set_against(static_cast<std::uint32_t>(std::max(record->in_a_row(), 0)));
}

}  // namespace

std::string instance_key(const std::string& instance) {
  return "instance/" + instance;
}

std::string script_key(const std::string& script) {
  return "script/" + script;
}

std::optional<proto::VrrpInstanceRecord> instance_record(const std::string* value) {
  return parsed<proto::VrrpInstanceRecord>(value);
}

std::optional<proto::VrrpScriptRecord> script_record(const std::string* value) {
  return parsed<proto::VrrpScriptRecord>(value);
}

proto::InstanceStatus::State state_of(const proto::VrrpInstanceRecord& record) {
  switch (record.state()) {
    case proto::VRRP_BACKUP:
      return proto::InstanceStatus::BACKUP;
    case proto::VRRP_MASTER:
      return proto::InstanceStatus::MASTER;
    case proto::VRRP_FAULT:
      return proto::InstanceStatus::FAULT;
    default:
      return proto::InstanceStatus::INIT;
  }
}

proto::ScriptStatus::Result result_of(const proto::VrrpScriptRecord& record) {
  if (!record.known()) return proto::ScriptStatus::UNKNOWN;
  return record.up() ? proto::ScriptStatus::UP : proto::ScriptStatus::DOWN;
}

const char* role_name(Role role) {
  return role == Role::Vrrp ? "vrrp" : "checker";
}

void set_timestamp(google::protobuf::Timestamp& out, std::int64_t wall_us) {
  out.set_seconds(wall_us / 1'000'000);
  out.set_nanos(static_cast<std::int32_t>(wall_us % 1'000'000) * 1000);
}

proto::DaemonStatus status_of(const StatusSources& from) {
  proto::DaemonStatus status;
  set_timestamp(*status.mutable_time(), from.clocks.wall_us);
  status.set_version(kVersion);
  auto& configuration = *status.mutable_configuration();
  configuration.set_generation(static_cast<std::uint32_t>(from.engine.generation()));
  configuration.set_reload_in_progress(from.engine.reloading());
  configuration.set_stopping(from.engine.stopping());
  configuration.set_file(from.config_file);
  describe_core(from, *status.add_processes());
  for (const Role role : {Role::Vrrp, Role::Checker}) {
    const Child& child = from.engine.child(role);
    if (child.state() != ChildState::Absent || !child.last_death().empty())
      describe_child(from, child, *status.add_processes());
  }
  for (const config::VrrpInstance& instance : from.config.vrrp_instances)
    describe_instance(from, instance, *status.add_instances());
  for (const config::VrrpScript& script : from.config.vrrp_scripts)
    describe_script(from, script, *status.add_scripts());
  describe_virtual_servers(from, status);
  return status;
}

}  // namespace holdfast::watchdog
