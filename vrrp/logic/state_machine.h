// The VRRP state machine of one virtual router (RFC 9568 §6.4, RFC 3768 §6.4): who is Active, and when somebody else
// must be. It is the only writer of the state, and it writes it in one place: leave the old state, then enter the new
// one. It knows priorities, addresses and time; VIPs, scripts and interfaces exist for it only as "ready" or "faulty".
// The virtual router calls it, and turns the actions it returns into effects.
//
// Rules beyond keepalived:
//  * Late is not silent. Handled while Active later than the peers would wait (the process was frozen), it gives up at
//  once
//    and listens: a Backup that waits one advert interval + skew; whoever is heard meanwhile is treated by the normal
//    rules with a full Active_Down timer. A Backup whose timer is found overdue by more than an interval listens as
//    well, for the adverts it slept through still lie in the socket.
//  * A Backup whose Active announces a priority below ours waits for its skew only, not for what is left of
//  Active_Down; an
//    Active whose tracked priority falls says so at once. Thus a failed check moves the VIP within a second.
//  * An Active that gives way to the very router it had timed out sends a last advert: that router may have been Active
//  all the
//    time behind a cut wire, and only by hearing us does it learn that its VIPs must be announced again.
//  * Two owners: the one with the lower address steps down to 254 at the second advert of the other, the one with the
//  higher
//    address (if it still hears 255) at the fourth; 255 comes back when the other was silent for Active_Down.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "core/base/ip_address.h"
#include "core/base/time.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/timers.h"

namespace holdfast::vrrp {

/// What the election needs of the configuration and of tracking.
struct Election {
  int version = 2;
  int priority = 100;  ///< effective, 1..255
  int down_timer_adverts = 3;
  bool owner = false;  ///< configured with 255
  bool preempt = true;
  bool waits_for_group = false;  ///< when its timer runs out it is willing(), and promote() makes it Active
  bool lower_prio_no_advert = false;
  bool higher_prio_send_advert = false;
  IpAddress source;  ///< our primary address on the interface
  Duration advert_interval = seconds(1);
  std::optional<Duration> advert_phase;  ///< where in the interval adverts leave (phases.h); unset = from when it began
  Duration preempt_delay = Duration::zero();
  TimePoint hold_until{};  ///< vrrp_startup_delay: never Active before
  bool operator==(const Election&) const = default;
};

struct HeardAdvert {
  IpAddress source;
  int priority = 0;
  Duration interval = seconds(1);
};

enum class Readiness : std::uint8_t { Waiting, Ready, Faulty };
enum class Entry : std::uint8_t { Normal, Initial, Resumed };

/// One advert with this priority is to be sent.
struct Advertise {
  int priority = 0;
};
/// We are not Active any more: the VIPs must go.
struct LeftActive {};
struct Entered {
  State state = State::Initialize;
  Entry how = Entry::Normal;
};
/// We won against another Active: the VIPs are to be announced again.
struct AnnounceAgain {};
/// We follow somebody else than before.
struct FollowsAnother {};

using Action = std::variant<Advertise, LeftActive, Entered, AnnounceAgain, FollowsAnother, Log>;
using Actions = std::vector<Action>;

class StateMachine {
 public:
  State state() const { return state_; }
  TimePoint since() const { return since_; }
  /// The priority that adverts carry: the effective one, or 254 while a second owner is about.
  int priority() const;
  const Election& election() const { return election_; }
  const Rhythm& rhythm() const { return rhythm_; }
  Duration learned_interval() const { return learned_interval_; }
  const IpAddress& active_address() const { return active_address_; }
  int active_priority() const { return active_priority_; }
  /// When a preempt_delay that has begun ends.
  const std::optional<TimePoint>& preempt_at() const { return preempt_at_; }
  /// Not before this long without an advert of ours a peer takes over: a successor that is quicker may go on as Active. Peers
  /// that may preempt us have no higher priority than ours and so no smaller skew; without preemption they may, so the skew is
  /// left out, and so may one that was heard with a higher priority (nopreempt on its side only).
  Duration peers_down_interval() const;
  /// After this long the peers have taken over, as well as we can know it: exactly for the best router heard so far. A Backup
  /// is silent, so often none was; then it is taken for one of our own priority or up to 20 less.
  Duration takeover_interval() const;
  /// After this long without an advert of ours the peer of the lowest priority has taken over (RFC 9568 §6.1).
  Duration slowest_takeover_interval() const;
  /// The router with the highest priority heard so far; 0 = none.
  const Peer& best_peer() const { return best_peer_; }
  std::optional<TimePoint> next_deadline() const;

