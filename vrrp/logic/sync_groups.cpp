#include "vrrp/logic/sync_groups.h"

#include <algorithm>
#include <fmt/format.h>

#include "vrrp/logic/notifier.h"
#include "vrrp/logic/state_words.h"

namespace holdfast::vrrp {

namespace {

void log_syncing(const config::SyncGroup& group, State state, Effects& out) {
  out.push_back(
      Log{LogLevel::Info, fmt::format("VRRP_Group({}) Syncing instances to {} state", group.name, state_word(state))});
}

void add_missing(Few<config::TrackedObject>& own, const Few<config::TrackedObject>& of_group) {
  for (const config::TrackedObject& track : of_group) {
    const auto same = [&track](const config::TrackedObject& other) { return other.name == track.name; };
    if (std::ranges::none_of(own, same)) own.push_back(track);
  }
}

void give(const config::SyncGroup& group, config::VrrpInstance& member) {
  if (!group.members_may_weigh) {
    member.track_interfaces.erase_if([](const config::TrackedInterface& track) { return track.weight != 0; });
  }
  const auto tracks_interface = [&member](const config::TrackedInterface& track) {
    return std::ranges::any_of(member.track_interfaces,
                               [&](const auto& own) { return own.interface == track.interface; });
  };
  add_missing(member.track_scripts, group.track_scripts);
  add_missing(member.track_files, group.track_files);
  add_missing(member.track_processes, group.track_processes);
  for (const config::TrackedInterface& track : group.track_interfaces) {
    if (!tracks_interface(track)) member.track_interfaces.push_back(track);
  }
}

/// A tracker's weight may stand where what it tracks is defined.
template <class Definition>
void drop_weighted(Few<config::TrackedObject>& tracks, const std::vector<Definition>& definitions) {
  tracks.erase_if([&](const config::TrackedObject& track) {
    if (track.weight) return *track.weight != 0;
    const auto defined = std::ranges::find(definitions, track.name, &Definition::name);
    return defined != definitions.end() && defined->weight != 0;
  });
}

void drop_weighted(const config::Config& config, config::VrrpInstance& member) {
  drop_weighted(member.track_scripts, config.vrrp_scripts);
  drop_weighted(member.track_files, config.track_files);
  drop_weighted(member.track_processes, config.track_processes);
}

}  // namespace

std::vector<config::VrrpInstance> with_group_trackers(const config::Config& config) {
  std::vector<config::VrrpInstance> all = config.vrrp_instances;
  if (config.sync_groups.empty()) return all;
  std::unordered_map<std::string, config::VrrpInstance*> by_name;
  for (config::VrrpInstance& instance : all) by_name.emplace(instance.name, &instance);
  for (const config::SyncGroup& group : config.sync_groups) {
    for (const std::string& name : group.members) {
      const auto found = by_name.find(name);
      if (found == by_name.end()) continue;
      if (!group.members_may_weigh) drop_weighted(config, *found->second);
      give(group, *found->second);
    }
  }
  return all;
}

std::set<std::string> waiting_for_group(const config::Config& config) {
  std::set<std::string> owners;
  for (const config::VrrpInstance& instance : config.vrrp_instances) {
    if (instance.owner()) owners.insert(instance.name);
  }
  std::set<std::string> waiting;
  for (const config::SyncGroup& group : config.sync_groups) {
    const bool all_own =
        std::ranges::all_of(group.members, [&](const std::string& member) { return owners.contains(member); });
    if (!all_own) waiting.insert(group.members.begin(), group.members.end());
  }
  return waiting;
}

void SyncGroups::configure(const std::vector<config::SyncGroup>& next, const Roster& routers) {
  std::unordered_map<std::string, RouterId> by_name;
  for (const RouterId id : routers.order()) by_name.emplace(routers.at(id).name(), id);
  std::unordered_map<std::string, Group> before;
  for (Group& group : groups_) before.emplace(group.settings.name, std::move(group));
  groups_.clear();
  group_of_.clear();
  for (const config::SyncGroup& settings : next) {
    Group group;
    if (const auto old = before.find(settings.name); old != before.end()) group = std::move(old->second);
    group.settings = settings;
    group.members.clear();
    for (const std::string& name : settings.members) {
      const auto found = by_name.find(name);
      if (found == by_name.end()) continue;
      group.members.push_back(found->second);
      group_of_[found->second] = groups_.size();
    }
    std::erase_if(group.active,
                  [&](RouterId id) { return std::ranges::find(group.members, id) == group.members.end(); });
    groups_.push_back(std::move(group));
  }
}

void SyncGroups::resume_from(const std::vector<InstanceRecord>& records) {
  std::unordered_map<std::string, State> states;
  for (const InstanceRecord& record : records) states.emplace(record.instance, record.state);
  for (Group& group : groups_) {
    std::set<State> told;
    for (const std::string& member : group.settings.members) {
      const auto found = states.find(member);
      told.insert(found == states.end() ? State::Initialize : found->second);
    }
    if (told.size() != 1) continue;
    group.told = *told.begin();
    group.alerts.resume_from(group.told, group.settings);
  }
}

std::vector<SyncGroups::Group*> SyncGroups::groups_of(const std::vector<RouterId>& ids) {
  std::set<std::size_t> touched;
  if (!groups_.empty()) {
    for (const RouterId id : ids) {
      if (const auto found = group_of_.find(id); found != group_of_.end()) touched.insert(found->second);
    }
  }
  std::vector<Group*> list;
  for (const std::size_t index : touched) list.push_back(&groups_[index]);
  return list;
}

// ---- in step --------------------------------------------------------------------------------------------------------

std::vector<RouterId> SyncGroups::step(const std::vector<RouterId>& ids, Roster& routers, const Surroundings& around,
                                       TimePoint now, Effects& out) {
  std::vector<RouterId> touched = ids;
  for (Group* group : groups_of(ids)) {
    step(*group, routers, around, now, out);
    for (const RouterId id : group->members) {
      if (std::ranges::find(ids, id) == ids.end()) touched.push_back(id);
    }
  }
  return touched;
}

void SyncGroups::step(Group& group, Roster& routers, const Surroundings& around, TimePoint now, Effects& out) {
  sync_faults(group, routers, around, now, out);
  sync_states(group, routers, now, out);
  share_conflicts(group, routers, now, out);
  group.active.clear();
  for (const RouterId id : group.members) {
    if (routers.at(id).state() == State::Active) group.active.insert(id);
  }
  group.together = !group.active.empty();
}

void SyncGroups::sync_faults(Group& group, Roster& routers, const Surroundings& around, TimePoint now, Effects& out) {
  const auto culprit =
      std::ranges::find_if(group.members, [&](RouterId id) { return routers.at(id).faulty_by_itself(); });
  const bool faulty = culprit != group.members.end();
  if (faulty && !group.faulty) log_syncing(group.settings, State::Fault, out);
  const bool recovered = !faulty && group.faulty;
  group.faulty = faulty;
  for (const RouterId id : group.members) {
    VirtualRouter& member = routers.at(id);
    member.set_group_fault(faulty && !member.faulty_by_itself() ? group.settings.name : std::string{}, around, now,
                           out);
  }
  if (recovered) log_syncing(group.settings, State::Backup, out);
}

void SyncGroups::sync_states(Group& group, Roster& routers, TimePoint now, Effects& out) {
  if (group.faulty || group.members.empty()) return;
  const auto is_active = [&](RouterId id) { return routers.at(id).state() == State::Active; };
  const bool some = std::ranges::any_of(group.members, is_active);
  const bool all = std::ranges::all_of(group.members, is_active);
  const bool left = !std::ranges::all_of(group.active, is_active);
  if (some && (left || (!group.together && !all))) {
    log_syncing(group.settings, State::Backup, out);
    for (const RouterId id : group.members) routers.at(id).demote(now, out);
    return;
  }
  const bool willing = std::ranges::all_of(group.members, [&](RouterId id) { return routers.at(id).willing(); });
  if (all || (!some && !willing)) return;
  bool said = false;
  for (const RouterId id : group.members) {
    if (is_active(id)) continue;
    if (routers.at(id).promote(now, out) && !std::exchange(said, true)) log_syncing(group.settings, State::Active, out);
  }
}

/// Who is Active beside one member of a group is so beside all: the others announce too, and the group says it once.
void SyncGroups::share_conflicts(Group& group, Roster& routers, TimePoint now, Effects& out) {
  std::vector<RouterId> others;
  bool told = false;
  for (const RouterId id : group.members) {
    if (routers.at(id).take_conflict_told())
      told = true;
    else
      others.push_back(id);
  }
  if (!told) return;
  for (const RouterId id : others) routers.at(id).share_conflict(now, out);
  notify_group_conflict(group.settings, out);
}

// ---- telling --------------------------------------------------------------------------------------------------------

void SyncGroups::tell(const std::vector<RouterId>& ids, const Roster& routers, Effects& out) {
  for (Group* group : groups_of(ids)) tell(*group, routers, out);
}

void SyncGroups::tell(Group& group, const Roster& routers, Effects& out) {
  const auto all = [&](auto&& holds) {
    return std::ranges::all_of(group.members, [&](RouterId id) { return holds(routers.at(id)); });
  };
  State state = State::Initialize;
  if (all([](const VirtualRouter& member) { return member.state() == State::Fault; })) state = State::Fault;
  if (all([](const VirtualRouter& member) { return member.state() == State::Backup; })) state = State::Backup;
  if (all([](const VirtualRouter& member) { return member.state() == State::Active && member.has_told_active(); })) {
    state = State::Active;
  }
  if (group.members.empty() || state == State::Initialize || state == group.told) return;
  group.told = state;
  notify_group(group.settings, state, group.alerts, out);
}

void SyncGroups::stop(Effects& out) {
  for (Group& group : groups_) notify_group(group.settings, State::Initialize, group.alerts, out);
}

std::vector<GroupView> SyncGroups::views(const Roster& routers) const {
  std::vector<GroupView> list;
  for (const Group& group : groups_) {
    GroupView view{group.settings, State::Backup, 0, 0};
    for (const RouterId id : group.members) {
      const State state = routers.at(id).state();
      view.members_in_fault += routers.at(id).faulty_by_itself() ? 1 : 0;
      view.members_in_initialize += state == State::Initialize ? 1 : 0;
    }
    if (group.together) view.state = State::Active;
    if (group.faulty) view.state = State::Fault;
    list.push_back(std::move(view));
  }
  return list;
}

}  // namespace holdfast::vrrp
