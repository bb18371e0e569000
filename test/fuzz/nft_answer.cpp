// libFuzzer: whatever a kernel says to questions about nf_tables is tables, elements and rules, or nothing.
#include <cstddef>
#include <cstdint>

#include "core/base/assert.h"
#include "core/netlink/nft_question.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace holdfast;
  const Bytes datagram(data, data + size);  // aligned, as a socket's buffer
  const netlink::NftTable table{Family::IPv4, "t", {}};
  ASSERT(netlink::parse_tables(datagram).size() <= size);
  ASSERT(netlink::parse_elements(datagram, table, "s").size() <= size);
  ASSERT(netlink::count_rules(datagram, table, "c") <= size);
  return 0;
}
