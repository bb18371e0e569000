// Runs probes on a real loop and keeps what they report.
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "checker/io/probe_port.h"
#include "core/runtime/event_loop.h"
#include "test/support/byte_feeder.h"

namespace holdfast::test {

inline checker::ProbeSpec spec_for(checker::ProbeKind kind, std::uint16_t port, const char* address = "127.0.0.1") {
  checker::ProbeSpec spec;
  spec.kind = std::move(kind);
  spec.endpoint.address = *IpAddress::parse(address);
  spec.endpoint.port = port;
  spec.endpoint.connect_timeout = seconds(5);
  return spec;
}

struct ProbeRunner {
  EventLoop loop;
  std::vector<checker::ProbeFinished> finished;
  checker::Probes probes{
      loop, [this](const checker::Event& event) { finished.push_back(std::get<checker::ProbeFinished>(event)); }};

  bool wait_for(std::size_t count) {
    return loop.run_until([&] { return finished.size() >= count; }, loop.now() + seconds(20));
  }
  checker::Verdict run(const checker::ProbeSpec& spec) {
    finished.clear();
    probes.start(1, spec);
    REQUIRE(finished.empty());  // never from inside start()
    REQUIRE(wait_for(1));
    CHECK(probes.running() == 0);
    CHECK(finished[0].id == 1);
    CHECK(finished[0].took >= Duration(0));
    return finished[0].verdict;
  }
};

}  // namespace holdfast::test
