// A child's side of supervision.proto against a core that is played here.
#include "core/ipc/child_link.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "test/core/ipc/support.h"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// Core's end: hears envelopes, says envelopes.
class Core {
 public:
  Core(EventLoop& loop, UniqueFd socket) : loop_(loop) { attach(std::move(socket)); }
  void attach(UniqueFd socket) {
    closed = false;
    channel_ = std::make_unique<Channel>(
        loop_, std::move(socket), kSupervisionFrameLimit, 64U << 20,
        Channel::Callbacks{[this](const std::string& frame) { REQUIRE(heard.emplace_back().ParseFromString(frame)); },
                           [this](const std::string&) { closed = true; }});
  }
  void say(const proto::Envelope& envelope) { channel_->send(envelope.SerializeAsString()); }
  void say_raw(std::string_view frame) { channel_->send(frame); }
  void die() { channel_.reset(); }
  int count(proto::Envelope::BodyCase kind) const {
    int n = 0;
    for (const auto& envelope : heard) n += envelope.body_case() == kind;
    return n;
  }
  const proto::Envelope& last(proto::Envelope::BodyCase kind) const {
    for (auto it = heard.rbegin(); it != heard.rend(); ++it) {
      if (it->body_case() == kind) return *it;
    }
    FAIL("not heard: " << kind);
    return heard.front();
  }

  std::vector<proto::Envelope> heard;
  bool closed = false;

 private:
  EventLoop& loop_;
  std::unique_ptr<Channel> channel_;
};

struct Fixture {
  Fixture() {
    REQUIRE(mkdtemp(directory));
    link.emplace(loop, std::move(ends.far), proto::ROLE_VRRP, callbacks());
  }
  ~Fixture() { std::filesystem::remove_all(directory); }

  ChildLink::Callbacks callbacks() {
    ChildLink::Callbacks c;
    c.on_configure = [this](const proto::Configure& m) {
      said.push_back("configure " + std::to_string(m.generation()));
    };
    c.on_past = [this](const proto::Records&) { said.push_back("past"); };
    c.on_start = [this] { said.push_back("start"); };
    c.on_prepare = [this](const proto::Prepare& m) { said.push_back("prepare " + std::to_string(m.generation())); };
    c.on_commit = [this](std::uint64_t g) { said.push_back("commit " + std::to_string(g)); };
    c.on_abandon = [this](std::uint64_t g) { said.push_back("abandon " + std::to_string(g)); };
    c.on_script_result = [this](const proto::ScriptResult& m) {
      said.push_back("script " + std::to_string(m.id()) + " " + proto::ScriptResult::Outcome_Name(m.outcome()));
    };
    c.on_dump = [this](const proto::Dump&) { said.push_back("dump"); };
    c.on_stop = [this] { said.push_back("stop"); };
    c.lateness = [] {
      Lateness l;
      l.add(microseconds(42));
      return l;
    };
    c.on_orphaned_too_long = [this] { said.push_back("orphaned too long"); };
    return c;
  }
  std::string rendezvous() const { return std::string(directory) + "/r.sock"; }
  /// Core hands over the settings that let the child find another core.
  void configure() {
    proto::Envelope envelope;
    envelope.mutable_configure()->set_generation(1);
    proto::Settings& settings = *envelope.mutable_configure()->mutable_settings();
    settings.set_cookie("secret");
    settings.set_rendezvous(rendezvous());
    settings.set_no_syslog(true);
    core.say(envelope);
    until(loop, [&] { return !said.empty(); });
    link->set_generation(1, "digest");
  }
  bool was_said(const std::string& text) const { return std::find(said.begin(), said.end(), text) != said.end(); }
  void adopt() {
    proto::Envelope envelope;
    envelope.mutable_adopt()->set_cookie("secret");
    core.say(envelope);
  }
  proto::RunScript script(std::uint64_t id) {
    proto::RunScript request;
    request.set_id(id);
    request.add_argv("/bin/true");
    request.set_wants_result(true);
    return request;
  }

  char directory[32] = "/tmp/holdfast_link_XXXXXX";
  EventLoop loop;
  Ends ends;
  std::vector<std::string> said;
  Core core{loop, std::move(ends.near)};
  std::optional<ChildLink> link;
};

}  // namespace

TEST_CASE("a child introduces itself first") {
  Fixture f;
  until(f.loop, [&] { return !f.core.heard.empty(); });
  const proto::Hello& hello = f.core.heard[0].hello();
  CHECK(hello.role() == proto::ROLE_VRRP);
  CHECK(hello.pid() == getpid());
  CHECK_FALSE(hello.running());
}

TEST_CASE("a ping is answered with its number and the lateness") {
  Fixture f;
  proto::Envelope ping;
  ping.mutable_ping()->set_sequence(77);
  f.core.say(ping);
  until(f.loop, [&] { return f.core.count(proto::Envelope::kPong) == 1; });
  CHECK(f.core.last(proto::Envelope::kPong).pong().sequence() == 77);
  CHECK(f.core.last(proto::Envelope::kPong).pong().lateness().worst_us() == 42);
}

