#include "vrrp/logic/tracking.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

#include "vrrp/logic/view.h"

namespace holdfast::vrrp {

namespace {

constexpr int kLeastPriority = 1;
constexpr int kMostPriority = 254;
constexpr std::int64_t kFaultPoints = 254;
constexpr std::int64_t kMostFileValue = 2147483648;
constexpr Duration kAnswerOverdue =
    seconds(10);  ///< core answers timeout + 2 s (TERM, KILL) after the start at the latest

Log info(std::string text) {
  return {LogLevel::Info, std::move(text)};
}

/// A run that could not begin because core was away or short of something tells nothing about what the script checks.
bool says_nothing(const ScriptFinished& event) {
  const bool script_at_fault = event.status == ENOENT || event.status == EACCES || event.status == ENOEXEC ||
                               event.status == EPERM || event.status == ENOTDIR;
  return event.outcome == ScriptOutcome::NotStarted && !script_at_fault;
}

std::string result_text(const ScriptFinished& event) {
  switch (event.outcome) {
    case ScriptOutcome::Exited:
      return fmt::format("failed (exited with status {})", event.status);
    case ScriptOutcome::Signalled:
      return fmt::format("failed (due to signal {})", event.status);
    case ScriptOutcome::TimedOut:
      return "timed_out";
    case ScriptOutcome::NotStarted:
      return fmt::format("failed (could not be started, error {})", event.status);
  }
  return {};
}

}  // namespace

// ---- scripts --------------------------------------------------------------------------------------------------------

void ScriptTable::configure(const std::vector<config::VrrpScript>& scripts, const std::set<std::string>& tracked,
                            const std::vector<ScriptRecord>& past, TimePoint now, Effects& out) {
  std::map<std::string, Script> old = std::move(scripts_);
  std::map<std::string, const ScriptRecord*> resumed;
  for (const ScriptRecord& record : past) resumed[record.script] = &record;
  scripts_.clear();
  due_.clear();
  for (const config::VrrpScript& settings : scripts) {
    if (!tracked.contains(settings.name) || scripts_.contains(settings.name)) continue;
    Script script{settings, {}, false, now, now};
    script.record.script = settings.name;
    script.record.command = settings.script;
    const auto before = old.find(settings.name);
    if (before != old.end() && before->second.settings.script == settings.script) {
      script.record = before->second.record;
      script.running = before->second.running;
      script.started_at = before->second.started_at;
      script.next_run = std::min(before->second.next_run, now + settings.interval);
      if (script.record.known) {
        out.push_back(info(fmt::format("VRRP_Script({}) considered {} on reload", settings.name,
                                       script.record.up ? "successful" : "unsuccessful")));
      }
    } else if (const auto found = resumed.find(settings.name);
               found != resumed.end() && found->second->command == settings.script) {
      script.record = *found->second;
    }
    due_.insert({script.next_run, settings.name});
    scripts_.emplace(settings.name, std::move(script));
  }
  std::set<std::string> gone;
  for (const auto& [name, script] : old) gone.insert(name);
  for (const ScriptRecord& record : past) gone.insert(record.script);
  for (const std::string& name : gone) {
    if (!scripts_.contains(name)) out.push_back(ForgetScript{name});
  }
}

bool ScriptTable::finished(const ScriptFinished& event, Effects& out) {
  const auto found = scripts_.find(event.script);
  if (found == scripts_.end()) return false;
  Script& script = found->second;
  script.running = false;
  if (says_nothing(event)) return false;
  const ScriptRecord before = script.record;
  const Health health_before = health_of(script);
  const bool success = event.outcome == ScriptOutcome::Exited && event.status == 0;
  if (event.outcome == ScriptOutcome::Exited && event.status != std::max(script.record.last_status, 0)) {
    out.push_back(info(fmt::format("Script `{}` now returning {}", event.script, event.status)));
  }
  script.record.last_status = event.outcome == ScriptOutcome::Exited ? event.status : -1;
  const bool decided = count(script, success);
  if (decided) {
    out.push_back(info(fmt::format("VRRP_Script({}) {}", event.script, success ? "succeeded" : result_text(event))));
  }
  if (script.record != before) out.push_back(RememberScript{script.record});
  return health_of(script) != health_before;
}

/// True when the result turned the verdict, or was the first.
bool ScriptTable::count(Script& script, bool success) {
  ScriptRecord& record = script.record;
  if (!record.known) {
    record.known = true;
    record.up = success;
    record.in_a_row = 0;
    return true;
  }
  if (record.up == success) {
    record.in_a_row = 0;
    return false;
  }
  const int needed = success ? script.settings.rise : script.settings.fall;
  if (++record.in_a_row < needed) return false;
  record.up = success;
  record.in_a_row = 0;
  return true;
}

void ScriptTable::on_deadline(TimePoint now, Effects& out) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const std::string name = due_.begin()->second;
    due_.erase(due_.begin());
    Script& script = scripts_.at(name);
    const bool lost = now > script.started_at + script.settings.effective_timeout() + kAnswerOverdue;
    if (!script.running || lost) {
      script.running = true;
      script.started_at = now;
      out.push_back(RunTrackScript{name, script.settings.script, script.settings.effective_timeout()});
    }
    script.next_run += script.settings.interval;
    if (script.next_run <= now) script.next_run = now + script.settings.interval;
    due_.insert({script.next_run, name});
  }
}

