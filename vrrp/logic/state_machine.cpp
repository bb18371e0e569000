#include "vrrp/logic/state_machine.h"

#include <algorithm>
#include <fmt/format.h>

#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/state_words.h"

namespace holdfast::vrrp {

namespace {

constexpr int kReducedOwnerPriority = 254;
constexpr int kConflictsOfLowerAddress = 2;
constexpr int kConflictsOfHigherAddress = 4;
/// A Backup that was never heard: 20 priorities of a one-second skew, below the 100 ms that a last will may be late.
constexpr Duration kUnknownPeerMargin = milliseconds(80);

/// The virtual router puts its name in front.
void say(Actions& out, LogLevel level, std::string text) {
  out.push_back(Log{level, std::move(text)});
}

}  // namespace

int StateMachine::priority() const {
  return owner_reduced_ ? kReducedOwnerPriority : election_.priority;
}

Duration StateMachine::peers_down_interval() const {
  const int highest_peer = election_.preempt ? std::max(priority(), best_peer_.priority) : 256;
  return down_interval_at(highest_peer);
}

Duration StateMachine::takeover_interval() const {
  if (best_peer_.priority > 0) return std::max(peers_down_interval(), down_interval_at(best_peer_.priority));
  return std::min(down_interval_at(1), down_interval_at(priority()) + kUnknownPeerMargin);
}

Duration StateMachine::slowest_takeover_interval() const {
  return down_interval_at(1);
}

Duration StateMachine::down_interval_at(int priority) const {
  return active_down_interval(election_.version, priority, election_.advert_interval, election_.down_timer_adverts);
}

Duration StateMachine::listening_interval() const {
  return learned_interval_ + skew_time(election_.version, priority(), learned_interval_);
}

std::optional<TimePoint> StateMachine::next_deadline() const {
  std::optional<TimePoint> due;
  if (state_ == State::Active) due = rhythm_.next();
  if (state_ == State::Backup && !willing_) due = down_at_;
  if (due && owner_reduced_) {
    due = std::min(*due, second_owner_heard_ + active_down_interval(election_.version, kOwnerPriority,
                                                                    learned_interval_, election_.down_timer_adverts));
  }
  return due;
}

// ---- configuration and tracking -------------------------------------------------------------------------------------

void StateMachine::configure(const Election& next, TimePoint now, Actions& out) {
  const bool other_interval = next.advert_interval != election_.advert_interval;
  election_ = next;
  if (!election_.owner) owner_reduced_ = false;
  if (willing_ && !election_.waits_for_group) willing_ = false;  // its timer has run out: the next deadline promotes it
  if (!other_interval) return;
  if (state_ != State::Backup || election_.version == 2) learned_interval_ = election_.advert_interval;
  if (state_ != State::Active) return;
  advertise(now, out);
  rhythm_.start(now, election_.advert_interval, election_.advert_phase);
}

void StateMachine::set_priority(int effective, Tell tell, TimePoint now, Actions& out) {
  const int before = election_.priority;
  if (effective == before) return;
  say(out, LogLevel::Info, fmt::format("Changing effective priority from {} to {}", before, effective));
  election_.priority = effective;
  if (state_ == State::Active && effective < before && tell == Tell::AtOnce) advertise(now, out);
}

void StateMachine::set_readiness(Readiness readiness, TimePoint now, Actions& out) {
  const Entry how = state_ == State::Initialize ? Entry::Initial : Entry::Normal;
  switch (readiness) {
    case Readiness::Waiting:
      break;
    case Readiness::Faulty:
      if (state_ != State::Fault) enter(State::Fault, how, Leaving::WithPriorityZero, now, out);
      break;
    case Readiness::Ready:
      if (state_ == State::Initialize || state_ == State::Fault) become_ready(now, out);
      break;
  }
}

/// RFC 9568 §6.4.1: the owner becomes Active, everybody else Backup.
void StateMachine::become_ready(TimePoint now, Actions& out) {
  const Entry how = state_ == State::Initialize ? Entry::Initial : Entry::Normal;
  learned_interval_ = election_.advert_interval;
  active_address_ = {};
  active_priority_ = 0;
  if (priority() == kOwnerPriority && now >= election_.hold_until && !election_.waits_for_group) {
    enter(State::Active, Entry::Normal, Leaving::Silent, now, out);
    return;
  }
  enter(State::Backup, how, Leaving::Silent, now, out);
  if (priority() == kOwnerPriority) down_at_ = std::max(now, election_.hold_until);
}

// ---- the state ------------------------------------------------------------------------------------------------------

void StateMachine::enter(State next, Entry how, Leaving leaving, TimePoint now, Actions& out) {
  if (how != Entry::Resumed && next != State::Initialize) {
    const char* suffix = how == Entry::Initial ? " (init)" : "";
    say(out, LogLevel::Info, fmt::format("Entering {} STATE{}", state_word(next), suffix));
  }
  if (state_ == State::Active) leave_active(leaving, out);
  state_ = next;
  since_ = now;
  listening_ = false;
  willing_ = false;
  preempt_at_.reset();
  if (next == State::Active) {
    learned_interval_ = election_.advert_interval;
    active_address_ = {};
    active_priority_ = 0;
    deposed_ = {};
    rhythm_.start(now, election_.advert_interval, election_.advert_phase);
    advertise(now, out);
  } else if (next == State::Backup) {
    arm_down_timer(now);
  }
  out.push_back(Entered{next, how});
}

void StateMachine::leave_active(Leaving leaving, Actions& out) {
  owner_conflicts_ = 0;
  if (leaving != Leaving::Silent) {
    out.push_back(Advertise{0});
    say(out, LogLevel::Detail, "sent 0 priority");
  }
  if (leaving != Leaving::KeepingAddresses) out.push_back(LeftActive{});
}

void StateMachine::resume(const InstanceRecord& record, TimePoint died_at, TimePoint now, Actions& out) {
  since_ = record.since;
  best_peer_ = record.best_peer;
  if (record.state == State::Active) {
    const TimePoint last = Rhythm::last_beat(record.advert_anchor, record.advert_interval, died_at);
    if (last + record.peers_down_interval > now) {
      say(out, LogLevel::Info, "resuming as MASTER");
      enter(State::Active, Entry::Resumed, Leaving::Silent, now, out);
      since_ = record.since;
      return;
    }
    say(out, LogLevel::Warning, "was MASTER, but peers may have taken over - listening");
    listen(now, out);
  } else if (record.state == State::Backup) {
    enter(State::Backup, Entry::Resumed, Leaving::Silent, now, out);
    since_ = record.since;
    learned_interval_ = election_.version == 3 && record.learned_interval > Duration::zero()
                            ? record.learned_interval
                            : election_.advert_interval;
    active_address_ = record.active_address;
    active_priority_ = record.active_priority;
    if (record.preempt_at && election_.preempt_delay > Duration::zero())
      preempt_at_ = std::min(*record.preempt_at, now + election_.preempt_delay);
    arm_down_timer(died_at);  // nothing was heard after died_at, so this is not too early; but listen for a moment
    down_at_ = std::max(down_at_, now + listening_interval());
  }
}

void StateMachine::stop(bool keep_addresses, TimePoint now, Actions& out) {
  if (give_up_if_late(now, out)) keep_addresses = false;
  const Leaving leaving = keep_addresses ? Leaving::KeepingAddresses : Leaving::WithPriorityZero;
  enter(State::Initialize, Entry::Normal, leaving, now, out);
}

// ---- late is not silent ---------------------------------------------------------------------------------------------

bool StateMachine::give_up_if_late(TimePoint now, Actions& out) {
  if (state_ != State::Active || now <= last_sent_ + peers_down_interval()) return false;
  const Duration silence = now - last_sent_;
  say(out, LogLevel::Warning,
      fmt::format("no advert sent for {:.3f} seconds, peers may have taken over - listening", to_seconds(silence)));
  listen(now, out);
  return true;
}

void StateMachine::listen(TimePoint now, Actions& out) {
  learned_interval_ = election_.advert_interval;
  enter(State::Backup, Entry::Normal, Leaving::Silent, now, out);
  listening_ = true;
  down_at_ = std::max(now, election_.hold_until) + listening_interval();
}

// ---- time -----------------------------------------------------------------------------------------------------------

void StateMachine::on_deadline(TimePoint now, Actions& out) {
  if (give_up_if_late(now, out)) return;
  restore_owner(now, out);
  if (state_ == State::Active && now >= rhythm_.next()) {
    advertise(now, out);
    rhythm_.advance(now);
  } else if (state_ == State::Backup && !willing_ && now >= down_at_) {
    if (now > down_at_ + learned_interval_) {
      listening_ = true;
      down_at_ = now + listening_interval();
      return;
    }
    say(out, LogLevel::Detail, "Receive advertisement timeout");
    willing_ = true;
    if (!election_.waits_for_group) promote(now, out);  // RFC 9568 §6.4.2 (115)
  }
}

bool StateMachine::promote(TimePoint now, Actions& out) {
  if (state_ != State::Backup || now < election_.hold_until) return false;
  const bool silent = willing_ && active_priority_ >= priority();  // and not outvoted
  const IpAddress timed_out = silent ? active_address_ : IpAddress{};
  enter(State::Active, Entry::Normal, Leaving::Silent, now, out);
  deposed_ = timed_out;
  return true;
}

void StateMachine::demote(TimePoint now, Actions& out) {
  if (give_up_if_late(now, out) || state_ != State::Active) return;
  enter(State::Backup, Entry::Normal, Leaving::WithPriorityZero, now, out);
}

void StateMachine::advertise(TimePoint now, Actions& out) {
  last_sent_ = now;
  out.push_back(Advertise{priority()});
}

void StateMachine::arm_down_timer(TimePoint now) {
  willing_ = false;
  down_at_ = std::max(now, election_.hold_until) +
             active_down_interval(election_.version, priority(), learned_interval_, election_.down_timer_adverts);
}

// ---- adverts --------------------------------------------------------------------------------------------------------

void StateMachine::on_advert(const HeardAdvert& advert, TimePoint now, Actions& out) {
  give_up_if_late(now, out);
  know(advert);
  if (state_ == State::Backup)
    backup_hears(advert, now, out);
  else if (state_ == State::Active)
    active_hears(advert, now, out);
  if (election_.owner && advert.priority == kOwnerPriority) second_owner_heard_ = now;
}

void StateMachine::know(const HeardAdvert& advert) {
  if (advert.source == election_.source || advert.priority == 0) return;
  if (advert.source == best_peer_.address || advert.priority > best_peer_.priority)
    best_peer_ = {advert.source, advert.priority};
}

/// RFC 9568 §6.4.2 (120)…(165), RFC 3768 §6.4.2; behaviour.md d.4.
void StateMachine::backup_hears(const HeardAdvert& advert, TimePoint now, Actions& out) {
  if (listening_) {
    listening_ = false;
    arm_down_timer(now);
  }
  const Duration skew = skew_time(election_.version, priority(), learned_interval_);
  if (advert.priority == 0) {
    say(out, LogLevel::Detail, "Backup received priority 0 advertisement");
    active_address_ = {};
    active_priority_ = 0;
    down_at_ = std::max(now, election_.hold_until) + skew;
    return;
  }
  if (!election_.preempt || advert.priority >= priority()) {
    preempt_at_.reset();
    accept(advert, now, out);
    return;
  }
  if (preempt_must_wait(now, out)) {
    accept(advert, now, out);
    return;
  }
  say(out, LogLevel::Info,
      fmt::format("received lower priority ({}) advert from {} - discarding", advert.priority, advert.source.text()));
  if (advert.source != active_address_) return;
  if (active_priority_ >= priority()) down_at_ = std::min(down_at_, now + skew);
  active_priority_ = advert.priority;
}

bool StateMachine::preempt_must_wait(TimePoint now, Actions& out) {
  if (election_.preempt_delay <= Duration::zero()) return false;
  if (!preempt_at_) {
    preempt_at_ = now + election_.preempt_delay;
    say(out, LogLevel::Info, fmt::format("start preempt delay ({:.6g} secs)", to_seconds(election_.preempt_delay)));
  }
  return now < *preempt_at_;
}

void StateMachine::accept(const HeardAdvert& advert, TimePoint now, Actions& out) {
  if (election_.version == 3) learned_interval_ = advert.interval;  // RFC 9568 §6.4.2 (140)
  follow(advert.source, advert.priority, out);
  arm_down_timer(now);
}

void StateMachine::follow(const IpAddress& address, int priority, Actions& out) {
  if (active_address_ != address) out.push_back(FollowsAnother{});
  active_address_ = address;
  active_priority_ = priority;
}

/// RFC 9568 §6.4.3 (225)…(270), RFC 3768 §6.4.3; behaviour.md d.5.
void StateMachine::active_hears(const HeardAdvert& advert, TimePoint now, Actions& out) {
  if (advert.priority == 0) {
    say(out, LogLevel::Info, "Master received priority 0 message");
    advertise(now, out);
    return;
  }
  if (advert.priority == priority() && advert.source == election_.source) {
    say(out, LogLevel::Info, "WARNING - equal priority advert received from remote host with our IP address.");
    return;
  }
  if (advert.priority == kOwnerPriority && priority() == kOwnerPriority) {
    hears_second_owner(advert, now, out);
    if (priority() == kOwnerPriority) return;
  }
  const bool same_priority = advert.priority == priority();
  if (advert.priority < priority() || (same_priority && advert.source < election_.source)) {
    say(out, LogLevel::Info,
        fmt::format("Received advert from {} with lower priority {}, ours {}, forcing new election",
                    advert.source.text(), advert.priority, priority()));
    if (!election_.lower_prio_no_advert) advertise(now, out);
    out.push_back(AnnounceAgain{});
    return;
  }
  const std::string from = advert.source.text();
  say(out, LogLevel::Info,
      same_priority
          ? fmt::format("Master received advert from {} with same priority {} but higher IP address than ours", from,
                        advert.priority)
          : fmt::format("Master received advert from {} with higher priority {}, ours {}", from, advert.priority,
                        priority()));
  if (election_.higher_prio_send_advert || advert.source == deposed_) advertise(now, out);
  if (election_.version == 3) learned_interval_ = advert.interval;
  enter(State::Backup, Entry::Normal, Leaving::Silent, now, out);
  follow(advert.source, advert.priority, out);
}

// ---- two owners -----------------------------------------------------------------------------------------------------

void StateMachine::hears_second_owner(const HeardAdvert& advert, TimePoint now, Actions& out) {
  if (now - second_owner_heard_ > peers_down_interval()) owner_conflicts_ = 0;
  ++owner_conflicts_;
  if (owner_conflicts_ == 1) {
    say(out, LogLevel::Error,
        fmt::format("CONFIGURATION ERROR: local instance and {} are both configured as address owner, please resolve",
                    advert.source.text()));
  }
  const int limit = advert.source > election_.source ? kConflictsOfLowerAddress : kConflictsOfHigherAddress;
  if (owner_conflicts_ < limit) return;
  say(out, LogLevel::Info,
      fmt::format("Changing effective priority from {} to {}", kOwnerPriority, kReducedOwnerPriority));
  owner_reduced_ = true;
}

void StateMachine::restore_owner(TimePoint now, Actions& out) {
  if (!owner_reduced_) return;
  if (now < second_owner_heard_ + active_down_interval(election_.version, kOwnerPriority, learned_interval_,
                                                       election_.down_timer_adverts)) {
    return;
  }
  owner_reduced_ = false;
  say(out, LogLevel::Info,
      fmt::format("Changing effective priority from {} to {}", kReducedOwnerPriority, kOwnerPriority));
  if (state_ == State::Backup) down_at_ = now;
}

}  // namespace holdfast::vrrp
