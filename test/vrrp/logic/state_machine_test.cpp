#include "vrrp/logic/state_machine.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

const TimePoint kNow = from_us(5'000'000);

struct Machine {
  StateMachine m;
  Actions out;
  explicit Machine(int priority, bool preempt = true) {
    Election e;
    e.priority = priority;
    e.owner = priority == 255;
    e.preempt = preempt;
    e.source = IpAddress::v4(0x0a000005);
    m.configure(e, kNow, out);
    m.set_readiness(Readiness::Ready, kNow, out);
  }
  void hear(int priority, std::uint32_t from, TimePoint now) {
    m.on_advert({IpAddress::v4(from), priority, seconds(1)}, now, out);
  }
  TimePoint become_active() {
    const TimePoint at = *m.next_deadline();
    m.on_deadline(at, out);
    return at;
  }
  int sent() const {
    int n = 0;
    for (const Action& a : out) n += std::holds_alternative<Advertise>(a) ? 1 : 0;
    return n;
  }
};

constexpr std::uint32_t kLowerAddress = 0x0a000001;
constexpr std::uint32_t kHigherAddress = 0x0a000009;

}  // namespace

TEST_CASE("a router waits while it is not ready and starts as Backup") {
  StateMachine m;
  Actions out;
  m.set_readiness(Readiness::Waiting, kNow, out);
  CHECK(m.state() == State::Initialize);
  CHECK_FALSE(m.next_deadline());
  m.set_readiness(Readiness::Ready, kNow, out);
  CHECK(m.state() == State::Backup);
}

TEST_CASE("the owner is Active at once") {
  CHECK(Machine(255).m.state() == State::Active);
}

TEST_CASE("a Backup is Active when its down interval is over, and adverts first of all") {
  Machine r(100);
  CHECK(*r.m.next_deadline() == kNow + microseconds(3'609'375));
  r.out.clear();
  r.become_active();
  CHECK(r.m.state() == State::Active);
  REQUIRE(r.sent() == 1);
  CHECK(std::holds_alternative<Entered>(r.out.back()));
}

TEST_CASE("a Backup re-arms for its equals and betters, and discards the rest") {
  Machine r(100);
  const TimePoint before = *r.m.next_deadline();
  r.hear(99, kLowerAddress, kNow + seconds(1));
  CHECK(*r.m.next_deadline() == before);
  r.hear(100, kLowerAddress, kNow + seconds(1));
  CHECK(*r.m.next_deadline() == before + seconds(1));
}

TEST_CASE("without preemption a Backup follows lower priorities too") {
  Machine r(100, false);
  const TimePoint before = *r.m.next_deadline();
  r.hear(1, kLowerAddress, kNow + seconds(1));
  CHECK(*r.m.next_deadline() == before + seconds(1));
}

