#include "test/core/watchdog/logic/scenario.h"

#include <charconv>
#include <csignal>
#include <fmt/format.h>
#include <map>
#include <sstream>

#include "core/base/text.h"
#include "core/watchdog/logic/engine.h"
#include "test/support/virtual_clock.h"

namespace holdfast::test {
namespace {

using namespace holdfast::watchdog;
using Words = std::vector<std::string>;

constexpr Duration kInstant = microseconds(100);  ///< between a cause in one process and its effect in another

Duration duration(const std::string& text) {
  std::size_t end = 0;
  const double value = std::stod(text, &end);
  const std::string unit = text.substr(end);
  const double scale = unit == "us" ? 1 : unit == "ms" ? 1e3 : unit == "m" ? 60e6 : 1e6;
  return Duration(static_cast<std::int64_t>(value * scale + 0.5));
}

std::string rest_of(const Words& words, std::size_t from) {
  return join(Words(words.begin() + static_cast<std::ptrdiff_t>(std::min(from, words.size())), words.end()), " ");
}

class World {
 public:
  std::string play(const std::string& commands) {
    out_.clear();
    std::istringstream lines(commands);
    for (std::string line; std::getline(lines, line);) {
      const Words words = split_words(line);
      if (words.empty() || words[0].starts_with('#')) continue;
      obey(words);
    }
    return out_;
  }

 private:
  struct Life {
    std::int32_t pid = 0;
    bool frozen = false;
    bool linked = true;
    bool abort_pending = false;
    std::optional<std::uint64_t> ping{};  // unanswered because frozen
    std::optional<TimePoint> adverts_since{};
  };

  // ---- commands ----
  void obey(const Words& words) {
    const std::string& verb = words[0];
    if (verb == "policy") return policy(words);
    if (verb == "child") return child(words);
    if (verb == "begin") return begin(words);
    if (verb == "knock") return knock(words.at(1) == "same");
    if (verb == "run") return run(duration(words.at(1)));
    if (verb == "kill") return die(true, SIGKILL);
    if (verb == "exit") return die(false, std::stoi(words.at(1)));
    if (verb == "crash") return die(true, std::stoi(words.at(1)));
    if (verb == "freeze") return freeze();
    if (verb == "thaw") return thaw();
    if (verb == "garble") return tell(LinkLost{Role::Vrrp, "a message that cannot be parsed", true});
    if (verb == "hang-up") return hang_up();
    if (verb == "sleep") return sleep(duration(words.at(1)), words.size() > 2);
    if (verb == "spawn") return void(spawn_error_ = words.at(1) == "fails" ? rest_of(words, 2) : "");
    if (verb == "loop") return void(looping_ = words.at(1) == "on");
    if (verb == "prepare") return void(prepare_ = words);
    if (verb == "commit") return void(commits_ = words.at(1) != "silent");
    if (verb == "reload") return reload();
    if (verb == "deaf") return void(deaf_ = true);
    if (verb == "ear") return void(ear_error_ = words.at(1) == "fails" ? rest_of(words, 2) : "");
    if (verb == "takeover") return tell(TakeoverHeard{Role::Vrrp, "V"});
    if (verb == "stop") return tell(StopRequested{});
    if (verb == "state") return show("state {}", name(engine().child(Role::Vrrp).state()));
    show("unknown command {}", verb);
  }

  std::map<std::string, std::string> keys(const Words& words) {
    std::map<std::string, std::string> found;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      found[words[i].substr(0, equals)] = words[i].substr(equals + 1);
    }
    return found;
  }
  void policy(const Words& words) {
    for (const auto& [key, value] : keys(words)) {
      if (key == "respawn") policy_.respawn = value != "no";
      if (key == "keep_vips") policy_.keep_vips = value == "yes";
      if (key == "wait") policy_.child_wait_time = duration(value);
    }
  }
  void child(const Words& words) {
    for (const auto& [key, value] : keys(words)) {
      if (key == "ready") ready_after_ = duration(value);
      if (key == "adverts") adverts_ = duration(value);
      if (key == "down") down_ = duration(value);
      if (key == "vips") vips_ = value != "no";
      if (key == "latest") latest_ = duration(value);
    }
  }
  Engine& engine() {
    if (!engine_) engine_.emplace(policy_);
    return *engine_;
  }
  void begin(const Words& words) {
    Begin event{{Role::Vrrp}, generation_, {}, {}};
    for (const auto& [key, value] : keys(words)) {
      if (key == "remembered") event.remembered_until = clock_.now() - duration(value);
      if (key == "orphan") event.orphans.push_back({Role::Vrrp, std::stoi(value)});
    }
    if (!event.orphans.empty()) {
      life_ = Life{event.orphans[0].pid};
      life_->linked = false;
      if (vips_) life_->adverts_since = clock_.now();
    }
    tell(event);
  }
  void knock(bool same) {
    life_->linked = true;
    tell(Attached{Role::Vrrp, life_->pid, same});
  }
  void reload() {
    if (engine().reloading()) return show("(queued: a reload is in progress)");
    tell(ReloadOffered{++generation_, {Role::Vrrp}});
  }

