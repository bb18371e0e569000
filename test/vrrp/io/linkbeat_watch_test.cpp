#include "vrrp/io/linkbeat_watch.h"

#include <catch2/catch.hpp>
#include <sys/socket.h>

using namespace holdfast;
using namespace holdfast::vrrp;
using config::LinkbeatMethod;

namespace {

struct Bench {
  EventLoop loop;
  std::map<std::string, bool> seen;
  std::vector<std::string> notes;
  LinkbeatWatch watch{loop, [this](const std::string& interface, bool up) { seen[interface] = up; },
                      [this](const std::string& line) { notes.push_back(line); }};
};

}  // namespace

TEST_CASE("a driver that does not know a method is asked by another") {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM, 0));
  REQUIRE(carrier_by(LinkbeatMethod::Ioctl, fd.get(), "lo") == true);
  CHECK_FALSE(carrier_by(LinkbeatMethod::Mii, fd.get(), "lo"));
  Bench b;
  b.watch.want({{"lo", LinkbeatMethod::Mii, {}}});
  CHECK(b.seen == std::map<std::string, bool>{{"lo", true}});
  REQUIRE(b.notes.size() == 1);
  CHECK(b.notes[0].find("(lo): Configured linkbeat type MII not supported, using ") == 0);
}

TEST_CASE("an interface that is not there says nothing, and nothing is polled that is not wanted") {
  Bench b;
  b.watch.want({{"no_such_link", LinkbeatMethod::FirstThatWorks, {}}});
  CHECK(b.seen.empty());
  b.watch.want({});
  CHECK_FALSE(b.loop.run_once());
}
