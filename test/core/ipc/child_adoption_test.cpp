// What a core that adopts a child is told: what the link keeps, and what the process says again.
#include "test/core/ipc/played_core.h"

using namespace holdfast;
using namespace holdfast::test;

namespace {

using Known = std::map<std::string, std::string>;
constexpr auto kProcess = ChildLink::KeptBy::Process;

proto::Bequest bequest(const std::string& key, std::int64_t interval_us = 1) {
  proto::Bequest one;
  one.set_key(key);
  one.set_advert_interval_us(interval_us);
  return one;
}

std::vector<std::string> keys(const Known& known) {
  std::vector<std::string> list;
  for (const auto& [key, value] : known) list.push_back(key);
  return list;
}

/// A process that knows what its records and wills are.
struct Fixture {
  Known mine;
  std::vector<std::string> active;
  int asked = 0;
  PlayedCore core{[this] {
    ++asked;
    for (const auto& [key, value] : mine) core.link->upsert_record(key, value, kProcess);
    for (const std::string& key : active) core.link->bequeath(bequest(key), kProcess);
  }};

  void flush() {
    core.link->flush();
    settle(core.loop);
  }
};

}  // namespace

TEST_CASE("what the process keeps is told when it changes, and again to a new core as it is then") {
  Fixture f;
  f.core.link->upsert_record("script", "up");
  f.core.link->upsert_record("V1", "Active 1", kProcess);
  f.core.link->bequeath(bequest("V1", 5), kProcess);
  f.core.link->bequeath(bequest("static"));
  f.flush();
  CHECK(f.core.records == Known{{"script", "up"}, {"V1", "Active 1"}});
  CHECK(keys(f.core.wills) == std::vector<std::string>{"V1", "static"});
  CHECK(f.asked == 0);

  f.mine = {{"V1", "Active 2"}, {"V2", "Active 1"}};
  f.active = {"V1", "V2"};
  f.core.next();
  CHECK(f.asked == 1);
  CHECK(f.core.records == Known{{"script", "up"}, {"V1", "Active 2"}, {"V2", "Active 1"}});
  CHECK(keys(f.core.wills) == std::vector<std::string>{"V1", "V2", "static"});
  CHECK(f.core.messages.size() == 3);  // a greeting, then one will and one set of records, in this order
  CHECK(f.core.messages[1] == proto::Envelope::kLastWill);
  CHECK(f.core.messages[2] == proto::Envelope::kRecords);
}

TEST_CASE("what went before or while there was no core, the next one does not know") {
  Fixture f;
  for (const char* key : {"before", "meanwhile", "back"}) {
    f.core.link->upsert_record(key, "1", kProcess);
    f.core.link->bequeath(bequest(key), kProcess);
  }
  f.core.link->upsert_record("base", "1");
  f.core.link->erase_record("before");
  f.core.link->revoke("before");
  f.flush();
  const Known file = f.core.records;
  CHECK(keys(file) == std::vector<std::string>{"back", "base", "meanwhile"});

  f.core.die();
  for (const char* key : {"meanwhile", "back", "base"}) {
    f.core.link->erase_record(key);
    f.core.link->revoke(key);
  }
  f.flush();
  f.mine = {{"back", "2"}};
  f.active = {"back"};
  f.core.link->upsert_record("back", "2", kProcess);
  f.core.link->bequeath(bequest("back"), kProcess);
  f.core.come_back(file);
  f.flush();
  CHECK(f.core.records == file);  // nobody has been adopted
  f.core.adopt();
  CHECK(f.core.records == Known{{"back", "2"}});
  CHECK(keys(f.core.wills) == std::vector<std::string>{"back"});
}

TEST_CASE("only what was said can be taken back, whoever keeps it") {
  Fixture f;
  f.core.link->revoke("V");
  f.core.link->erase_record("V");
  f.flush();
  CHECK(f.core.messages.size() == 1);
  f.core.link->bequeath(bequest("V"), kProcess);
  f.flush();
  CHECK(keys(f.core.wills) == std::vector<std::string>{"V"});
  f.core.link->revoke("V");
  f.core.link->revoke("V");
  f.flush();
  CHECK(f.core.wills.empty());
  CHECK(f.core.messages.size() == 3);

  f.core.next();  // says nothing of V
  f.core.link->revoke("V");
  f.core.link->erase_record("V");
  f.flush();
  CHECK(f.core.messages.size() == 1);
}

TEST_CASE("changes after the adoption are told as before it") {
  Fixture f;
  f.mine = {{"V", "1"}};
  f.active = {"V"};
  f.core.next();
  CHECK(f.core.records == Known{{"V", "1"}});
  f.core.link->upsert_record("V", "2", kProcess);
  f.core.link->revoke("V");
  f.flush();
  CHECK(f.core.records == Known{{"V", "2"}});
  CHECK(f.core.wills.empty());
  f.core.link->erase_record("V");
  f.flush();
  CHECK(f.core.records.empty());
}

TEST_CASE("many that come and go in one turn leave as one message of each kind") {
  Fixture f;
  for (int i = 0; i < 50; ++i) {
    const std::string key = "V" + std::to_string(i);
    f.core.link->bequeath(bequest(key), kProcess);
    f.core.link->upsert_record(key, "1", kProcess);
    f.core.link->revoke(key);
    f.core.link->erase_record(key);
    if (i % 2 == 0) f.core.link->bequeath(bequest(key, 2), kProcess);
    if (i % 2 == 0) f.core.link->upsert_record(key, "2", kProcess);
  }
  f.flush();
  CHECK(f.core.messages.size() == 3);
  CHECK(f.core.records.size() == 25);
  CHECK(f.core.wills.size() == 25);
  CHECK(f.core.records["V48"] == "2");
}
