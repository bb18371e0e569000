#include "vrrp/logic/tracked_objects.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "vrrp/logic/view.h"

namespace holdfast::vrrp {

namespace {

constexpr Duration kPatience =
    seconds(1);  ///< a file or the list of processes is read in far less, unless something hangs

bool has_quorum(const config::TrackProcess& settings, int count) {
  return count >= settings.quorum && count <= settings.quorum_max;
}

/// The delay of a change: by whether processes came or went; when that cannot be told, by what is wrong now.
Duration delay_of(const config::TrackProcess& settings, std::optional<int> before, int count) {
  const bool came = before ? count > *before : count >= settings.quorum;
  return came ? settings.fork_delay : settings.terminate_delay;
}

std::set<std::string> names_in(const std::vector<const config::VrrpInstance*>& instances,
                               Few<config::TrackedObject> config::VrrpInstance::*list) {
  std::set<std::string> names;
  for (const config::VrrpInstance* instance : instances) {
    for (const config::TrackedObject& tracked : instance->*list) names.insert(tracked.name);
  }
  return names;
}

const ObjectRecord* record_of(const std::vector<ObjectRecord>& past, const ObjectKey& key,
                              const std::string& identity) {
  for (const ObjectRecord& record : past) {
    if (record.key == key && record.identity == identity) return &record;
  }
  return nullptr;
}

/// Of those that were known, who is not any more.
template <class Before, class Now>
void forget(ObjectKind kind, const Before& before, const Now& now, const std::vector<ObjectRecord>& past,
            Effects& out) {
  std::set<std::string> gone;
  for (const auto& [name, object] : before) gone.insert(name);
  for (const ObjectRecord& record : past) {
    if (record.key.kind == kind) gone.insert(record.key.name);
  }
  for (const std::string& name : gone) {
    if (!now.contains(name)) out.push_back(ForgetObject{{kind, name}});
  }
}

}  // namespace

std::string identity_of(const config::TrackFile& file) {
  return file.path;
}

/// Words cannot be told apart from blanks in them; a newline keeps them apart.
std::string identity_of(const config::TrackProcess& process) {
  std::string text =
      fmt::format("{} {} {}", process.whole_command() ? 1 : 0,
                  process.parameter_match ? static_cast<int>(*process.parameter_match) : -1, process.process);
  for (const std::string& word : process.parameters) text += "\n" + word;
  return text;
}

// ---- configuration --------------------------------------------------------------------------------------------------

void TrackedObjects::configure(const config::Config& config, const std::vector<const config::VrrpInstance*>& instances,
                               const std::vector<ObjectRecord>& past, TimePoint now, Effects& out) {
  configure_files(config, names_in(instances, &config::VrrpInstance::track_files), past, out);
  configure_processes(config, names_in(instances, &config::VrrpInstance::track_processes), past, out);
  asking_until_ = all_known() ? std::nullopt : std::optional(now + kPatience);
}

void TrackedObjects::configure_files(const config::Config& config, const std::set<std::string>& tracked,
                                     const std::vector<ObjectRecord>& past, Effects& out) {
  const std::map<std::string, File> old = std::exchange(files_, {});
  WatchFiles watch;
  for (const config::TrackFile& settings : config.track_files) {
    if (!tracked.contains(settings.name) || files_.contains(settings.name)) continue;
    File file{settings, {}, {}};
    const auto before = old.find(settings.name);
    if (before != old.end()) {
      file.value = before->second.value;
    } else if (const ObjectRecord* record = record_of(past, {ObjectKind::File, settings.name}, settings.path)) {
      file.value = record->value;
    }
    watch.paths.insert(settings.path);
    files_.emplace(settings.name, std::move(file));
  }
  forget(ObjectKind::File, old, files_, past, out);
  std::set<std::string> watched;
  for (const auto& [name, file] : old) watched.insert(file.settings.path);
  if (watched != watch.paths) out.push_back(std::move(watch));
}

void TrackedObjects::configure_processes(const config::Config& config, const std::set<std::string>& tracked,
                                         const std::vector<ObjectRecord>& past, Effects& out) {
  const std::map<std::string, Process> old = std::exchange(processes_, {});
  WatchProcesses watch{
      {}, config.global_defs.process_monitor_rcv_bufs, config.global_defs.process_monitor_rcv_bufs_force};
  bool same = true;
  for (const config::TrackProcess& settings : config.track_processes) {
    if (!tracked.contains(settings.name) || processes_.contains(settings.name)) continue;
    Process process{settings, Health::Unknown, {}, {}};
    const std::string identity = identity_of(settings);
    const auto before = old.find(settings.name);
    if (before != old.end() && identity_of(before->second.settings) == identity) {
      process = before->second;
      process.settings = settings;
      if (process.count) {  // the quorum itself may be another one: it counts at once
        process.decides_at.reset();
        process.health = has_quorum(settings, *process.count) ? Health::Up : Health::Down;
      }
    } else {
      same = false;
      if (before != old.end()) {
        process.health = before->second.health;
      } else if (const ObjectRecord* record = record_of(past, {ObjectKind::Process, settings.name}, identity)) {
        process.health = record->value != 0 ? Health::Up : Health::Down;
      }
    }
    watch.processes.push_back(settings);
    processes_.emplace(settings.name, std::move(process));
  }
  forget(ObjectKind::Process, old, processes_, past, out);
  if (!same || processes_.size() != old.size()) out.push_back(std::move(watch));
}

void TrackedObjects::stop(Effects& out) {
  if (!files_.empty()) out.push_back(WatchFiles{});
  if (!processes_.empty()) out.push_back(WatchProcesses{});
  for (const auto& [name, file] : files_) out.push_back(ForgetObject{{ObjectKind::File, name}});
  for (const auto& [name, process] : processes_) out.push_back(ForgetObject{{ObjectKind::Process, name}});
  files_.clear();
  processes_.clear();
  asking_until_.reset();
}

// ---- what was seen --------------------------------------------------------------------------------------------------

std::vector<ObjectKey> TrackedObjects::on(const FileChanged& event, Effects& out) {
  std::vector<ObjectKey> changed;
  const std::int64_t value = event.value.value_or(0);
  for (auto& [name, file] : files_) {
    if (file.settings.path != event.path) continue;
    if (std::exchange(file.problem, event.problem) != event.problem && !event.problem.empty()) {
      out.push_back(Log{LogLevel::Warning,
                        fmt::format("tracked file {}: {} {}, which counts as 0", name, event.path, event.problem)});
    }
    if (file.value == value) continue;
    file.value = value;
    const ObjectKey key{ObjectKind::File, name};
    changed.push_back(key);
    out.push_back(RememberObject{{key, identity_of(file.settings), value}});
  }
  if (!changed.empty() && all_known()) asking_until_.reset();
  return changed;
}

std::vector<ObjectKey> TrackedObjects::on(const ProcessesCounted& event, TimePoint now, Effects& out) {
  const auto found = processes_.find(event.process);
  if (found == processes_.end()) return {};
  Process& process = found->second;
  const std::optional<int> before = std::exchange(process.count, event.count);
  const Health seen = has_quorum(process.settings, event.count) ? Health::Up : Health::Down;
  if (seen == process.health) {
    process.decides_at.reset();
    return {};
  }
  if (process.decides_at) return {};
  const Duration delay = delay_of(process.settings, before, event.count);
  if (process.health != Health::Unknown && delay > Duration::zero()) {
    process.decides_at = now + delay;
    return {};
  }
  decide(found->first, process, out);
  if (all_known()) asking_until_.reset();
  return {{ObjectKind::Process, found->first}};
}

void TrackedObjects::decide(const std::string& name, Process& process, Effects& out) {
  const bool first = process.health == Health::Unknown;
  const bool up = has_quorum(process.settings, process.count.value_or(0));
  process.decides_at.reset();
  process.health = up ? Health::Up : Health::Down;
  if (!first || !up) {
    out.push_back(Log{LogLevel::Info, fmt::format("Quorum {} for tracked process {}", up ? "gained" : "lost", name)});
  }
  out.push_back(RememberObject{{{ObjectKind::Process, name}, identity_of(process.settings), up ? 1 : 0}});
}

std::vector<ObjectKey> TrackedObjects::on_deadline(TimePoint now, Effects& out) {
  std::vector<ObjectKey> changed;
  if (asking_until_ && now >= *asking_until_) {
    asking_until_.reset();
    for (const auto& [name, file] : files_) {
      if (!file.value) changed.push_back({ObjectKind::File, name});
    }
    for (const auto& [name, process] : processes_) {
      if (process.health == Health::Unknown) changed.push_back({ObjectKind::Process, name});
    }
  }
  for (auto& [name, process] : processes_) {
    if (!process.decides_at || *process.decides_at > now) continue;
    decide(name, process, out);
    changed.push_back({ObjectKind::Process, name});
  }
  return changed;
}

std::optional<TimePoint> TrackedObjects::next_deadline() const {
  std::optional<TimePoint> at = asking_until_;
  for (const auto& [name, process] : processes_) {
    if (process.decides_at && (!at || *process.decides_at < *at)) at = process.decides_at;
  }
  return at;
}

// ---- what is known --------------------------------------------------------------------------------------------------

bool TrackedObjects::all_known() const {
  return std::ranges::all_of(files_, [](const auto& entry) { return entry.second.value.has_value(); }) &&
         std::ranges::all_of(processes_, [](const auto& entry) { return entry.second.health != Health::Unknown; });
}

std::optional<std::int64_t> TrackedObjects::value(const std::string& file) const {
  const auto found = files_.find(file);
  return found == files_.end() ? std::nullopt : found->second.value;
}

Health TrackedObjects::health(const std::string& process) const {
  const auto found = processes_.find(process);
  return found == processes_.end() ? Health::Unknown : found->second.health;
}

const config::TrackFile* TrackedObjects::file(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second.settings;
}

const config::TrackProcess* TrackedObjects::process(const std::string& name) const {
  const auto found = processes_.find(name);
  return found == processes_.end() ? nullptr : &found->second.settings;
}

std::vector<FileView> TrackedObjects::file_views() const {
  std::vector<FileView> list;
  for (const auto& [name, file] : files_) list.push_back({file.settings, file.value});
  return list;
}

std::vector<ProcessView> TrackedObjects::process_views() const {
  std::vector<ProcessView> list;
  for (const auto& [name, process] : processes_) {
    list.push_back({process.settings, process.count, process.health == Health::Up, process.decides_at});
  }
  return list;
}

}  // namespace holdfast::vrrp
