// What the engine is made of, and how its parts hear of each other: the facts, the routers, what was said already. Three rooms:
// engine.cpp (the end of every turn, deadlines, packets, trackers), engine_kernel.cpp (what the kernel tells),
// engine_configuration.cpp (start and reload). Included by these alone.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vrrp/logic/advert_buffers.h"
#include "vrrp/logic/base_keeper.h"
#include "vrrp/logic/engine.h"
#include "vrrp/logic/firewall_board.h"
#include "vrrp/logic/link_delays.h"
#include "vrrp/logic/linkbeats.h"
#include "vrrp/logic/promotion_keeper.h"
#include "vrrp/logic/reconfigure.h"
#include "vrrp/logic/roster.h"
#include "vrrp/logic/router_index.h"
#include "vrrp/logic/router_schedule.h"
#include "vrrp/logic/routing_board.h"
#include "vrrp/logic/sync_groups.h"
#include "vrrp/logic/view.h"
#include "vrrp/logic/wire_notes.h"

namespace holdfast::vrrp {

struct Engine::Impl {
  // ---- facts and routers ----
  LinkTable links;
  ScriptTable scripts;
  TrackedObjects objects;
  LinkDelays link_delays;
  Linkbeats linkbeats;
  FlatSet<IpAddress> vips;
  TimePoint hold_until{};
  ArpPace pace;
  config::GlobalDefs globals;
  bool configured = false;
  bool stopped = false;
  bool resyncing = false;

  Roster routers;
  SyncGroups groups;
  std::set<std::string> grouped;  ///< instances that wait for their sync group
  RouterIndex index;
  RouterSchedule schedule;
  BaseKeeper bases;
  PromotionKeeper promotions;
  FirewallBoard firewall;
  RoutingBoard routing;
  StaticTracking tracked_statics;
  AdvertBufferSizes buffers;

  // ---- memory of what was said and done ----
  std::set<AddressKey> leaving;  ///< removed by us, the kernel has not confirmed yet
  WireNotes notes;

  Phases phases;
  UtcOffset utc;

  // ---- engine.cpp ----
  Surroundings around() const;
  /// The end of everything that touched these routers: bulk work within one budget, records, deadlines.
  void settle(const std::vector<RouterId>& concerned, TimePoint now, Effects& out);
  /// Before addresses are added: what nobody may talk to is dropped first.
  void guard(const std::vector<RouterId>& ids, TimePoint now, Effects& out);
  void mark_leaving(const Effects& out);
  std::vector<RouterId> reassess(const std::vector<RouterId>& ids, TimePoint now, Effects& out);
  void object_news(const std::vector<ObjectKey>& changed, TimePoint now, Effects& out);
  Effects on_deadline(TimePoint now);
  std::optional<TimePoint> next_deadline() const;
  Effects stop(bool keep_addresses, TimePoint now);

  void on(const PacketReceived& event, TimePoint now, Effects& out);
  void on(const SendRefused& event, TimePoint now, Effects& out) { notes.send_refused(event, links, now, out); }
  void on(const ScriptFinished& event, TimePoint now, Effects& out);
  void on(const FileChanged& event, TimePoint now, Effects& out) { object_news(objects.on(event, out), now, out); }
  void on(const ProcessesCounted& event, TimePoint now, Effects& out);
  void on(const PortNote& event, TimePoint, Effects& out) { out.push_back(Log{LogLevel::Info, event.text}); }
  void on(const LinkbeatSeen& event, TimePoint now, Effects& out);

  // ---- engine_kernel.cpp ----
  /// After what may have broken or mended a static entry.
  void static_news(TimePoint now, Effects& out);
  void link_news(const std::set<std::string>& names, TimePoint now, Effects& out);
  void link_may_be(const LinkChanged& event, TimePoint now, Effects& out);
  void link_is(const LinkChanged& event, TimePoint now, Effects& out);
  void address_news(std::uint32_t interface_index, TimePoint now, Effects& out);
  /// Of a static entry, or of an ipvlan itself.
  void unowned_refused(const AddressRefused& event, TimePoint now, Effects& out);

  void on(const LinkChanged& event, TimePoint now, Effects& out) { link_may_be(linkbeats.taken(event), now, out); }
  void on(const LinkRemoved& event, TimePoint now, Effects& out);
  void on(const AddressAppeared& event, TimePoint now, Effects& out);
  void on(const AddressVanished& event, TimePoint now, Effects& out);
  void on(const ResyncStarted&, TimePoint, Effects&);
  void on(const ResyncFinished&, TimePoint now, Effects& out);
  void on(const AddressRefused& event, TimePoint now, Effects& out);
  void on(const VmacRefused& event, TimePoint now, Effects& out);
  void on(const RoutingTold& event, TimePoint now, Effects& out);
  void on(const RoutingResyncStarted&, TimePoint, Effects&) { routing.resync_started(); }
  void on(const RoutingResyncFinished&, TimePoint now, Effects& out);
  void on(const RoutingRefused& event, TimePoint now, Effects& out);
  void on(const FirewallRefused& event, TimePoint now, Effects& out);
  void on(const FirewallVanished&, TimePoint now, Effects& out);

  // ---- engine_configuration.cpp ----
  Effects reconfigure(const config::Config& next, const Past& past, TimePoint now);
  /// The configuration refuses two multicast instances of one key; unicast ones may differ in their peers only.
  static std::vector<const config::VrrpInstance*> usable(const std::vector<config::VrrpInstance>& next);
  static bool needs_firewall(const std::vector<const config::VrrpInstance*>& list);
  void collect_facts(const std::vector<const config::VrrpInstance*>& next, const config::Config& whole,
                     const Past& past, TimePoint now, Effects& out);
  void begin_routers(const std::vector<RouterId>& fresh, const Past& past, std::set<std::string>& names, TimePoint now,
                     Effects& out);
  /// vrrp_startup_delay, and what is left of vrrp_delay_after_boot: a monotonic time is one since the boot of the host.
  void hold_back(TimePoint now, Effects& out);
  bool held(const AddressKey& key) const;
  /// An address that went from one instance to another which is Active must not be missing in between.
  void spare_moved_addresses(Effects& out);
  void forget_names(const std::set<std::string>& before, Effects& out) const;
};

}  // namespace holdfast::vrrp
