#include "vrrp/logic/wire_notes.h"

#include <catch2/catch.hpp>
#include <cerrno>

using namespace holdfast;
using namespace holdfast::vrrp;

TEST_CASE("an unknown router is told of once, and not of every one that somebody makes up") {
  WireNotes notes;
  LinkTable links;
  Effects out;
  notes.unknown_vrid(2, 7, links, out);
  notes.unknown_vrid(2, 7, links, out);
  CHECK(out.size() == 1);
  for (std::uint32_t index = 3; index < 10; ++index) {
    for (int vrid = 1; vrid < 256; ++vrid) notes.unknown_vrid(index, static_cast<std::uint8_t>(vrid), links, out);
  }
  CHECK(out.size() == 256);
}

TEST_CASE("an interface that refuses is told of once a minute, and for another reason at once") {
  WireNotes notes;
  LinkTable links;
  LinkChanged eth0;
  eth0.index = 2;
  eth0.name = "eth0";
  links.link_changed(eth0);
  Effects out;
  const auto refused = [&](int error, std::int64_t at_s) {
    out.clear();
    notes.send_refused({2, error}, links, TimePoint(seconds(at_s)), out);
    return !out.empty();
  };
  CHECK(refused(ENETDOWN, 0));
  CHECK(std::get<Log>(out[0]).text == "cannot send on eth0: Network is down");
  CHECK_FALSE(refused(ENETDOWN, 59));
  CHECK(refused(ENOBUFS, 59));
  CHECK(refused(ENOBUFS, 119));
}