std::optional<TimePoint> ScriptTable::next_deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void ScriptTable::stop(Effects& out) {
  for (const auto& [name, script] : scripts_) out.push_back(ForgetScript{name});
  scripts_.clear();
  due_.clear();
}

Health ScriptTable::health_of(const Script& script) {
  if (!script.record.known) return script.settings.init_fail ? Health::Down : Health::Unknown;
  return script.record.up ? Health::Up : Health::Down;
}

Health ScriptTable::health(const std::string& name) const {
  const auto found = scripts_.find(name);
  return found == scripts_.end() ? Health::Unknown : health_of(found->second);
}

std::vector<ScriptView> ScriptTable::views() const {
  std::vector<ScriptView> list;
  for (const auto& [name, script] : scripts_) list.push_back({script.settings, script.record, script.running});
  return list;
}

const config::VrrpScript* ScriptTable::settings(const std::string& name) const {
  const auto found = scripts_.find(name);
  return found == scripts_.end() ? nullptr : &found->second.settings;
}

// ---- assessment -----------------------------------------------------------------------------------------------------

std::string FaultReason::log_line(const std::string& instance) const {
  switch (kind) {
    case Kind::InterfaceMissing:
      return fmt::format("({}): entering FAULT state (interface {} not found)", instance, name);
    case Kind::InterfaceDown:
      return fmt::format("({}): entering FAULT state (interface {} down)", instance, name);
    case Kind::NoAddress:
      return fmt::format("({}) entering FAULT state (no IPv4 address for interface)", instance);
    case Kind::NoIpv6Address:
      return fmt::format("({}) entering FAULT state (no IPv6 address for interface)", instance);
    case Kind::NoSource:
      return fmt::format("({}) entering FAULT state (no interface has the source address {})", instance, name);
    case Kind::NoPeer:
      return fmt::format("({}) entering FAULT state (no unicast peers)", instance);
    case Kind::Script:
      return fmt::format("({}): entering FAULT state due to script {}", instance, name);
    case Kind::File:
      return fmt::format("({}): entering FAULT state (tracked file {} has status {})", instance, name, value);
    case Kind::Process:
      return fmt::format("({}) entering FAULT state (tracked process {} quorum not achieved)", instance, name);
    case Kind::SyncGroup:
      return fmt::format("({}): entering FAULT state due to sync group {}", instance, name);
    case Kind::Vmac:
      return fmt::format("({}): entering FAULT state (no VMAC interface {})", instance, name);
    case Kind::NoVrf:
      return fmt::format("({}): entering FAULT state (no VRF {})", instance, name);
    case Kind::OtherInterface:
      return fmt::format("({}): entering FAULT state (interface is now {}, see dynamic_interfaces allow_if_changes)",
                         instance, name);
    case Kind::StaticInterface:
      return fmt::format("({}): entering FAULT state (interface {} of a tracked static entry is down)", instance, name);
    case Kind::StaticEntry:
      return fmt::format("({}): entering FAULT state (tracked static {} cannot be restored)", instance, name);
  }
  return {};
}

std::string FaultReason::text() const {
  switch (kind) {
    case Kind::InterfaceMissing:
      return fmt::format("interface {} missing", name);
    case Kind::InterfaceDown:
      return fmt::format("interface {} down", name);
    case Kind::NoAddress:
      return fmt::format("no IPv4 address on {}", name);
    case Kind::NoIpv6Address:
      return fmt::format("no IPv6 address on {}", name);
    case Kind::NoSource:
      return fmt::format("source address {} missing", name);
    case Kind::NoPeer:
      return "no unicast peers";
    case Kind::Script:
      return fmt::format("script {}", name);
    case Kind::File:
      return fmt::format("file {} says {}", name, value);
    case Kind::Process:
      return fmt::format("process {}", name);
    case Kind::SyncGroup:
      return fmt::format("sync group {}", name);
    case Kind::Vmac:
      return fmt::format("VMAC interface {} missing", name);
    case Kind::NoVrf:
      return fmt::format("VRF {} missing", name);
    case Kind::OtherInterface:
      return fmt::format("interface is now {}", name);
    case Kind::StaticInterface:
      return fmt::format("interface {} of a static entry down", name);
    case Kind::StaticEntry:
      return fmt::format("static {} refused", name);
  }
  return {};
}

namespace {

/// Sums weights as behaviour.md d.3: positive ones while OK, negative ones while failing; 0 faults.
class Sum {
 public:
  explicit Sum(Assessment& into) : into_(into) {}

