// Against the real kernel, in network namespaces of the test's own.
#include <catch2/catch.hpp>
#include <set>

#include "core/netlink/command_socket.h"
#include "core/netlink/monitor.h"
#include "core/netlink/vip_remover.h"
#include "test/core/netlink/network_namespace.h"

using namespace holdfast;
using namespace holdfast::netlink;
using holdfast::test::NetworkNamespace;
using holdfast::test::output_of;

namespace {

constexpr std::uint32_t loopback = 1;

AddressSpec vip(int number, std::uint32_t interface_index = loopback) {
  AddressSpec spec;
  spec.interface_index = interface_index;
  spec.prefix = {IpAddress::v4(0x0a000000U + static_cast<std::uint32_t>(number)), 32};
  return spec;
}

struct World {
  NetworkNamespace space;
  NetworkNamespace::Inside inside{space};
  EventLoop loop;
  std::vector<int> errors;

  bool wait(const std::function<bool()>& done) { return loop.run_until(done, loop.now() + seconds(20)); }

  Request add(const AddressSpec& spec) {
    return {[spec](std::uint32_t sequence) { return add_address(spec, sequence); },
            [this](int error) { errors.push_back(error); }};
  }
  Request remove(const AddressSpec& spec) {
    return {[spec](std::uint32_t sequence) { return remove_address(spec, sequence); },
            [this](int error) { errors.push_back(error); }};
  }
};

/// What a listener believes after everything it was told.
struct Picture {
  std::set<IpPrefix> addresses;
  std::set<std::string> links;
  int resyncs_started = 0;
  int resyncs_finished = 0;

  MonitorCallbacks callbacks() {
    return {[this](const LinkMessage& link) { link.removed ? links.erase(link.name) : links.insert(link.name).second; },
            [this](const AddressMessage& address) {
              address.removed ? addresses.erase(address.prefix) : addresses.insert(address.prefix).second;
            },
            [this] {
              ++resyncs_started;
              addresses.clear();
              links.clear();
            },
            [this] { ++resyncs_finished; }};
  }
};

}  // namespace

TEST_CASE("each_request_gets_the_answer_of_the_kernel_in_order") {
  World world;
  auto socket = CommandSocket::open(world.loop);
  REQUIRE(socket);
  std::vector<Request> requests;
  requests.push_back(world.add(vip(1)));
  requests.push_back(world.add(vip(1)));  // replaces itself
  requests.push_back(world.remove(vip(1)));
  requests.push_back(world.remove(vip(1)));     // gone already
  requests.push_back(world.add(vip(2, 9999)));  // no such interface
  (*socket)->send(std::move(requests));
  CHECK(world.errors.empty());
  REQUIRE(world.wait([&] { return world.errors.size() == 5; }));
  CHECK(world.errors == std::vector<int>{0, 0, 0, EADDRNOTAVAIL, ENODEV});
  CHECK((*socket)->unanswered() == 0);
}

TEST_CASE("thousands_of_requests_are_all_answered") {
  World world;
  auto socket = CommandSocket::open(world.loop);
  REQUIRE(socket);
  std::vector<Request> requests;
  for (int i = 1; i <= 3000; ++i) requests.push_back(world.add(vip(i)));
  (*socket)->send(std::move(requests));
  REQUIRE(world.wait([&] { return world.errors.size() == 3000; }));
  CHECK(std::count(world.errors.begin(), world.errors.end(), 0) == 3000);
}

TEST_CASE("completion_may_destroy_its_socket") {
  World world;
  auto socket = CommandSocket::open(world.loop);
  REQUIRE(socket);
  std::unique_ptr<CommandSocket> owned = std::move(*socket);
  int calls = 0;
  std::vector<Request> requests;
  for (int i = 1; i <= 3; ++i) {
    requests.push_back({[i](std::uint32_t sequence) { return add_address(vip(i), sequence); },
                        [&](int) {
                          ++calls;
                          owned.reset();
                        }});
  }
  owned->send(std::move(requests));
  REQUIRE(world.wait([&] { return calls > 0; }));
  world.loop.run_once();
  CHECK(calls == 1);
}

