// The vrrp process without its sockets: all virtual routers of one configuration, the links and addresses they stand on
// and the scripts they watch. process.cpp hands it events and the time, and carries out the effects it returns.
//
// Boot is reload from nothing: start, SIGHUP and return from a crash are reconfigure() with a different past. The next
// deadline is asked for, never armed. Nothing here knows a socket, a clock, a log or a message format.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/config/config.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

/// What a dead predecessor (or a dead core, through its file) left behind.
struct Past {
  std::vector<InstanceRecord> instances;
  std::vector<ScriptRecord> scripts;
  std::vector<ObjectRecord> objects;  ///< tracked files and processes
  std::vector<BaseRecord> bases;      ///< interfaces below macvlans
  StaticRecord statics = {};
  std::vector<PromotionRecord> promotions = {};
  bool igmp_silenced = false;  ///< disable_local_igmp was carried out
  TimePoint died_at{};         ///< no advert of ours left later than this
};

/// Counters of one virtual router: the statistics file of behaviour.md f.5.
struct Statistics;
/// Everything a dump shows (view.h).
struct EngineView;

class Engine {
 public:
  Engine();
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// Facts about links and addresses are to be handled before the first call of this. `past` only at that first call.
  Effects reconfigure(const config::Config& next, const Past& past, TimePoint now);
  Effects handle(const Event& event, TimePoint now);
  /// To be called when now >= *next_deadline(); handles everything that is due.
  Effects on_deadline(TimePoint now);
  std::optional<TimePoint> next_deadline() const;
  /// Priority 0, VIPs removed, notify_stop; afterwards nothing is due any more. With keep_addresses (-V) VIPs stay.
  Effects stop(bool keep_addresses, TimePoint now);

  /// UTC since 1970 minus the time that the calls below and above are given; for stamps on the wire.
  void set_utc_offset(Duration offset);

  /// For dumps, and for a core that knows none: one record per instance, as RememberInstance would carry it.
  std::vector<InstanceRecord> records() const;
  /// For the dumps of vrrp/dump.h.
  EngineView view() const;
  /// keepalived.stats (behaviour.md f.5, samples/2.2.7-keepalived.stats).
  std::string statistics_text() const;
  void clear_statistics();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::vrrp
