#include "checker/logic/engine.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "checker/logic/attempt_lines.h"
#include "checker/logic/desired_service.h"
#include "checker/logic/identity.h"
#include "checker/logic/mark_plan.h"

namespace holdfast::checker {

namespace {

/// How many checks one turn of the loop starts: core's ping must not wait for 50 000.
constexpr std::size_t kMostStarts = 256;
/// One line for each server at start, as keepalived, but not for a thousand of them: a burst that fills a pipe costs other lines.
constexpr std::size_t kMostActivationsTold = 200;

/// The multiples of the golden ratio fill (0, 1) evenly, however many there are: nobody fires together.
double phase_of(std::uint64_t number) {
  constexpr double golden = 0.6180339887498949;
  const double turns = static_cast<double>(number) * golden;
  return turns - std::floor(turns);
}

}  // namespace

/// A predecessor's records by service.
struct Engine::PastIndex {
  std::map<std::string, const ServiceRecord*> services;
  std::map<std::string, std::vector<ServerRecord>> servers;

  explicit PastIndex(const Past& past) {
    for (const ServiceRecord& record : past.services) services.emplace(record.service, &record);
    for (const ServerRecord& record : past.servers) servers[record.service].push_back(record);
  }
  const ServiceRecord* service(const std::string& identity) const {
    const auto found = services.find(identity);
    return found == services.end() ? nullptr : found->second;
  }
  const std::vector<ServerRecord>& of(const std::string& identity) const {
    static const std::vector<ServerRecord> none;
    const auto found = servers.find(identity);
    return found == servers.end() ? none : found->second;
  }
};

// ---- configuration --------------------------------------------------------------------------------------------------

Effects Engine::reconfigure(std::shared_ptr<const config::Config> next, const Difference& difference, const Past& past,
                            TimePoint now) {
  const std::shared_ptr<const config::Config> before = std::exchange(config_, std::move(next));
  groups_ = GroupIndex(*config_);
  const PastIndex index(past);
  marks_.inherit(past);
  for (std::string& line : marks_.allot(*config_)) emit(Log{LogLevel::Warning, std::move(line)});
  for (const std::size_t gone : difference.removed) {
    const auto service = services_.extract(identity_of(before->virtual_servers[gone]));
    if (!service) continue;
    service.mapped()->remove(out_);
    remembered_.erase(service.key());
    drop(*service.mapped());
  }
  for (const Difference::Service& entry : difference.services) {
    const config::VirtualServer& settings = config_->virtual_servers[entry.index];
    const auto found = services_.find(identity_of(settings));
    if (found == services_.end())
      add(settings, index, now);
    else if (entry.same && found->second->mark() == marks_.mark_of(found->first))
      found->second->repoint(settings);
    else
      change(*found->second, settings, now);
  }
  for (const auto& [identity, record] : index.services) {
    if (services_.contains(identity)) continue;  // the configuration changed while nobody was at work
    for (const ipvs::ServiceKey& key : record->keys) emit(RemoveService{key});
    for (const ServerRecord& server : index.of(identity)) emit(ForgetServer{identity, server.server});
    emit(ForgetService{identity});
  }
  review_marks();
  review_sync_daemons();
  return take();
}

void Engine::add(const config::VirtualServer& settings, const PastIndex& past, TimePoint now) {
  auto made = std::make_unique<BalancedService>(settings, reach_of(settings), config_->global_defs.rs_init_notifies);
  BalancedService& service = *made;
  services_.emplace(service.identity(), std::move(made));
  const std::vector<ServerRecord>& known = past.of(service.identity());
  service.servers() = subscribe_servers(service, settings, &known, nullptr, now);
  const ServiceRecord* record = past.service(service.identity());
  service.begin(record, known, now, out_);
  review_suspension(service, now);
  if (record == nullptr && !service.suspended() && checks_.size() <= kMostActivationsTold) service.say_activating(out_);
  remember(service);
}

void Engine::change(BalancedService& service, const config::VirtualServer& settings, TimePoint now) {
  const std::vector<Server> before = service.servers();
  std::vector<CheckRun*> released;
  for (const Server& server : before) released.insert(released.end(), server.checks.begin(), server.checks.end());
  checks_.release(&service, released);
  std::vector<Server> servers = subscribe_servers(service, settings, nullptr, &before, now);
  service.change(settings, reach_of(settings), std::move(servers), now, out_);
  discard(checks_.collect(released));
  review_suspension(service, now);
  for (const Server& server : service.servers()) {
    if (!server.checks.empty() && server.checks.front()->known()) remember(service, server);
  }
  remember(service);
}

void Engine::drop(BalancedService& service) {
  std::vector<CheckRun*> released;
  for (const Server& server : service.servers())
    released.insert(released.end(), server.checks.begin(), server.checks.end());
  checks_.release(&service, released);
  discard(checks_.collect(released));
}

/// A server that was there `before`, or that a predecessor left a record of, goes on where it was.
std::vector<Server> Engine::subscribe_servers(BalancedService& service, const config::VirtualServer& settings,
                                              const std::vector<ServerRecord>* past, const std::vector<Server>* before,
                                              TimePoint now) {
  std::unordered_map<std::string, const Server*> old;
  std::unordered_map<std::string, const ServerRecord*> known;
  if (before != nullptr)
    for (const Server& server : *before) old.emplace(identity_of(*server.settings), &server);
  if (past != nullptr)
    for (const ServerRecord& record : *past) known.emplace(record.server, &record);
  const bool merge = config_->global_defs.checker_merge;
  std::vector<Server> servers;
  servers.reserve(settings.real_servers.size());
  for (const config::RealServer& real : settings.real_servers) {
    Server server;
    server.settings = &real;
    server.name = config::describe(real, settings);
    const std::string identity = identity_of(real);
    const Subscriber subscriber{&service, servers.size()};
    const auto previous = old.find(identity);
    std::vector<CheckRun*> candidates;
    std::vector<CheckRecord> records;
    if (previous != old.end()) {
      server.alive = previous->second->alive;
      server.weight = previous->second->weight;
      server.since = previous->second->since;
      candidates = previous->second->checks;
      for (const CheckRun* check : candidates) records.push_back(check->record());
    }
    if (const auto record = known.find(identity); record != known.end()) records = record->second->checks;
    for (const config::Check& check : real.checks) {
      const auto again = std::ranges::find_if(
          candidates, [&](CheckRun* run) { return checks_.take_up_again(*run, check, subscriber, now); });
      if (again != candidates.end()) {
        server.checks.push_back(*again);
        continue;
      }
      const CheckPool::Subscription subscription = checks_.subscribe(check, subscriber, merge);
      if (subscription.is_new) begin_check(*subscription.run, records, now);
      server.checks.push_back(subscription.run);
    }
    servers.push_back(std::move(server));
  }
  return servers;
}

void Engine::begin_check(CheckRun& run, const std::vector<CheckRecord>& known, TimePoint now) {
  const auto record = std::ranges::find(known, identity_of(run.check()), &CheckRecord::identity);
  if (record != known.end()) run.remember(*record);
  run.begin(phase_of(++begun_checks_), now);
  if (const auto* file = std::get_if<config::FileCheck>(&*run.check().kind)) {
    if (watched_files_[file->path]++ == 0) emit(WatchFile{file->path});
    const auto value = file_values_.find(file->path);
    if (value != file_values_.end()) run.on_file(value->second, now);
  }
  checks_.reschedule(run);
}

void Engine::discard(std::vector<std::unique_ptr<CheckPool::Entry>> orphans) {
  for (const auto& entry : orphans) {
    if (entry->run.in_flight() && !std::holds_alternative<config::MiscCheck>(*entry->run.check().kind))
      emit(CancelProbe{entry->run.id()});
    const auto* file = std::get_if<config::FileCheck>(&*entry->run.check().kind);
    if (file == nullptr || --watched_files_[file->path] > 0) continue;
    watched_files_.erase(file->path);
    file_values_.erase(file->path);
    emit(UnwatchFile{file->path});
  }
}

// ---- events ---------------------------------------------------------------------------------------------------------

Effects Engine::handle(const Event& event, TimePoint now) {
  std::visit([this, now](const auto& e) { on(e, now); }, event);
  return take();
}

Effects Engine::on_deadline(TimePoint now) {
  for (std::size_t i = 0; i < kMostStarts; ++i) {
    CheckPool::Entry* entry = checks_.take_due(now);
    if (entry == nullptr) break;
    emit(entry->run.start());
  }
  return take();
}

void Engine::on(const ProbeFinished& event, TimePoint now) {
  CheckPool::Entry* entry = checks_.find(event.id);
  if (entry == nullptr || !entry->run.in_flight()) return;
  const CheckRun::Result result = entry->run.on_verdict(event.verdict, now);
  apply(*entry, result, now);
}

void Engine::on(const ScriptFinished& event, TimePoint now) {
  CheckPool::Entry* entry = checks_.find(event.id);
  if (entry == nullptr || !entry->run.in_flight()) return;
  if (!std::holds_alternative<config::MiscCheck>(*entry->run.check().kind)) return;
  const CheckRun::Result result = entry->run.on_script(event, now);
  apply(*entry, result, now);
}

void Engine::on(const FileChanged& event, TimePoint now) {
  if (!watched_files_.contains(event.path)) return;
  const std::int64_t value = event.value.value_or(0);
  file_values_[event.path] = value;
  checks_.for_each([&](CheckPool::Entry& entry) {
    const auto* file = std::get_if<config::FileCheck>(&*entry.run.check().kind);
    if (file == nullptr || file->path != event.path) return;
    const CheckRun::Result result = entry.run.on_file(value, now);
    apply(entry, result, now);
  });
}

void Engine::on(const InstanceChanged& event, TimePoint) {
  instances_[event.instance] = event;
  review_sync_daemons();
}

void Engine::on(const AddressChanged& event, TimePoint now) {
  if (event.present)
    present_.insert(event.address);
  else
    present_.erase(event.address);
  for (auto& [identity, service] : services_) {
    if (service->settings().address == event.address) review_suspension(*service, now);
  }
}

void Engine::apply(CheckPool::Entry& entry, const CheckRun::Result& result, TimePoint now) {
  checks_.reschedule(entry.run);
  say_attempt(entry, result);
  if (!result.changed) return;
  for (const Subscriber& subscriber : entry.subscribers) {
    BalancedService& service = *subscriber.service;
    if (result.final)
      service.check_flipped(subscriber.server, entry.run, now, out_);
    else
      service.check_changed(subscriber.server, now, out_);
    remember(service, service.servers()[subscriber.server]);
    remember(service);
  }
}

/// Once for a shared check: in the name of its first subscriber.
void Engine::say_attempt(const CheckPool::Entry& entry, const CheckRun::Result& result) {
  if (!result.transition || entry.subscribers.empty()) return;
  if (result.first && entry.run.up() && checks_.size() > kMostActivationsTold) return;
  const Subscriber& first = entry.subscribers.front();
  const AttemptNames names{first.service->servers()[first.server].name, first.service->name()};
  if (result.our_own_fault) {
    emit(Log{LogLevel::Warning, fmt::format("{} on service {} could not be made ({}): the service keeps its state",
                                            keyword_of(entry.run.check()), names.server, entry.run.last().detail)});
    return;
  }
  for (std::string& line : attempt_lines(entry.run, result, names)) emit(Log{LogLevel::Info, std::move(line)});
}

// ---- firewall marks -------------------------------------------------------------------------------------------------

BalancedService::Reach Engine::reach_of(const config::VirtualServer& settings) const {
  const bool refused = marks_.given_up() && config_->global_defs.marks.wanted();
  return {groups_.find(settings.group), marks_.mark_of(identity_of(settings)), refused};
}

void Engine::review_marks() {
  MarkPlan plan = plan_marks(*config_, marks_);
  if (plan == marked_) return;
  marked_ = plan;
  emit(SetMarks{std::move(plan)});
}

/// Clients must be served all the same: by one service for each address.
void Engine::on(const MarksRefused&, TimePoint) {
  marks_.give_up();
  review_marks();
  for (auto& [identity, service] : services_) {
    service->move(reach_of(service->settings()), out_);
    remember(*service);
  }
}

// ---- ha_suspend and the synchronisation daemons ---------------------------------------------------------------------

bool Engine::suspended_by_address(const BalancedService& service) const {
  const config::VirtualServer& settings = service.settings();
  return settings.ha_suspend && settings.address && !present_.contains(*settings.address);
}

void Engine::review_suspension(BalancedService& service, TimePoint now) {
  const bool suspended = suspended_by_address(service);
  const bool changed = suspended != service.suspended();
  service.set_suspended(suspended, out_);
  if (!changed && !suspended) return;
  suspend_idle_checks(service, now);
  remember(service);
}

/// A check runs as long as one of its subscribers is not suspended.
void Engine::suspend_idle_checks(const BalancedService& service, TimePoint now) {
  for (const Server& server : service.servers()) {
    for (CheckRun* run : server.checks) {
      const CheckPool::Entry& entry = *checks_.find(run->id());
      const bool idle =
          std::ranges::all_of(entry.subscribers, [](const Subscriber& s) { return s.service->suspended(); });
      if (idle && !run->suspended()) {
        const bool probing = !std::holds_alternative<config::MiscCheck>(*run->check().kind);
        if (run->suspend() && probing) emit(CancelProbe{run->id()});
      } else if (!idle && run->suspended()) {
        run->resume_running(now);
        checks_.reschedule(*run);
      }
    }
  }
}

void Engine::review_sync_daemons() {
  std::vector<ipvs::SyncDaemon> wanted;
  const auto& setting = config_->global_defs.lvs_sync_daemon;
  if (setting) {
    const auto instance = instances_.find(setting->vrrp_instance);
    const bool known = instance != instances_.end();
    wanted = sync_daemons(*setting, known ? std::optional(instance->second.active) : std::nullopt,
                          known ? instance->second.virtual_router_id : std::uint8_t{0});
    // vrrp has not spoken yet: what a predecessor started is left as it is.
    if (!setting->vrrp_instance.empty() && !known) return;
  }
  if (!setting && !sync_daemons_) return;
  if (sync_daemons_ == wanted) return;
  sync_daemons_ = wanted;
  emit(SetSyncDaemons{std::move(wanted)});
}

// ---- the end, and what is remembered --------------------------------------------------------------------------------

Effects Engine::stop(bool keep_services) {
  for (auto& [identity, service] : services_) service->stop(keep_services, out_);
  if (sync_daemons_ && !sync_daemons_->empty()) emit(SetSyncDaemons{});
  return take();
}

void Engine::remember(const BalancedService& service, const Server& server) {
  emit(RememberServer{service.record(server)});
}

void Engine::remember(const BalancedService& service) {
  ServiceRecord record = service.record();
  auto& known = remembered_[service.identity()];
  if (known == record) return;
  known = record;
  emit(RememberService{std::move(record)});
}

EngineView Engine::view() const {
  EngineView view;
  for (const auto& [identity, service] : services_) {
    view.services.push_back(service->record());
    std::vector<ServerRecord> servers;
    for (const Server& server : service->servers()) servers.push_back(service->record(server));
    view.servers.push_back(std::move(servers));
  }
  return view;
}

}  // namespace holdfast::checker