TEST_CASE("monitor_tells_what_is_there_at_once_and_every_change_later") {
  World world;
  NetworkNamespace::run("ip address add 10.1.1.1/24 dev lo");
  Picture picture;
  Monitor monitor(world.loop, picture.callbacks());
  REQUIRE(monitor.start(seconds(5)));
  CHECK(picture.resyncs_finished == 1);
  CHECK(picture.resyncs_started == 0);
  CHECK(picture.links == std::set<std::string>{"lo"});
  CHECK(picture.addresses.contains(*IpPrefix::parse("10.1.1.1/24")));
  CHECK(picture.addresses.contains(*IpPrefix::parse("127.0.0.1/8")));
  NetworkNamespace::run(
      "ip link add left type veth peer name right; ip address add 10.1.1.2/32 dev lo; ip address del 10.1.1.1/24 dev "
      "lo");
  REQUIRE(world.wait([&] { return !picture.addresses.contains(*IpPrefix::parse("10.1.1.1/24")); }));
  CHECK(picture.addresses.contains(*IpPrefix::parse("10.1.1.2/32")));
  CHECK(picture.links == std::set<std::string>{"left", "lo", "right"});
  NetworkNamespace::run("ip link del left");
  CHECK(world.wait([&] { return picture.links.size() == 1; }));
}

TEST_CASE("lost_changes_lead_to_a_resync_that_tells_the_truth") {
  World world;
  Picture picture;
  Monitor monitor(world.loop, picture.callbacks(), 2048);
  REQUIRE(monitor.start(seconds(5)));
  auto socket = CommandSocket::open(world.loop);
  REQUIRE(socket);
  for (int round = 0; round < 3; ++round) {
    std::vector<Request> requests;
    for (int i = 1; i <= 500; ++i) requests.push_back(world.add(vip(i)));
    for (int i = 1; i <= 400; ++i) requests.push_back(world.remove(vip(i)));
    (*socket)->send(std::move(requests));
  }
  REQUIRE(world.wait([&] { return world.errors.size() == 2700 && picture.resyncs_finished >= 2; }));
  REQUIRE(world.wait([&] { return picture.addresses.size() >= 101 && !world.loop.run_once(); }));
  CHECK(monitor.overruns() > 0);
  CHECK(picture.resyncs_started > 0);
  CHECK(picture.addresses.contains(vip(500).prefix));
  CHECK(picture.addresses.contains(vip(401).prefix));
  CHECK_FALSE(picture.addresses.contains(vip(400).prefix));
  CHECK(picture.links == std::set<std::string>{"lo"});
}

TEST_CASE("last_will_removes_what_is_there_and_does_not_mind_what_is_gone") {
  World world;
  NetworkNamespace::run(
      "ip address add 10.1.1.1/24 dev lo; ip address add 10.1.1.9 peer 10.2.2.2/24 dev lo; ip address add fd00::1/64 "
      "dev lo");
  auto remover = VipRemover::open(world.loop);
  REQUIRE(remover);
  const std::vector<OwnedAddress> will = {{loopback, *IpPrefix::parse("10.1.1.1/24")},
                                          {loopback, *IpPrefix::parse("10.1.1.9/32")},
                                          {loopback, *IpPrefix::parse("fd00::1/64")},
                                          {loopback, *IpPrefix::parse("10.9.9.9/24")},
                                          {4711, *IpPrefix::parse("10.9.9.9/24")}};
  for (int round = 0; round < 2; ++round) {
    bool done = false;
    (*remover)->remove(will, [&](const auto& refusals) {
      CHECK(refusals.empty());
      done = true;
    });
    REQUIRE(world.wait([&] { return done; }));
  }
  CHECK(output_of("ip -o address show dev lo | grep -v 127.0.0.1 | grep -v ::1/128").empty());
}
