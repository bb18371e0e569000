// What a dump shows of the engine, as values copied out at one moment: text is made of them by vrrp/dump_*.cpp, beside
// or after the engine's work, and whatever the engine does meanwhile does not matter. Absent: any text.
#pragma once

#include <optional>
#include <vector>

#include "core/config/schema/global_defs.h"
#include "core/config/schema/sync_group.h"
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
};

}  // namespace holdfast::vrrp
