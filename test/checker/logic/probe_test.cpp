#include "checker/logic/probe.h"

#include <catch2/catch.hpp>

#include "checker/logic/probes/tools.h"

using namespace holdfast;
using namespace holdfast::checker;

TEST_CASE("each kind has a conversation of its sort, a ping has none") {
  struct Row {
    ProbeKind kind;
    bool stream, datagram;
  };
  const Row rows[] = {{config::TcpCheck{}, true, false},  {HttpProbe{}, true, false},
                      {config::SmtpCheck{}, true, false}, {config::DnsCheck{}, false, true},
                      {config::UdpCheck{}, false, true},  {config::PingCheck{}, false, false}};
  ConversationTools tools;
  for (const Row& row : rows) {
    INFO(row.kind.index());
    ProbeSpec spec;
    spec.kind = row.kind;
    CHECK((stream_conversation(spec, tools) != nullptr) == row.stream);
    CHECK((datagram_conversation(spec, 1) != nullptr) == row.datagram);
  }
}
