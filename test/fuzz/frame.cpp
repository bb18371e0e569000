// libFuzzer: whatever arrives on a link, in whatever pieces, is frames or an error. Each frame is then read as core, a child and
// the rendezvous would read it. Build: clang++ -std=c++20 -fsanitize=fuzzer,address,undefined with core_ipc, vrrp and proto.
#include "core/ipc/frame.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/assert.h"
#include "core/ipc/tree_wire.h"
#include "proto/supervision.pb.h"
#include "vrrp/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace holdfast;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  FrameReader reader(1U << 16);
  std::size_t octets = 0;
  // The first octet of what is left says how much arrives at once.
  for (std::size_t at = 0; at < size;) {
    const std::size_t piece = 1 + data[at];
    reader.feed(input.substr(at, piece));
    at += piece;
    for (;;) {
      const auto frame = reader.next();
      if (!frame) return 0;
      if (!*frame) break;
      octets += (*frame)->size() + kFrameHeaderOctets;
      ASSERT(octets <= size);
      proto::Envelope envelope;
      if (!envelope.ParseFromString(**frame)) continue;
      if (envelope.has_configure()) (void)from_wire(envelope.configure().tree()).ok();
      if (envelope.has_past()) {
        std::vector<std::string> dropped;
        vrrp::past_from_wire(envelope.past(), dropped);
      }
    }
  }
  return 0;
}
