#include "core/ipc/utf8.h"

#include <catch2/catch.hpp>

#include "core/ipc/tree_wire.h"
#include "proto/control.pb.h"
#include "proto/supervision.pb.h"

using namespace holdfast;

TEST_CASE("a reply with a Latin-1 name can be parsed once it was made UTF-8") {
  proto::ControlReply reply;
  proto::InstanceStatus& instance = *reply.mutable_status()->add_instances();
  instance.set_name("caf\xe9");
  instance.add_priority_reasons("script \xff down");
  proto::ControlReply again;
  make_utf8(reply);
  REQUIRE(again.ParseFromString(reply.SerializeAsString()));
  CHECK(again.status().instances(0).name() == "caf\xef\xbf\xbd");
  CHECK(again.status().instances(0).priority_reasons(0) == "script \xef\xbf\xbd down");
}

TEST_CASE("a configuration with octets that are no UTF-8 reaches the child") {
  proto::Envelope envelope;
  config::Tree tree;
  tree.roots.push_back({{"auth_pass\xe9"}, {}, {}, {}, false});
  to_wire(tree, *envelope.mutable_configure()->mutable_tree());
  envelope.mutable_configure()->mutable_settings()->set_name_suffix("_\xe9");
  proto::Envelope again;
  REQUIRE(again.ParseFromString(envelope.SerializeAsString()));
  CHECK(from_wire(again.configure().tree())->roots.at(0).words.at(0) == "auth_pass\xe9");
}
