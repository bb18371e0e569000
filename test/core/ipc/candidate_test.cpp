#include "core/ipc/candidate.h"

#include <catch2/catch.hpp>

#include "core/config/load.h"
#include "core/ipc/tree_wire.h"
#include "core/runtime/clock.h"
#include "core/runtime/socket.h"

using namespace holdfast;

namespace {

proto::ConfigTree tree(const std::string& text) {
  proto::ConfigTree wire;
  to_wire(config::load(config::MemoryFileSystem().add("k.conf", text), "k.conf", {}).tree, wire);
  return wire;
}

const std::string kInstance =
    "vrrp_instance V {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress {\n  10.0.0.1\n }\n}\n";

/// A child with a link to a core that only listens.
struct Child {
  Child() {
    auto pair = socket_pair();
    core = std::move(pair->first);
    ChildLink::Callbacks callbacks;
    callbacks.lateness = [] { return Lateness{}; };
    link = std::make_unique<ChildLink>(loop, std::move(pair->second), proto::ROLE_VRRP, std::move(callbacks));
    candidates = std::make_unique<Candidates>(loop, *link);
  }
  bool wait() {
    return loop.run_until([this] { return candidates->waiting() != nullptr; }, now() + seconds(20));
  }
  EventLoop loop;
  UniqueFd core;
  std::unique_ptr<ChildLink> link;
  std::unique_ptr<Candidates> candidates;
};

proto::Prepare prepare(std::uint64_t generation, const std::string& text) {
  proto::Prepare message;
  message.set_generation(generation);
  message.set_digest("d");
  *message.mutable_tree() = tree(text);
  return message;
}

}  // namespace

TEST_CASE("the first configuration is there at once, and is taken once") {
  Child child;
  proto::Configure message;
  message.set_generation(1);
  *message.mutable_tree() = tree(kInstance);
  child.candidates->configure(message);
  REQUIRE(child.candidates->waiting() != nullptr);
  const auto taken = child.candidates->take();
  REQUIRE(taken);
  CHECK(taken->config->vrrp_instances.size() == 1);
  CHECK_FALSE(child.candidates->take());
}

TEST_CASE("a prepared one is studied beside the loop and waits for its own commit") {
  Child child;
  std::size_t studied = 0;
  child.candidates->prepare(prepare(7, kInstance),
                            [&studied](const config::Config& config) { studied = config.vrrp_instances.size(); });
  REQUIRE(child.wait());
  CHECK(studied == 1);
  CHECK_FALSE(child.candidates->take(6));
  CHECK(child.candidates->take(7));
}

TEST_CASE("an abandoned one is gone, and a tree that no parser made is refused") {
  Child child;
  child.candidates->prepare(prepare(7, kInstance));
  REQUIRE(child.wait());
  child.candidates->abandon();
  CHECK_FALSE(child.candidates->take(7));
  proto::Prepare bad;
  bad.set_generation(8);
  bad.mutable_tree()->add_roots();
  bool done = false;
  child.candidates->prepare(bad, [&done](const config::Config&) { done = true; });
  child.loop.run_until([] { return false; }, now() + milliseconds(200));
  CHECK_FALSE(done);
  CHECK(child.candidates->waiting() == nullptr);
}