TEST_CASE("what core says reaches the process in order") {
  Fixture f;
  f.configure();
  proto::Envelope e;
  e.mutable_past();
  f.core.say(e);
  e.mutable_start();
  f.core.say(e);
  e.mutable_prepare()->set_generation(2);
  f.core.say(e);
  e.mutable_abandon()->set_generation(2);
  f.core.say(e);
  e.mutable_commit()->set_generation(3);
  f.core.say(e);
  e.mutable_dump();
  f.core.say(e);
  e.mutable_stop();
  f.core.say(e);
  until(f.loop, [&] { return f.was_said("stop"); });
  CHECK(f.said ==
        std::vector<std::string>{"configure 1", "past", "start", "prepare 2", "abandon 2", "commit 3", "dump", "stop"});
}

TEST_CASE("the changes of one turn leave as one will and one set of records, the will first") {
  Fixture f;
  until(f.loop, [&] { return !f.core.heard.empty(); });
  f.link->upsert_record("a", "1");
  f.link->upsert_record("b", "2");
  proto::Bequest bequest;
  bequest.set_key("V");
  f.link->bequeath(bequest);
  f.link->flush();
  until(f.loop, [&] { return f.core.heard.size() == 3; });
  CHECK(f.core.heard[1].last_will().bequests_size() == 1);
  CHECK(f.core.heard[2].records().upserts_size() == 2);
  f.link->flush();
  settle(f.loop);
  CHECK(f.core.heard.size() == 3);
}

TEST_CASE("a record erased and made again in one turn is there afterwards") {
  Fixture f;
  f.link->upsert_record("a", "1");
  f.link->erase_record("a");
  f.link->upsert_record("a", "2");
  f.link->erase_record("unknown");
  f.link->flush();
  settle(f.loop);
  std::map<std::string, std::string> records;
  for (const auto& envelope : f.core.heard) {
    for (const auto& record : envelope.records().upserts()) records[record.key()] = record.value();
    for (const auto& key : envelope.records().erasures()) records.erase(key);
  }
  CHECK(records == std::map<std::string, std::string>{{"a", "2"}});
}

TEST_CASE("a bequest revoked and made again in one turn stands") {
  Fixture f;
  proto::Bequest bequest;
  bequest.set_key("V");
  f.link->bequeath(bequest);
  f.link->revoke("V");
  bequest.set_advert_interval_us(5);
  f.link->bequeath(bequest);
  f.link->flush();
  settle(f.loop);
  std::map<std::string, std::int64_t> will;
  for (const auto& envelope : f.core.heard) {
    // As core reads it: bequests, then revocations.
    for (const auto& b : envelope.last_will().bequests()) will[b.key()] = b.advert_interval_us();
    for (const auto& key : envelope.last_will().revoked()) will.erase(key);
  }
  CHECK(will == std::map<std::string, std::int64_t>{{"V", 5}});
}

TEST_CASE("ready and stopped come after everything that was collected before them") {
  Fixture f;
  f.link->log(6, "line");
  f.link->ready(1);
  f.link->upsert_record("a", "1");
  f.link->stopped();
  settle(f.loop);
  std::vector<int> kinds;
  for (const auto& envelope : f.core.heard) kinds.push_back(envelope.body_case());
  CHECK(kinds == std::vector<int>{proto::Envelope::kHello, proto::Envelope::kLog, proto::Envelope::kReady,
                                  proto::Envelope::kRecords, proto::Envelope::kStopped});
}

TEST_CASE("log lines that do not fit are counted, and the count is told") {
  Fixture f;
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) f.link->log(6, line);
  f.link->flush();
  until(f.loop, [&] { return f.core.count(proto::Envelope::kLog) == 1; });
  const proto::LogLines& lines = f.core.last(proto::Envelope::kLog).log();
  CHECK(lines.lines_size() + static_cast<int>(lines.dropped()) == 1000);
  CHECK(lines.lines_size() > 200);
  CHECK(lines.ByteSizeLong() < 300'000);
  f.link->log(6, "fits again");
  f.link->flush();
  until(f.loop, [&] { return f.core.count(proto::Envelope::kLog) == 2; });
  CHECK(f.core.last(proto::Envelope::kLog).log().dropped() == 0);
}

TEST_CASE("while core does not read, lines stay in the bounded queue and are counted") {
  Fixture f;
  settle(f.loop);
  const std::string line(1000, 'x');
  for (int i = 0; i < 5000; ++i) {
    f.link->log(6, line);
    f.link->flush();
  }
  f.link->flush();
  settle(f.loop);
  f.link->flush();
  settle(f.loop);
  int lines = 0;
  std::uint64_t dropped = 0;
  for (const auto& envelope : f.core.heard) {
    lines += envelope.log().lines_size();
    dropped += envelope.log().dropped();
  }
  CHECK(dropped > 1000);
  CHECK(static_cast<std::uint64_t>(lines) + dropped == 5000);
}

