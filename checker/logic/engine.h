// The checker without its process: every virtual_server at work, the checks they share, and what vrrp and the host tell them.
// process.cpp hands it events and the time and carries out the effects. Boot is reload from nothing, and a return from a crash
// is a start with a past.
//
// Deliberately absent: sockets, clocks, the kernel's table (ipvs_wrapper's reconciler compares it with what is emitted here).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/logic/balanced_service.h"
#include "checker/logic/check_pool.h"
#include "checker/logic/effects.h"
#include "checker/logic/events.h"
#include "checker/logic/group_index.h"
#include "checker/logic/mark_book.h"
#include "checker/logic/reconfigure.h"
#include "core/config/config.h"

namespace holdfast::checker {

/// A service with its servers and their checks, for dumps.
struct EngineView {
  std::vector<ServiceRecord> services;
  std::vector<std::vector<ServerRecord>> servers;  ///< of each service
};

class Engine {
 public:
  /// `difference` is compare(configuration in force, next), which may have been computed beside the loop. `past` is what a
  /// predecessor left, empty for a reload.
  Effects reconfigure(std::shared_ptr<const config::Config> next, const Difference& difference, const Past& past,
                      TimePoint now);
  Effects handle(const Event& event, TimePoint now);
  /// To be called when now >= *next_deadline(). Starts at most a batch; what is left is due at once.
  Effects on_deadline(TimePoint now);
  std::optional<TimePoint> next_deadline() { return checks_.next_deadline(); }
  /// Services leave the kernel unless `keep_services` (-I).
  Effects stop(bool keep_services);

  /// Before the first reconfigure: an empty one.
  const std::shared_ptr<const config::Config>& configuration() const { return config_; }
  EngineView view() const;
  std::size_t checks() const { return checks_.size(); }

 private:
  void on(const ProbeFinished& event, TimePoint now);
  void on(const ScriptFinished& event, TimePoint now);
  void on(const FileChanged& event, TimePoint now);
  void on(const InstanceChanged& event, TimePoint now);
  void on(const AddressChanged& event, TimePoint now);
  void on(const MarksRefused& event, TimePoint now);

  using Services = std::map<std::string, std::unique_ptr<BalancedService>>;
  struct PastIndex;
  void add(const config::VirtualServer& settings, const PastIndex& past, TimePoint now);
  void change(BalancedService& service, const config::VirtualServer& settings, TimePoint now);
  void drop(BalancedService& service);
  std::vector<Server> subscribe_servers(BalancedService& service, const config::VirtualServer& settings,
                                        const std::vector<ServerRecord>* past, const std::vector<Server>* before,
                                        TimePoint now);
  void begin_check(CheckRun& run, const std::vector<CheckRecord>& known, TimePoint now);
  void discard(std::vector<std::unique_ptr<CheckPool::Entry>> orphans);
  void apply(CheckPool::Entry& entry, const CheckRun::Result& result, TimePoint now);
  void say_attempt(const CheckPool::Entry& entry, const CheckRun::Result& result);
  void review_suspension(BalancedService& service, TimePoint now);
  void review_sync_daemons();
  void review_marks();
  BalancedService::Reach reach_of(const config::VirtualServer& settings) const;
  bool suspended_by_address(const BalancedService& service) const;
  void suspend_idle_checks(const BalancedService& service, TimePoint now);
  void remember(const BalancedService& service, const Server& server);
  void remember(const BalancedService& service);
  void emit(Effect effect) { out_.push_back(std::move(effect)); }
  Effects take() { return std::exchange(out_, {}); }

  std::shared_ptr<const config::Config> config_ = std::make_shared<const config::Config>();
  GroupIndex groups_;  ///< of config_
  Services services_;
  CheckPool checks_;
  std::uint64_t begun_checks_ = 0;
  std::set<IpAddress> present_;
  std::map<std::string, InstanceChanged> instances_;
  std::map<std::string, int> watched_files_;
  std::map<std::string, std::int64_t> file_values_;
  std::optional<std::vector<ipvs::SyncDaemon>> sync_daemons_;
  std::map<std::string, ServiceRecord> remembered_;
  MarkBook marks_;
  MarkPlan marked_;
  Effects out_;
};

}  // namespace holdfast::checker
