// A child's mails (ChildLink::alert) on their way to core, and what becomes of them while there is none.
#include <filesystem>
#include <stdlib.h>

#include "core/ipc/child_link.h"
#include "core/runtime/socket.h"
#include "test/core/ipc/support.h"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Fixture {
  Fixture() {
    REQUIRE(mkdtemp(directory));
    ChildLink::Callbacks c;
    c.on_configure = [this](const proto::Configure&) { configured = true; };
    c.lateness = [] { return Lateness(); };
    c.on_orphaned_too_long = [] {};
    link.emplace(loop, std::move(ends.far), proto::ROLE_VRRP, std::move(c));
    attach(std::move(ends.near));
    proto::Envelope envelope;
    proto::Settings& settings = *envelope.mutable_configure()->mutable_settings();
    settings.set_rendezvous(path());
    settings.set_no_syslog(true);
    core->send(envelope.SerializeAsString());
    until(loop, [this] { return configured; });
  }
  ~Fixture() { std::filesystem::remove_all(directory); }

  std::string path() const { return std::string(directory) + "/r.sock"; }
  void attach(UniqueFd socket) {
    core = std::make_unique<Channel>(loop, std::move(socket), kSupervisionFrameLimit, 64U << 20,
                                     Channel::Callbacks{[this](const std::string& frame) {
                                                          proto::Envelope envelope;
                                                          REQUIRE(envelope.ParseFromString(frame));
                                                          if (envelope.has_alert()) alerts.push_back(envelope.alert());
                                                        },
                                                        [](const std::string&) {}});
  }
  void die() {
    core.reset();
    until(loop, [this] { return link->orphaned(); });
  }
  /// A new core opens its door; it has not adopted anybody yet.
  void come_back() {
    auto door = listen_unix(path(), 0600);
    REQUIRE(door);
    std::optional<Result<UniqueFd>> caller;
    until(loop, [&] {
      caller.emplace(accept_connection(door->get()));
      return caller->ok();
    });
    attach(std::move(**caller));
    settle(loop);
  }
  void adopt() {
    proto::Envelope envelope;
    envelope.mutable_adopt();
    core->send(envelope.SerializeAsString());
  }

  char directory[32] = "/tmp/holdfast_mail_XXXXXX";
  EventLoop loop;
  Ends ends;
  bool configured = false;
  std::vector<proto::Alert> alerts;
  std::unique_ptr<Channel> core;
  std::optional<ChildLink> link;
};

}  // namespace

TEST_CASE("a mail goes to core at once, with its time") {
  Fixture f;
  f.link->alert("subject", "body");
  until(f.loop, [&] { return f.alerts.size() == 1; });
  CHECK(f.alerts[0].subject() == "subject");
  CHECK(f.alerts[0].body() == "body");
  CHECK(f.alerts[0].time_us() > 1'700'000'000'000'000);
}

TEST_CASE("without a core the newest mails are kept, and told to the one that adopts") {
  Fixture f;
  f.die();
  for (int i = 0; i < 150; ++i) f.link->alert(std::to_string(i), "body");
  f.come_back();
  f.link->alert("150", "body");
  settle(f.loop);
  CHECK(f.alerts.empty());
  f.adopt();
  until(f.loop, [&] { return f.alerts.size() == 100; });
  CHECK(f.alerts.front().subject() == "51");
  CHECK(f.alerts.back().subject() == "150");
  f.link->alert("151", "body");
  until(f.loop, [&] { return f.alerts.size() == 101; });
  f.adopt();
  settle(f.loop);
  CHECK(f.alerts.size() == 101);
}
