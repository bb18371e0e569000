// A child's mails (ChildLink::alert) on their way to core, and what becomes of them while there is none.
#include "test/core/ipc/played_core.h"

using namespace holdfast;
using namespace holdfast::test;

TEST_CASE("a mail goes to core at once, with its time") {
  PlayedCore f;
  f.link->alert("subject", "body");
  until(f.loop, [&] { return f.alerts.size() == 1; });
  CHECK(f.alerts[0].subject() == "subject");
  CHECK(f.alerts[0].body() == "body");
  CHECK(f.alerts[0].time_us() > 1'700'000'000'000'000);
}

TEST_CASE("without a core the newest mails are kept, and told to the one that adopts") {
  PlayedCore f;
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
