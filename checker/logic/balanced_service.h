// One virtual_server at work: which of its real servers are alive, whether it has quorum, and so how the kernel's services
// should look (behaviour.md e.2). The engine tells it what checks say; it returns what changed as effects. It is the only one
// that decides over alive, quorum and sorry server. Absent: probes, time tables, the kernel.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/logic/check_run.h"
#include "checker/logic/effects.h"
#include "core/config/config.h"

namespace holdfast::checker {

/// A real server as it is now. `checks` are the engine's, in the order of the configuration.
struct Server {
  const config::RealServer* settings = nullptr;
  std::string name;  ///< as log lines call it: "[10.0.0.1]:tcp:80"
  bool alive = true;
  int weight = 1;  ///< effective: configured + dynamic, 0..65535
  TimePoint since{};
  std::vector<CheckRun*> checks;
};

class BalancedService {
 public:
  /// How clients reach it: by the addresses of the group, or by the mark that nftables_ipvs gives what goes there.
  struct Reach {
    const config::VirtualServerGroup* group = nullptr;
    std::optional<std::uint32_t> mark{};
    bool marks_refused = false;  ///< for the record
  };

  BalancedService(const config::VirtualServer& settings, const Reach& reach, bool rs_init_notifies);

  const config::VirtualServer& settings() const { return *settings_; }
  const std::string& identity() const { return identity_; }
  const std::string& name() const { return name_; }
  bool quorum_up() const { return quorum_up_; }
  bool suspended() const { return suspended_; }
  std::vector<Server>& servers() { return servers_; }
  const std::vector<Server>& servers() const { return servers_; }
  /// Weights of the servers that are alive.
  long up_weight() const;

  /// The first state of all servers, from their checks (which know what a predecessor left); then desired().
  void begin(const ServiceRecord* past, const std::vector<ServerRecord>& servers, TimePoint now, Effects& out);
  /// The same configuration, now at another place in memory.
  void repoint(const config::VirtualServer& settings);
  /// Another configuration of the same service. Servers that stay keep their state; the new ones have their checks already.
  void change(const config::VirtualServer& settings, const Reach& reach, std::vector<Server> servers, TimePoint now,
              Effects& out);
  /// The same service, reached in another way.
  void move(const Reach& reach, Effects& out);
  /// A check of this server says something new.
  void check_changed(std::size_t server, TimePoint now, Effects& out);
  /// The same, and it is this check that went up or down: a mail if one is wanted.
  void check_flipped(std::size_t server, const CheckRun& check, TimePoint now, Effects& out);
  void set_suspended(bool suspended, Effects& out);
  /// "Activating healthchecker …" for each server that is checked.
  void say_activating(Effects& out) const;
  /// Lines, scripts of omega, and the services leave the kernel unless `keep_services`.
  void stop(bool keep_services, Effects& out);
  /// A reload took it out: its services leave the kernel.
  void remove(Effects& out);

  /// Keys of the kernel's services: one, or those of the group.
  const std::vector<ipvs::ServiceKey>& keys() const { return keys_; }
  std::optional<std::uint32_t> mark() const { return mark_; }
  ipvs::Service desired() const;
  ServerRecord record(const Server& server) const;
  ServiceRecord record() const;

 private:
  void assess(Server& server) const;
  void server_up(Server& server, TimePoint now, Effects& out);
  void server_down(Server& server, TimePoint now, Effects& out);
  void judge_quorum(TimePoint now, Effects& out);
  void gained_quorum(long weight, TimePoint now, Effects& out);
  void lost_quorum(long weight, TimePoint now, Effects& out);
  bool wants_quorum() const;
  void emit_services(Effects& out);
  void notify(const config::ScriptCommand& command, Effects& out) const;
  void notify_server(const Server& server, bool up, Effects& out) const;
  void notify_quorum(bool up, Effects& out) const;
  void say_of_each(const char* word, Effects& out) const;
  void log(Effects& out, std::string text) const;
  void take(const config::VirtualServer& settings, const Reach& reach);
  void leave(const std::vector<ipvs::ServiceKey>& before, Effects& out) const;

  const config::VirtualServer* settings_;
  std::string identity_, name_;
  bool rs_init_notifies_;
  std::vector<ipvs::ServiceKey> keys_;
  std::optional<std::uint32_t> mark_;
  bool marks_refused_ = false;
  std::vector<Server> servers_;
  bool quorum_up_ = true;
  bool suspended_ = false;
  TimePoint quorum_since_{};
};

}  // namespace holdfast::checker
