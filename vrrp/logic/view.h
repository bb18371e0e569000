// What a dump shows of the engine, as values copied out at one moment: text is made of them by vrrp/dump_*.cpp, beside
// or after the engine's work, and whatever the engine does meanwhile does not matter. Absent: any text.
#pragma once

#include <optional>
#include <vector>

#include "core/config/schema/global_defs.h"
#include "core/config/schema/sync_group.h"
#include "core/config/schema/track_file.h"
#include "core/config/schema/track_process.h"
#include "core/config/schema/vrrp_instance.h"
#include "core/config/schema/vrrp_script.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/statistics.h"

namespace holdfast::vrrp {

struct InstanceView {
  config::VrrpInstance settings;
  InstanceRecord record;
  Statistics statistics;
  IpAddress source;  ///< 0.0.0.0 = none now
  std::optional<TimePoint> next_deadline;
};

/// Of a vrrp_script that some instance tracks.
struct ScriptView {
  config::VrrpScript settings;
  ScriptRecord record;
  bool running = false;
};

/// Of a track_file that some instance tracks.
struct FileView {
  config::TrackFile settings;
  std::optional<std::int64_t> value;  ///< nothing = not looked at yet
};

/// Of a vrrp_track_process that some instance tracks.
struct ProcessView {
  config::TrackProcess settings;
  std::optional<int> count;  ///< nothing = not counted yet
  bool up = false;
  std::optional<TimePoint> decides_at;  ///< a change that a delay still holds back counts then
};

struct GroupView {
  config::SyncGroup settings;
  State state = State::Initialize;
  int members_in_fault = 0;  ///< by themselves
  int members_in_initialize = 0;
};

struct EngineView {
  config::GlobalDefs globals;
  std::vector<InstanceView> instances;  ///< as in the configuration
  std::vector<GroupView> groups;        ///< as in the configuration
  std::vector<ScriptView> scripts;      ///< by name
  std::vector<FileView> files;          ///< by name
  std::vector<ProcessView> processes;   ///< by name
};

}  // namespace holdfast::vrrp