  // ---- time ----
  void run(Duration span) {
    const TimePoint end = clock_.now() + span;
    for (int idle_turns = 0; idle_turns < 100;) {
      const auto queued = clock_.next();
      const auto due = engine().next_deadline();
      // A deadline that stays in the past would make core spin.
      idle_turns = due && *due < clock_.now() ? idle_turns + 1 : 0;
      if (idle_turns == 100) show("spins: {} is over and stays due", name(engine().child(Role::Vrrp).state()));
      if (queued && *queued <= end && (!due || *queued <= *due)) {
        clock_.do_next();
      } else if (due && *due <= end) {
        clock_.advance_to(*due);
        perform(engine().on_deadline(clock_.now()));
      } else {
        break;
      }
    }
    clock_.advance_to(end);
  }
  /// Core hears nothing; what is told to it waits.
  void sleep(Duration span, bool timers_first) {
    asleep_ = true;
    const TimePoint end = clock_.now() + span;
    while (clock_.next() && *clock_.next() <= end) clock_.do_next();
    clock_.advance_to(end);
    asleep_ = false;
    const auto wake_timers = [&] {
      const auto due = engine().next_deadline();
      if (due && *due <= clock_.now()) perform(engine().on_deadline(clock_.now()));
    };
    if (timers_first) wake_timers();
    for (const Event& event : std::exchange(backlog_, {})) tell(event);
    wake_timers();
  }
  void later(Duration after, std::function<void()> what) { clock_.at(clock_.now() + after, std::move(what)); }
  /// For things that the child of now does: dead children do nothing.
  void later_alive(Duration after, std::function<void()> what) {
    later(after, [this, pid = life_->pid, what = std::move(what)] {
      if (life_ && life_->pid == pid && !life_->frozen) what();
    });
  }

  // ---- the child ----
  void die(bool signalled, int status) {
    if (!life_) return show("(nobody to die)");
    const std::int32_t pid = life_->pid;
    const bool linked = life_->linked;
    last_advert_ = last_advert();
    life_.reset();
    if (linked) tell(LinkLost{Role::Vrrp, "closed by the peer", false});
    later(kInstant, [this, pid, signalled, status, adopted = pid == 50] {
      tell(Exited{Role::Vrrp, pid, signalled, status, adopted});
    });
  }
  TimePoint last_advert() const {
    if (!life_ || !life_->adverts_since) return last_advert_;
    const TimePoint until = life_->frozen ? frozen_at_ : clock_.now();
    return *life_->adverts_since + (until - *life_->adverts_since) / adverts_ * adverts_;
  }
  void freeze() {
    life_->frozen = true;
    frozen_at_ = clock_.now();
  }
  void thaw() {
    if (!life_) return;
    life_->frozen = false;
    if (life_->abort_pending) return die(true, SIGABRT);
    if (life_->ping) tell(ChildPong{Role::Vrrp, *std::exchange(life_->ping, std::nullopt)});
  }
  void hang_up() {
    life_->linked = false;
    tell(LinkLost{Role::Vrrp, "closed by the peer", false});
  }
  void come_up(std::uint64_t generation) {
    if (vips_) {
      life_->adverts_since = clock_.now();
      tell(WillChanged{Role::Vrrp, {bequest()}, {}});
    }
    tell(ChildReady{Role::Vrrp, generation});
  }
  Bequest bequest() const {
    Bequest made{"V", *life_->adverts_since, adverts_, down_, {{1, *IpPrefix::parse("192.0.2.9/24")}}, {}};
    if (latest_) made.ear = Ear{1, *IpAddress::parse("224.0.0.18"), 112, {}, *latest_};
    return made;
  }