  void add(const std::string& what, int weight, Health health, FaultReason reason) {
    if (weight == 0) {
      if (health == Health::Down) into_.faults.push_back(std::move(reason));
      if (health == Health::Unknown) into_.waiting = true;
      return;
    }
    const bool counts = weight > 0 ? health == Health::Up : health == Health::Down;
    if (!counts) return;
    total_ += weight;
    into_.priority_reasons.push_back(fmt::format("{} {:+}", what, weight));
  }
  /// The number of a file times its weight; without a weight any number but 0 is bad (behaviour.md d.3).
  void add_file(const config::TrackFile& file, std::optional<std::int64_t> value, int weight, bool reverse) {
    if (!value) return;
    const FaultReason reason{FaultReason::Kind::File, file.name, *value};
    if (weight == 0) {
      if ((*value != 0) != reverse) into_.faults.push_back(reason);
      return;
    }
    const std::int64_t points =
        std::clamp<std::int64_t>(*value, -kMostFileValue, kMostFileValue) * (reverse ? -weight : weight);
    if (points <= -kFaultPoints) into_.faults.push_back(reason);
    const int counted = static_cast<int>(std::clamp<std::int64_t>(points, -kFaultPoints, kFaultPoints));
    if (counted == 0) return;
    total_ += counted;
    into_.priority_reasons.push_back(fmt::format("file {} {:+}", file.name, counted));
  }
  void wait_if(bool unknown) { into_.waiting = into_.waiting || unknown; }
  int total() const { return total_; }

 private:
  Assessment& into_;
  int total_ = 0;
};

/// A macvlan of ours is down where it is not needed: what lies below it tells.
const LinkChanged* tracked_link(const std::string& name, const LinkTable& links) {
  const LinkChanged* link = links.by_name(name);
  if (link == nullptr || !link->private_mode) return link;
  const MacAddress virtual_mac = MacAddress::virtual_router(Family::IPv4, 0);
  const bool of_a_vrid =
      std::equal(virtual_mac.octets.begin(), virtual_mac.octets.begin() + 4, link->mac.octets.begin());
  return of_a_vrid || link->settled_as_vmac ? links.by_index(link->below) : link;
}

Health flipped(Health health, bool reverse) {
  if (!reverse || health == Health::Unknown) return health;
  return health == Health::Up ? Health::Down : Health::Up;
}

/// An owner's priority moves for nobody, and what would move it does not fault it either (behaviour.md d.3).
void add_objects(const config::VrrpInstance& instance, const TrackedObjects& objects, Sum& sum) {
  for (const config::TrackedObject& tracked : instance.track_files) {
    const config::TrackFile* file = objects.file(tracked.name);
    if (file == nullptr) continue;
    const int weight = tracked.weight.value_or(file->weight);
    if (weight != 0 && instance.owner()) continue;
    sum.wait_if(!objects.value(tracked.name) && (weight == 0 || objects.asking()));
    sum.add_file(*file, objects.value(tracked.name), weight, tracked.reverse.value_or(file->reverse));
  }
  for (const config::TrackedObject& tracked : instance.track_processes) {
    const config::TrackProcess* process = objects.process(tracked.name);
    if (process == nullptr) continue;
    const Health health = flipped(objects.health(tracked.name), tracked.reverse.value_or(process->reverse));
    sum.wait_if(health == Health::Unknown && objects.asking());
    sum.add("process " + tracked.name, tracked.weight.value_or(process->weight), health,
            {FaultReason::Kind::Process, tracked.name});
  }
}

}  // namespace

Assessment assess(const config::VrrpInstance& instance, const ScriptTable& scripts, const LinkTable& links,
                  const TrackedObjects* objects) {
  Assessment result;
  Sum sum(result);
  for (const config::TrackedScript& tracked : instance.track_scripts) {
    const config::VrrpScript* settings = scripts.settings(tracked.name);
    if (settings == nullptr) continue;
    const Health health = flipped(scripts.health(tracked.name), tracked.reverse.value_or(settings->reverse));
    sum.add("script " + tracked.name, tracked.weight.value_or(settings->weight), health,
            {FaultReason::Kind::Script, tracked.name});
  }
  for (const config::TrackedInterface& tracked : instance.track_interfaces) {
    if (tracked.interface == instance.interface) continue;
    const LinkChanged* link = tracked_link(tracked.interface, links);
    const Health health = flipped(link != nullptr && link->up ? Health::Up : Health::Down, tracked.reverse);
    const char* word = link != nullptr && link->up ? "up" : "down";
    sum.add(fmt::format("interface {} {}", tracked.interface, word), tracked.weight, health,
            {FaultReason::Kind::InterfaceDown, tracked.interface});
  }
  if (objects != nullptr) add_objects(instance, *objects, sum);
  result.effective_priority =
      instance.owner() ? instance.priority : std::clamp(instance.priority + sum.total(), kLeastPriority, kMostPriority);
  return result;
}

}  // namespace holdfast::vrrp
