#include "checker/logic/probes/tcp.h"

#include "test/support/byte_feeder.h"

using namespace holdfast;
using namespace holdfast::checker;

TEST_CASE("a TCP connection that completes is the verdict, and nothing is sent") {
  TcpConversation conversation;
  const Step step = conversation.on_connected();
  CHECK(step.send.empty());
  REQUIRE(step.verdict);
  CHECK(step.verdict->up());
  CHECK(conversation.on_data("SSH-2.0").verdict->up());
  CHECK(conversation.on_closed().verdict->up());
}

TEST_CASE("a TCP connection that does not complete in time is a failure") {
  CHECK(TcpConversation().on_timeout().failure == Failure::ConnectTimeout);
}
