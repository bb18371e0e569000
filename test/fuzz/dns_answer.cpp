// libFuzzer: any octets as a DNS answer. Nothing may crash or go round in a loop of compression pointers.
#include <cstddef>
#include <cstdint>

#include "checker/logic/probes/dns.h"
#include "checker/logic/probes/dns_message.h"
#include "core/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace holdfast::checker;
  const std::string_view datagram(reinterpret_cast<const char*>(data), size);
  const auto answer = parse_dns_answer(datagram);
  ASSERT(answer.has_value() == (size >= 12));
  const std::uint16_t id = answer ? answer->id : std::uint16_t{0};
  const auto verdict = DnsConversation({}, id).on_datagram(datagram);
  ASSERT(verdict.has_value());
  ASSERT(!verdict->up() || (answer->whole && answer->response && answer->rcode == 0));
  (void)dns_query(std::string(datagram), 1, 1);
  return 0;
}
