#include "core/ipc/dumps.h"

#include <catch2/catch.hpp>

#include "core/ipc/channel.h"
#include "test/core/ipc/support.h"

using namespace holdfast;

namespace {

proto::Dump request(const std::string& save_as) {
  proto::Dump dump;
  dump.set_save_as(save_as);
  return dump;
}

/// Core's end keeps the dumps that arrive.
struct Subject {
  Subject() {
    ChildLink::Callbacks callbacks;
    callbacks.lateness = [] { return Lateness{}; };
    link = std::make_unique<ChildLink>(loop, std::move(ends.near), proto::ROLE_VRRP, std::move(callbacks));
    dumps = std::make_unique<Dumps>(loop, *link);
    watch = std::make_unique<FdWatch>(loop, ends.far.get(), Ready::Read, [this] { take(); });
  }
  void take() {
    char buffer[4096];
    const ssize_t size = read(ends.far.get(), buffer, sizeof buffer);
    if (size > 0) reader.feed({buffer, static_cast<std::size_t>(size)});
    for (;;) {
      const auto frame = reader.next();
      proto::Envelope envelope;
      if (!frame || !*frame || !envelope.ParseFromString(**frame)) return;
      if (envelope.has_dump_text()) texts.push_back(envelope.dump_text());
    }
  }
  test::Ends ends;
  EventLoop loop;
  std::unique_ptr<ChildLink> link;
  std::unique_ptr<Dumps> dumps;
  std::unique_ptr<FdWatch> watch;
  FrameReader reader{kSupervisionFrameLimit};
  std::vector<proto::DumpText> texts;
};

}  // namespace

TEST_CASE("dumps are made one after the other, and each answer names its request") {
  Subject s;
  for (const char* name : {"a", "b", "b", "c"})
    s.dumps->want(request(name), [name] { return std::string("text ") + name; });
  CHECK(s.dumps->wanted(request("c")));
  CHECK_FALSE(s.dumps->wanted(request("d")));
  test::until(
      s.loop, [&] { return s.texts.size() == 3; }, seconds(20));
  CHECK(s.texts[0].save_as() == "a");
  CHECK(s.texts[2].save_as() == "c");
  CHECK(s.texts[2].text() == "text c");
  CHECK_FALSE(s.dumps->wanted(request("c")));
}
