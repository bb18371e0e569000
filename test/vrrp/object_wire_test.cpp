#include "vrrp/object_wire.h"

#include <catch2/catch.hpp>

#include "vrrp/wire.h"

using namespace holdfast;
using namespace holdfast::vrrp;

TEST_CASE("what is known of a file or process travels unchanged") {
  for (const ObjectRecord& record : {ObjectRecord{{ObjectKind::File, "load"}, "/run/load", -7},
                                     ObjectRecord{{ObjectKind::Process, "web"}, "0 -1 nginx\n-x", 1}}) {
    const auto read = object_from_wire(record.key.kind, record_key(record.key), to_wire(record).SerializeAsString());
    REQUIRE(read);
    CHECK(*read == record);
  }
  CHECK(record_key(ObjectKey{ObjectKind::File, "load"}) == "file/load");
}

TEST_CASE("a record of another kind or name is refused, and dropped alone") {
  const ObjectRecord record{{ObjectKind::File, "load"}, "/run/load", 3};
  const std::string wire = to_wire(record).SerializeAsString();
  CHECK_FALSE(object_from_wire(ObjectKind::Process, "file/load", wire));
  CHECK_FALSE(object_from_wire(ObjectKind::File, "file/other", wire));
  CHECK_FALSE(object_from_wire(ObjectKind::File, "file/load", "\xff"));
  proto::Records records;
  for (const auto& [key, value] : {std::pair<std::string, std::string>{"file/load", wire}, {"process/web", "\xff"}}) {
    proto::Record& one = *records.add_records();
    one.set_key(key);
    one.set_value(value);
  }
  std::vector<std::string> dropped;
  const Past past = past_from_wire(records, dropped);
  CHECK(past.objects == std::vector{record});
  CHECK(dropped.size() == 1);
}
