// What the vrrp_scripts say, and what they and the interfaces make of a priority (behaviour.md d.3, d.14).
//
// ScriptTable owns every tracked vrrp_script once, however many instances watch it: when it runs (never two runs at a
// time, the beat that finds one running is skipped unless its answer must be lost) and what rise and fall make of its
// results. The first result decides at once. assess() is a pure sum over facts. Absent: running anything.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/few.h"
#include "core/config/schema/vrrp_instance.h"
#include "core/config/schema/vrrp_script.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/events.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/tracked_objects.h"

namespace holdfast::vrrp {

struct ScriptView;

class ScriptTable {
 public:
  /// The scripts of a new configuration that some instance tracks; results of those with the same name and command are
  /// kept.
  void configure(const std::vector<config::VrrpScript>& scripts, const std::set<std::string>& tracked,
                 const std::vector<ScriptRecord>& past, TimePoint now, Effects& out);
  /// Takes in a result. True when its health changed, so that the instances that track it must be assessed again.
  bool finished(const ScriptFinished& event, Effects& out);
  void on_deadline(TimePoint now, Effects& out);
  std::optional<TimePoint> next_deadline() const;
  /// Nothing is due any more.
  void stop(Effects& out);

  bool known(const std::string& name) const { return scripts_.contains(name); }
  Health health(const std::string& name) const;
  const config::VrrpScript* settings(const std::string& name) const;
  /// For dumps, by name.
  std::vector<ScriptView> views() const;

 private:
  struct Script {
    config::VrrpScript settings;
    ScriptRecord record;
    bool running = false;
    TimePoint started_at{};
    TimePoint next_run{};
  };
  static Health health_of(const Script& script);
  bool count(Script& script, bool success);

  std::map<std::string, Script> scripts_;
  std::set<std::pair<TimePoint, std::string>> due_;
};

/// Why an instance cannot take part.
struct FaultReason {
  enum class Kind : std::uint8_t {
    InterfaceMissing,
    InterfaceDown,
    NoAddress,
    NoIpv6Address,
    NoSource,  ///< no interface has the configured source address
    NoPeer,    ///< unicast_fault_no_peer
    Script,
    File,
    Process,
    SyncGroup,
    Vmac,  ///< the macvlan of the addresses cannot be made
    NoVrf,
    OtherInterface,   ///< the interface came back as one of another kind
    StaticInterface,  ///< of a static entry that a track_group names: missing or down
    StaticEntry       ///< such an entry is not in the kernel, which refuses it
  } kind{};
  std::string name;        ///< of the interface, script, file, process or group; the source address; the static entry
  std::int64_t value = 0;  ///< of a file
  /// The log line of keepalived 2.x for it, whole.
  std::string log_line(const std::string& instance) const;
  /// "interface ens33 down": for records and status.
  std::string text() const;
  bool operator==(const FaultReason&) const = default;
};

/// The trackers of one instance, summed up.
struct Assessment {
  int effective_priority = 0;
  Few<std::string> priority_reasons;
  Few<FaultReason> faults;
  bool waiting = false;  ///< of an unweighted script, file or process nothing is known yet
  bool operator==(const Assessment&) const = default;
};

/// Everything but the instance's own interface. Weighted trackers that are unknown add nothing. The own interface in
/// track_interface is left out (it is tracked anyway).
Assessment assess(const config::VrrpInstance& instance, const ScriptTable& scripts, const LinkTable& links,
                  const TrackedObjects* objects = nullptr);

}  // namespace holdfast::vrrp
