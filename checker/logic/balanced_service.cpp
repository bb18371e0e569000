#include "checker/logic/balanced_service.h"

#include <algorithm>
#include <fmt/format.h>

#include "checker/logic/alerts.h"
#include "checker/logic/desired_service.h"
#include "checker/logic/identity.h"

namespace holdfast::checker {

namespace {

constexpr int kMostWeight = 65535;

bool all_up(const Server& server) {
  return std::ranges::all_of(server.checks, [](const CheckRun* check) { return check->up(); });
}

/// A group may hold addresses of both families: each of its services takes the servers that it can reach.
ipvs::Service of_family(ipvs::Service service, Family family, Family of_group) {
  if (family != of_group) service.settings.netmask = family == Family::IPv4 ? 0xffffffffU : 128U;
  std::erase_if(service.destinations, [family](const auto& entry) {
    return entry.first.address.family() != family && entry.second.forwarding != ipvs::Forwarding::Tunnel;
  });
  return service;
}

/// A mark has no port, and without translation neither has a destination of it (so keepalived).
ipvs::Destinations without_ports(const ipvs::Destinations& destinations) {
  ipvs::Destinations result;
  for (const auto& [key, settings] : destinations) {
    const bool translated = settings.forwarding == ipvs::Forwarding::Masquerade;
    result.emplace(ipvs::DestinationKey{key.address, translated ? key.port : std::uint16_t{0}}, settings);
  }
  return result;
}

std::string sorry_name(const config::VirtualServer& service) {
  config::RealServer like;
  like.address = service.sorry_server->address;
  like.port = service.sorry_server->port;
  return config::describe(like, service);
}

}  // namespace

BalancedService::BalancedService(const config::VirtualServer& settings, const Reach& reach, bool rs_init_notifies)
    : settings_(&settings), rs_init_notifies_(rs_init_notifies) {
  take(settings, reach);
}

void BalancedService::take(const config::VirtualServer& settings, const Reach& reach) {
  settings_ = &settings;
  identity_ = identity_of(settings);
  name_ = config::describe(settings);
  mark_ = reach.group != nullptr ? reach.mark : std::nullopt;
  marks_refused_ = reach.marks_refused;
  keys_ = mark_ ? marked_keys(*reach.group, *mark_) : service_keys(settings, reach.group);
}

/// Keys that it has no longer.
void BalancedService::leave(const std::vector<ipvs::ServiceKey>& before, Effects& out) const {
  for (const ipvs::ServiceKey& key : before) {
    if (std::ranges::find(keys_, key) == keys_.end()) out.push_back(RemoveService{key});
  }
}

void BalancedService::move(const Reach& reach, Effects& out) {
  const std::vector<ipvs::ServiceKey> before = keys_;
  take(*settings_, reach);
  leave(before, out);
  emit_services(out);
}

void BalancedService::repoint(const config::VirtualServer& settings) {
  settings_ = &settings;
  for (std::size_t i = 0; i < servers_.size(); ++i) servers_[i].settings = &settings.real_servers[i];
}

void BalancedService::log(Effects& out, std::string text) const {
  out.push_back(Log{LogLevel::Info, std::move(text)});
}

/// One queue for a service: quorum_down never overtakes the notify_down that led to it.
void BalancedService::notify(const config::ScriptCommand& command, Effects& out) const {
  if (!command.empty()) out.push_back(RunNotifyScript{identity_, command});
}

void BalancedService::notify_server(const Server& server, bool up, Effects& out) const {
  notify(up ? server.settings->notify_up : server.settings->notify_down, out);
  out.push_back(TellFifo{fmt::format("RS {} {}", server.name, name_),
                         fmt::format("RS {} {} {}", server.name, name_, up ? "UP" : "DOWN")});
}

void BalancedService::notify_quorum(bool up, Effects& out) const {
  notify(up ? settings_->quorum_up : settings_->quorum_down, out);
  out.push_back(TellFifo{"VS " + name_, fmt::format("VS {} {}", name_, up ? "UP" : "DOWN")});
}

// ---- weights --------------------------------------------------------------------------------------------------------

/// behaviour.md e.2: configured + dynamic deltas, 0..65535.
void BalancedService::assess(Server& server) const {
  long weight = server.settings->weight;
  for (const CheckRun* check : server.checks) weight += check->weight_delta(server.settings->weight);
  server.weight = static_cast<int>(std::clamp<long>(weight, 0, kMostWeight));
}

long BalancedService::up_weight() const {
  long sum = 0;
  for (const Server& server : servers_) sum += server.alive ? server.weight : 0;
  return sum;
}

// ---- life -----------------------------------------------------------------------------------------------------------

void BalancedService::begin(const ServiceRecord* past, const std::vector<ServerRecord>& servers, TimePoint now,
                            Effects& out) {
  for (Server& server : servers_) {
    assess(server);
    server.alive = all_up(server);
    server.since = now;
    const auto known = std::ranges::find(servers, identity_of(*server.settings), &ServerRecord::server);
    if (known != servers.end() && known->alive == server.alive) server.since = known->since;
    if (past == nullptr && rs_init_notifies_) notify_server(server, server.alive, out);
  }
  quorum_since_ = past != nullptr ? past->since : now;
  quorum_up_ = past != nullptr ? past->quorum_up : up_weight() >= settings_->quorum;
  if (past == nullptr && !quorum_up_) log(out, fmt::format("Starting with quorum down for VS {}", name_));
  emit_services(out);
  if (past != nullptr) judge_quorum(now, out);
}

void BalancedService::change(const config::VirtualServer& settings, const Reach& reach, std::vector<Server> servers,
                             TimePoint now, Effects& out) {
  const std::vector<ipvs::ServiceKey> before = keys_;
  take(settings, reach);
  for (const Server& old : servers_) {
    const auto kept = std::ranges::find(servers, identity_of(*old.settings),
                                        [](const Server& s) { return identity_of(*s.settings); });
    if (kept != servers.end()) continue;
    log(out, fmt::format("service {} no longer exist", old.name));
    out.push_back(ForgetServer{identity_, identity_of(*old.settings)});
  }
  servers_ = std::move(servers);
  for (Server& server : servers_) {
    const int weight = server.weight;
    const bool fresh = server.since == TimePoint{};
    assess(server);
    if (fresh) {
      server.alive = all_up(server);
      server.since = now;
    } else if (server.weight != weight) {
      log(out, fmt::format("Changing weight from {} to {} for {} service {} of VS {}", weight, server.weight,
                           server.alive ? "active" : "inactive", server.name, name_));
    }
  }
  leave(before, out);
  // A check that was taken away, or a new one that has to prove itself, may change who is alive.
  for (Server& server : servers_) {
    if (server.alive == all_up(server)) continue;
    if (server.alive)
      server_down(server, now, out);
    else
      server_up(server, now, out);
  }
  judge_quorum(now, out);
  emit_services(out);
}

void BalancedService::check_changed(std::size_t index, TimePoint now, Effects& out) {
  Server& server = servers_[index];
  const int weight = server.weight;
  const bool was_alive = server.alive;
  assess(server);
  const bool alive = all_up(server);
  if (server.weight != weight) {
    log(out, fmt::format("Changing weight from {} to {} for {} service {} of VS {}", weight, server.weight,
                         server.alive ? "active" : "inactive", server.name, name_));
  }
  if (alive && !server.alive) server_up(server, now, out);
  if (!alive && server.alive) server_down(server, now, out);
  if (server.alive == was_alive && server.weight == weight) return;
  judge_quorum(now, out);
  emit_services(out);
}

void BalancedService::check_flipped(std::size_t index, const CheckRun& check, TimePoint now, Effects& out) {
  const bool was_alive = servers_[index].alive;
  check_changed(index, now, out);
  const Server& server = servers_[index];
  const config::RealServer& settings = *server.settings;
  if (!settings.smtp_alert || (settings.no_checker_emails && server.alive == was_alive)) return;
  out.push_back(server_alert(server.name, name_, server.alive, check_alert_body(check, server.name)));
}

void BalancedService::server_up(Server& server, TimePoint now, Effects& out) {
  server.alive = true;
  server.since = now;
  const char* word = server.settings->inhibit_on_failure ? "Enabling" : "Adding";
  log(out, fmt::format("{} service {} to VS {}", word, server.name, name_));
  notify_server(server, true, out);
}

void BalancedService::server_down(Server& server, TimePoint now, Effects& out) {
  server.alive = false;
  server.since = now;
  const char* word = server.settings->inhibit_on_failure ? "Disabling" : "Removing";
  log(out, fmt::format("{} service {} from VS {}", word, server.name, name_));
  notify_server(server, false, out);
}

// ---- quorum ---------------------------------------------------------------------------------------------------------

/// behaviour.md e.2: gained at quorum + hysteresis, lost below quorum - hysteresis or at 0.
bool BalancedService::wants_quorum() const {
  const long weight = up_weight();
  if (quorum_up_) return weight > 0 && weight >= settings_->quorum - settings_->hysteresis;
  return weight >= settings_->quorum + settings_->hysteresis;
}

void BalancedService::judge_quorum(TimePoint now, Effects& out) {
  const bool up = wants_quorum();
  if (up == quorum_up_) return;
  quorum_up_ = up;
  quorum_since_ = now;
  if (up)
    gained_quorum(up_weight(), now, out);
  else
    lost_quorum(up_weight(), now, out);
}

void BalancedService::gained_quorum(long weight, TimePoint, Effects& out) {
  const config::VirtualServer& s = *settings_;
  log(out, fmt::format("Gained quorum {}+{}={} <= {} for VS {}", s.quorum, s.hysteresis, s.quorum + s.hysteresis,
                       weight, name_));
  if (s.sorry_server) {
    log(out, fmt::format("{} sorry server {} from VS {}", s.sorry_server_inhibit ? "Disabling" : "Removing",
                         sorry_name(s), name_));
    log(out, fmt::format("Adding alive servers to the pool for VS {}", name_));
  }
  notify_quorum(true, out);
  if (!s.smtp_alert) return;
  out.push_back(service_alert(
      name_, true,
      fmt::format("=> Gained quorum {}+{}={} <= {} <=", s.quorum, s.hysteresis, s.quorum + s.hysteresis, weight)));
}

void BalancedService::lost_quorum(long weight, TimePoint, Effects& out) {
  const config::VirtualServer& s = *settings_;
  log(out, fmt::format("Lost quorum {}-{}={} > {} for VS {}", s.quorum, s.hysteresis, s.quorum - s.hysteresis, weight,
                       name_));
  notify_quorum(false, out);
  if (s.smtp_alert) {
    out.push_back(service_alert(
        name_, false,
        fmt::format("=> Lost quorum {}-{}={} > {} <=", s.quorum, s.hysteresis, s.quorum - s.hysteresis, weight)));
  }
  if (!s.sorry_server) return;
  log(out,
      fmt::format("{} sorry server {} to VS {}", s.sorry_server_inhibit ? "Enabling" : "Adding", sorry_name(s), name_));
  log(out, fmt::format("Removing alive servers from the pool for VS {}", name_));
}

// ---- what the kernel should hold ------------------------------------------------------------------------------------

ipvs::Service BalancedService::desired() const {
  const config::VirtualServer& s = *settings_;
  ipvs::Service service{service_settings(s), {}};
  const bool sorry_in_use = !quorum_up_ && s.sorry_server.has_value();
  for (const Server& server : servers_) {
    const bool in_service = server.alive && !sorry_in_use;
    const bool inhibited = !server.alive && server.settings->inhibit_on_failure;
    if (!in_service && !inhibited) continue;
    service.destinations[{server.settings->address, server.settings->port}] =
        destination_settings(*server.settings, in_service ? server.weight : 0);
  }
  if (s.sorry_server && (sorry_in_use || s.sorry_server_inhibit)) {
    service.destinations[{s.sorry_server->address, s.sorry_server->port}] =
        destination_settings(*s.sorry_server, sorry_in_use ? 1 : 0);
  }
  if (mark_) service.destinations = without_ports(service.destinations);
  return service;
}

void BalancedService::emit_services(Effects& out) {
  const ipvs::Service service = desired();
  const bool mixed = !settings_->group.empty();
  for (const ipvs::ServiceKey& key : keys_) {
    out.push_back(SetService{key, mixed ? of_family(service, key.family, settings_->family) : service});
  }
}

void BalancedService::set_suspended(bool suspended, Effects& out) {
  if (suspended == suspended_) return;
  suspended_ = suspended;
  suspended ? say_of_each("Suspending", out) : say_activating(out);
}

void BalancedService::say_activating(Effects& out) const {
  say_of_each("Activating", out);
}

void BalancedService::say_of_each(const char* word, Effects& out) const {
  for (const Server& server : servers_) {
    if (!server.checks.empty())
      log(out, fmt::format("{} healthchecker for service {} for VS {}", word, server.name, name_));
  }
}

void BalancedService::remove(Effects& out) {
  log(out, fmt::format("Removing Virtual Server {}", name_));
  for (const ipvs::ServiceKey& key : keys_) out.push_back(RemoveService{key});
  for (const Server& server : servers_) out.push_back(ForgetServer{identity_, identity_of(*server.settings)});
  out.push_back(ForgetService{identity_});
}

void BalancedService::stop(bool keep_services, Effects& out) {
  for (const Server& server : servers_) {
    log(out, fmt::format("Shutting down service {} from VS {}", server.name, name_));
    if (!settings_->omega || !server.alive) continue;
    notify_server(server, false, out);
    if (server.settings->smtp_alert) out.push_back(server_alert(server.name, name_, false, kShuttingDown));
  }
  if (settings_->omega && quorum_up_) {
    notify_quorum(false, out);
    if (settings_->smtp_alert) out.push_back(service_alert(name_, false, kShuttingDown));
  }
  if (keep_services) return;
  for (const ipvs::ServiceKey& key : keys_) out.push_back(RemoveService{key});
}

// ---- records --------------------------------------------------------------------------------------------------------

ServerRecord BalancedService::record(const Server& server) const {
  ServerRecord r;
  r.service = identity_;
  r.server = identity_of(*server.settings);
  r.service_name = name_;
  r.server_name = server.name;
  r.alive = server.alive;
  r.weight = server.weight;
  r.since = server.since;
  for (const CheckRun* check : server.checks) r.checks.push_back(check->record());
  return r;
}

ServiceRecord BalancedService::record() const {
  ServiceRecord r;
  r.service = identity_;
  r.name = name_;
  r.quorum_up = quorum_up_;
  r.suspended = suspended_;
  r.since = quorum_since_;
  r.keys = keys_;
  r.mark = mark_.value_or(0);
  r.marks_refused = marks_refused_;
  return r;
}

}  // namespace holdfast::checker