TEST_CASE("a script's answer comes once") {
  Fixture f;
  f.link->run_script(f.script(7));
  until(f.loop, [&] { return f.core.count(proto::Envelope::kRunScript) == 1; });
  proto::Envelope result;
  result.mutable_script_result()->set_id(7);
  f.core.say(result);
  f.core.say(result);
  result.mutable_script_result()->set_id(8);
  f.core.say(result);
  settle(f.loop);
  CHECK(f.said == std::vector<std::string>{"script 7 EXITED"});
}

TEST_CASE("without a place to look for another core an orphan leaves at once") {
  Fixture f;
  f.core.die();
  until(f.loop, [&] { return f.was_said("orphaned too long"); });
  CHECK(f.link->orphaned());
}

TEST_CASE("an orphan finds the new core, proves who it is, and says everything again") {
  Fixture f;
  f.configure();
  f.link->upsert_record("a", "1");
  f.link->upsert_record("gone", "x");
  f.link->erase_record("gone");
  proto::Bequest bequest;
  bequest.set_key("V");
  f.link->bequeath(bequest);
  f.link->run_script(f.script(7));
  f.link->flush();
  settle(f.loop);
  f.core.die();
  until(f.loop, [&] { return f.link->orphaned(); });
  CHECK(f.was_said("script 7 NOT_STARTED"));

  auto door = listen_unix(f.rendezvous(), 0600);
  REQUIRE(door);
  std::optional<Result<UniqueFd>> caller;
  until(f.loop, [&] {
    caller.emplace(accept_connection(door->get()));
    return caller->ok();
  });
  f.core.heard.clear();
  f.core.attach(std::move(**caller));
  until(f.loop, [&] { return !f.core.heard.empty(); });
  const proto::Hello& hello = f.core.heard[0].hello();
  CHECK(hello.cookie() == "secret");
  CHECK(hello.running());
  CHECK(hello.generation() == 1);
  CHECK(hello.configuration_digest() == "digest");
  f.adopt();
  until(f.loop, [&] { return f.core.count(proto::Envelope::kRecords) == 1; });
  const proto::RecordChanges& records = f.core.last(proto::Envelope::kRecords).records();
  REQUIRE(records.upserts_size() == 1);
  CHECK(records.upserts(0).key() == "a");
  CHECK(f.core.last(proto::Envelope::kLastWill).last_will().bequests(0).key() == "V");
  CHECK_FALSE(f.was_said("orphaned too long"));
}

TEST_CASE("after the grace period an orphan leaves, once") {
  Fixture f;
  f.configure();
  f.link->set_grace(milliseconds(250));
  const TimePoint before = now();
  f.core.die();
  until(f.loop, [&] { return f.was_said("orphaned too long"); });
  CHECK(now() - before >= milliseconds(250));
  f.loop.run_until([] { return false; }, now() + milliseconds(300));
  CHECK(std::count(f.said.begin(), f.said.end(), "orphaned too long") == 1);
}

TEST_CASE("a door that is slammed is not hammered at, and does not prolong the grace") {
  Fixture f;
  f.configure();
  f.link->set_grace(milliseconds(500));
  f.core.die();
  auto door = listen_unix(f.rendezvous(), 0600);
  REQUIRE(door);
  int slammed = 0;
  until(f.loop, [&] {
    while (accept_connection(door->get())) ++slammed;
    return f.was_said("orphaned too long");
  });
  CHECK(slammed >= 2);
  CHECK(slammed <= 8);
}

TEST_CASE("a core that takes the call and never adopts does not prolong the grace either") {
  Fixture f;
  f.configure();
  f.link->set_grace(milliseconds(300));
  f.core.die();
  auto door = listen_unix(f.rendezvous(), 0600);
  REQUIRE(door);
  std::vector<UniqueFd> kept;
  until(f.loop, [&] {
    if (auto caller = accept_connection(door->get())) kept.push_back(std::move(*caller));
    return f.was_said("orphaned too long");
  });
  CHECK(kept.size() == 1);
}

TEST_CASE("a core that speaks rubbish, or out of turn, is left") {
  for (const bool rubbish : {true, false}) {
    Fixture f;
    f.configure();
    if (rubbish) {
      f.core.say_raw("\xff\xff\xff");
    } else {
      proto::Envelope envelope;
      envelope.mutable_hello();
      f.core.say(envelope);
    }
    until(f.loop, [&] { return f.core.closed; });
    CHECK(f.link->orphaned());
  }
}

TEST_CASE("a child that speaks into a link that has just broken survives") {
  Fixture f;
  f.configure();
  f.core.die();
  f.link->upsert_record("a", "1");
  f.link->log(6, "line");
  f.link->flush();
  f.link->ready(1);
  f.link->run_script(f.script(1));
  f.link->stopped();
  settle(f.loop);
  CHECK(f.link->orphaned());
}