  /// New settings. Adverts keep their rhythm unless the interval changed, which is announced at once.
  void configure(const Election& next, TimePoint now, Actions& out);
  /// The effective priority has changed. What a reload changed is told by the next advert; a tracker that lowered it,
  /// at once.
  enum class Tell : std::uint8_t { AtOnce, WithNextAdvert };
  void set_priority(int effective, Tell tell, TimePoint now, Actions& out);
  void set_readiness(Readiness readiness, TimePoint now, Actions& out);
  /// Before the first readiness: goes on where a predecessor stopped (engine.h, Past).
  void resume(const InstanceRecord& record, TimePoint died_at, TimePoint now, Actions& out);
  void on_advert(const HeardAdvert& advert, TimePoint now, Actions& out);
  void on_deadline(TimePoint now, Actions& out);
  /// True when it had to give up because nothing was handled for too long. To be called before anything is handled.
  bool give_up_if_late(TimePoint now, Actions& out);
  /// A Backup of a sync group whose timer has run out.
  bool willing() const { return state_ == State::Backup && willing_; }
  /// The sync group becomes Active: a Backup does so at once, unless it is held; true then.
  bool promote(TimePoint now, Actions& out);
  /// The sync group stops being Active: an Active becomes Backup, with priority 0 for the peers.
  void demote(TimePoint now, Actions& out);
  /// Priority 0 if Active; Initialize for good. With `keep_addresses` the VIPs stay: no LeftActive.
  void stop(bool keep_addresses, TimePoint now, Actions& out);

 private:
  enum class Leaving : std::uint8_t { Silent, WithPriorityZero, KeepingAddresses };
  void enter(State next, Entry how, Leaving leaving, TimePoint now, Actions& out);
  void leave_active(Leaving leaving, Actions& out);
  void know(const HeardAdvert& advert);
  void become_ready(TimePoint now, Actions& out);
  void listen(TimePoint now, Actions& out);
  void backup_hears(const HeardAdvert& advert, TimePoint now, Actions& out);
  bool preempt_must_wait(TimePoint now, Actions& out);
  void accept(const HeardAdvert& advert, TimePoint now, Actions& out);
  void follow(const IpAddress& address, int priority, Actions& out);
  void active_hears(const HeardAdvert& advert, TimePoint now, Actions& out);
  void hears_second_owner(const HeardAdvert& advert, TimePoint now, Actions& out);
  void restore_owner(TimePoint now, Actions& out);
  void advertise(TimePoint now, Actions& out);
  void arm_down_timer(TimePoint now);
  Duration listening_interval() const;
  Duration down_interval_at(int priority) const;

  Election election_{};
  TimePoint since_{};
  State state_ = State::Initialize;
  // Backup
  bool willing_ = false;  ///< down_at_ has passed, but the group has not agreed
  bool listening_ = false;
  int active_priority_ = 0;
  IpAddress active_address_{};
  Peer best_peer_{};
  TimePoint down_at_{};
  Duration learned_interval_ = seconds(1);
  std::optional<TimePoint> preempt_at_;
  // Active
  Rhythm rhythm_{};
  TimePoint last_sent_{};
  IpAddress deposed_{};  ///< whom we timed out when we became Active
  // two owners
  bool owner_reduced_ = false;
  int owner_conflicts_ = 0;
  TimePoint second_owner_heard_{};
};

}  // namespace holdfast::vrrp
