// The watchdog without its processes: which child is wanted, alive, stuck, dead, stopping; when the next start, kill or last
// will is due; and the two steps of a reload. process.cpp hands it events and the time and carries out the effects.
//
// Deliberately absent: configuration files, sockets, signals of the operating system, pid files, scripts.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/watchdog/logic/child.h"
#include "core/watchdog/logic/effects.h"
#include "core/watchdog/logic/events.h"
#include "core/watchdog/logic/reload.h"

namespace holdfast::watchdog {

struct Policy {
  bool respawn = true;                    ///< false: -R
  bool keep_vips = false;                 ///< -V: a stop leaves the VIPs
  Duration child_wait_time = seconds(5);  ///< from asking a child to stop until it is killed
};

class Engine {
 public:
  explicit Engine(Policy policy) : policy_(policy) {}

  Effects handle(const Event& event, TimePoint now);
  /// To be called when now >= *next_deadline().
  Effects on_deadline(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

  void set_child_wait_time(Duration patience) { policy_.child_wait_time = patience; }
  bool stopping() const { return stopping_; }
  bool reloading() const { return reload_.active(); }
  /// Of the configuration that new children get.
  std::uint64_t generation() const { return generation_; }
  const Child& child(Role role) const { return children_[static_cast<std::size_t>(role)]; }

 private:
  void on(const Begin& event);
  void on(const Spawned& event);
  void on(const SpawnFailed& event);
  void on(const Attached& event);
  void on(const Exited& event);
  void on(const LinkLost& event);
  void on(const ChildReady& event);
  void on(const ChildPrepared& event);
  void on(const ChildPong& event);
  void on(const ChildStopped& event);
  void on(const WillChanged& event);
  void on(const TakeoverHeard& event);
  void on(const ListeningFailed& event);
  void on(const ReloadOffered& event);
  void on(const StopRequested& event);

  Child& at(Role role) { return children_[static_cast<std::size_t>(role)]; }
  void start(Child& child);
  void kill_stuck(Child& child, const std::string& why);
  void check_limit(Child& child);
  void check_heartbeat(Child& child);
  void after_death(Child& child, const std::string& how);
  void execute(const std::vector<Bequest>& wills, const char* why);
  void ask(Child& child);
  void bring_up_to_date(Child& child);
  void conclude_reload();
  void commit();
  void check_startup();
  void begin_stop(int exit_code);
  void check_finished();
  void log(LogLevel level, std::string text);
  void emit(Effect effect) { out_.push_back(std::move(effect)); }
  void change_ears();
  Effects take();

  Policy policy_;
  std::array<Child, 2> children_{Child(Role::Vrrp), Child(Role::Checker)};
  std::uint64_t generation_ = 0;
  Reload reload_;
  bool startup_complete_ = false;
  bool stopping_ = false;
  bool finished_ = false;
  int exit_code_ = 0;
  TimePoint now_{};
  Effects out_;
};

}  // namespace holdfast::watchdog