  // ---- the engine's world ----
  void tell(const Event& event) {
    if (asleep_) return backlog_.push_back(event);
    perform(engine().handle(event, clock_.now()));
  }
  void perform(const Effects& effects) {
    for (const Effect& effect : effects) std::visit([this](const auto& e) { act(e); }, effect);
  }
  void act(const Spawn&) {
    if (!spawn_error_.empty()) {
      show("spawn fails");
      return tell(SpawnFailed{Role::Vrrp, spawn_error_});
    }
    life_ = Life{++last_pid_};
    show("spawn {}", last_pid_);
    if (looping_) later_alive(milliseconds(1), [this] { die(true, SIGABRT); });
    tell(Spawned{Role::Vrrp, last_pid_});
  }
  void act(const SendBeginning& e) {
    const bool none = e.died_at == TimePoint{};
    show("begin generation {}, predecessor {}", e.generation,
         none ? "none" : fmt::format("died at {:.3f}", ms(e.died_at)));
    later_alive(ready_after_, [this, generation = e.generation] { come_up(generation); });
  }
  void act(const SendAdopt&) {
    show("adopt");
    if (life_->adverts_since) tell(WillChanged{Role::Vrrp, {bequest()}, {}});
  }
  void act(const SendPrepare& e) {
    show("prepare {}", e.generation);
    if (prepare_.at(1) == "silent") return;
    const bool accepted = prepare_.at(1) == "accept";
    later_alive(milliseconds(2), [this, e, accepted] {
      tell(ChildPrepared{Role::Vrrp, e.generation, accepted, accepted ? Words{} : Words{rest_of(prepare_, 2)}});
    });
  }
  void act(const SendCommit& e) {
    show("commit {}", e.generation);
    if (commits_) later_alive(milliseconds(2), [this, e] { tell(ChildReady{Role::Vrrp, e.generation}); });
  }
  void act(const SendAbandon& e) { show("abandon {}", e.generation); }
  void act(const SendPing& e) {
    if (!life_ || !life_->linked) return;
    if (life_->frozen) return void(life_->ping = e.sequence);
    later(kInstant, [this, pid = life_->pid, e] {
      if (!life_ || life_->pid != pid || !life_->linked) return;
      if (life_->frozen)
        life_->ping = e.sequence;
      else
        tell(ChildPong{Role::Vrrp, e.sequence});
    });
  }
  void act(const SendStop&) {
    show("stop");
    if (deaf_) return;
    later_alive(milliseconds(2), [this] {
      life_->adverts_since.reset();
      tell(ChildStopped{Role::Vrrp});
      die(false, 0);
    });
  }
  void act(const Signal& e) {
    show("signal {} to {}", e.signal == SIGKILL ? "KILL" : "ABRT", e.pid);
    if (!life_ || life_->pid != e.pid) return;
    if (e.signal != SIGKILL && life_->frozen) return void(life_->abort_pending = true);
    die(true, e.signal);
  }
  void act(const RemoveAddresses& e) {
    show("remove {} of {}: {:.3f} ms after the last advert", e.addresses[0].prefix.text(), e.key,
         ms_between(last_advert(), clock_.now()));
  }
  void act(const StartListening& e) {
    show("listen for {}", e.key);
    if (!ear_error_.empty()) tell(ListeningFailed{e.role, e.key, ear_error_});
  }
  void act(const StopListening& e) { show("listen no more for {}", join(e.keys, " ")); }
  void act(const Log& e) { show("log {}", e.text); }
  void act(const StartupComplete&) { show("startup complete"); }
  void act(const ReloadCommitted& e) { show("generation {} in force", e.generation); }
  void act(const ReloadFinished& e) {
    if (!e.accepted) --generation_;
    show("reload {}", e.accepted ? "accepted" : "refused");
  }
  void act(const Finish& e) { show("finish {}", e.exit_code); }

  // ---- output ----
  static double ms_between(TimePoint a, TimePoint b) { return static_cast<double>((b - a).count()) / 1000; }
  double ms(TimePoint at) const { return ms_between(origin_, at); }
  template <class... Args>
  void show(fmt::format_string<Args...> text, Args&&... args) {
    out_ += fmt::format("{:9.3f} {}\n", ms(clock_.now()), fmt::format(text, std::forward<Args>(args)...));
  }

  VirtualClock clock_;
  const TimePoint origin_ = clock_.now();
  Policy policy_;
  std::optional<Engine> engine_;
  std::string out_;
  bool asleep_ = false;
  std::vector<Event> backlog_;
  std::uint64_t generation_ = 1;

  std::optional<Life> life_;
  std::int32_t last_pid_ = 100;
  TimePoint last_advert_{};
  TimePoint frozen_at_{};
  Duration ready_after_ = milliseconds(5);
  Duration adverts_ = seconds(1);
  Duration down_ = microseconds(3'609'375);
  std::optional<Duration> latest_;  ///< the child does not know its peers
  std::string ear_error_;
  bool vips_ = true;
  bool looping_ = false;
  bool deaf_ = false;
  bool commits_ = true;
  std::string spawn_error_;
  Words prepare_{"prepare", "accept"};
};

}  // namespace

std::string run_watchdog_scenario(const std::string& text) {
  World world;
  std::string result;
  std::string commands;
  bool expecting = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == "----") {
      result += commands + "----\n" + world.play(commands);
      commands.clear();
      expecting = true;
    } else if (expecting) {
      // Two empty lines end what is expected and begin the next block.
      if (line.empty()) {
        expecting = false;
        result += "\n";
      }
    } else {
      commands += line + "\n";
    }
  }
  return result;
}

}  // namespace holdfast::test