TEST_CASE("priority 0 makes a Backup wait for its skew only") {
  Machine r(100);
  r.hear(0, kLowerAddress, kNow);
  CHECK(*r.m.next_deadline() == kNow + microseconds(609'375));
}

TEST_CASE("an Active whose priority fell below ours is waited for no longer than the skew") {
  Machine r(100);
  r.hear(150, kLowerAddress, kNow);
  r.hear(50, kLowerAddress, kNow + milliseconds(100));
  CHECK(*r.m.next_deadline() == kNow + milliseconds(100) + microseconds(609'375));
}

TEST_CASE("an Active gives way to higher priority, and to a higher address of the same priority") {
  for (const auto& [priority, address] : {std::pair(101, kLowerAddress), std::pair(100, kHigherAddress)}) {
    Machine r(100);
    r.hear(priority, address, r.become_active());
    CHECK(r.m.state() == State::Backup);
    CHECK(r.m.active_address() == IpAddress::v4(address));
  }
}

TEST_CASE("an Active answers lower priority, a lower address and priority 0 with an advert and stays") {
  for (const auto& [priority, address] :
       {std::pair(99, kHigherAddress), std::pair(100, kLowerAddress), std::pair(0, kLowerAddress)}) {
    Machine r(100);
    const TimePoint at = r.become_active();
    r.out.clear();
    r.hear(priority, address, at + milliseconds(1));
    CHECK(r.m.state() == State::Active);
    CHECK(r.sent() == 1);
    CHECK(*r.m.next_deadline() == at + seconds(1));  // the rhythm does not move
  }
}

TEST_CASE("a frozen Active gives up before it says a word, and listens") {
  Machine r(100);
  const TimePoint at = r.become_active();
  r.out.clear();
  const TimePoint late = at + microseconds(3'609'376);
  r.m.on_deadline(late, r.out);
  CHECK(r.m.state() == State::Backup);
  CHECK(r.sent() == 0);
  CHECK(*r.m.next_deadline() == late + microseconds(1'609'375));
  r.hear(50, kLowerAddress, late + milliseconds(1));
  CHECK(*r.m.next_deadline() == late + milliseconds(1) + microseconds(3'609'375));
}

TEST_CASE("an Active that is late but not too late goes on") {
  Machine r(100);
  const TimePoint at = r.become_active();
  r.m.on_deadline(at + microseconds(3'609'375), r.out);
  CHECK(r.m.state() == State::Active);
  CHECK(r.m.rhythm().anchor() == at + microseconds(3'609'375));
}

TEST_CASE("a frozen router does not say priority 0 when it is stopped") {
  Machine r(100);
  const TimePoint at = r.become_active();
  r.out.clear();
  r.m.stop(false, at + seconds(10), r.out);
  CHECK(r.sent() == 0);
  CHECK(r.m.state() == State::Initialize);
}

TEST_CASE("a recorded Active resumes only while the peers still wait") {
  InstanceRecord record;
  record.state = State::Active;
  record.advert_anchor = kNow;
  record.advert_interval = seconds(1);
  record.peers_down_interval = microseconds(3'609'375);
  const TimePoint died = kNow + milliseconds(2'500);  // last beat at +2 s
  for (const auto& [now, expected] :
       {std::pair(kNow + milliseconds(5'609), State::Active), std::pair(kNow + milliseconds(5'610), State::Backup)}) {
    StateMachine m;
    Actions out;
    Election e;
    m.configure(e, now, out);
    m.resume(record, died, now, out);
    CHECK(m.state() == expected);
  }
}

TEST_CASE("another interval is told at once and is the new rhythm, everything else leaves it alone") {
  Machine r(100);
  const TimePoint at = r.become_active();
  Election e = r.m.election();
  e.preempt = false;
  r.out.clear();
  r.m.configure(e, at + milliseconds(300), r.out);
  CHECK(r.sent() == 0);
  CHECK(*r.m.next_deadline() == at + seconds(1));
  e.advert_interval = seconds(5);
  r.m.configure(e, at + milliseconds(400), r.out);
  CHECK(r.sent() == 1);
  CHECK(*r.m.next_deadline() == at + milliseconds(5'400));
}

// The last will: at the moment the peer takes over, which is its skew, not ours (RFC 3768 §6.1).
TEST_CASE("the moment of a take-over is exact for a peer that was heard") {
  Machine r(100);
  r.hear(90, kLowerAddress, kNow);
  r.become_active();
  CHECK(r.m.takeover_interval() == microseconds(3'000'000 + (256 - 90) * 1'000'000 / 256));
  CHECK(r.m.peers_down_interval() == microseconds(3'609'375));
}

TEST_CASE("without preemption too, and a peer above us makes the successor as careful as it must be") {
  Machine r(100, false);
  r.hear(200, kLowerAddress, kNow);
  r.become_active();
  CHECK(r.m.takeover_interval() == microseconds(3'218'750));
  CHECK(r.m.peers_down_interval() == seconds(3));
  Machine preempting(100);
  preempting.hear(200, kLowerAddress, kNow);
  preempting.become_active();
  CHECK(preempting.m.peers_down_interval() == microseconds(3'218'750));
}

TEST_CASE("a peer that was never heard is taken for one a little below us, and never for slower than the slowest") {
  Machine r(100);
  r.become_active();
  CHECK(r.m.takeover_interval() == microseconds(3'609'375 + 80'000));
  Machine lowest(10);
  lowest.become_active();
  CHECK(lowest.m.takeover_interval() == microseconds(3'000'000 + 255 * 1'000'000 / 256));
}

TEST_CASE("the best peer is the one that counts, as it announced itself last") {
  Machine r(100);
  r.hear(90, kLowerAddress, kNow);
  r.hear(80, kHigherAddress, kNow);
  CHECK(r.m.best_peer().priority == 90);
  r.hear(70, kLowerAddress, kNow);
  CHECK(r.m.best_peer().priority == 70);
  r.hear(0, kLowerAddress, kNow);
  CHECK(r.m.best_peer().priority == 70);
}

}  // namespace holdfast::vrrp
