// libFuzzer: any octets as what an SMTP server says, cut at any place: no fault, the same verdict as whole, and no success
// without a 220 and a 250.
#include <cstddef>
#include <cstdint>

#include "checker/logic/probes/smtp.h"
#include "core/base/assert.h"

namespace {

using namespace holdfast::checker;

Verdict judge(std::string_view answer, std::size_t cut) {
  SmtpConversation conversation({});
  Step step = conversation.on_connected();
  for (const std::string_view piece : {answer.substr(0, cut), answer.substr(cut)}) {
    if (!step.verdict && !piece.empty()) step = conversation.on_data(piece);
  }
  if (!step.verdict) step = conversation.on_closed();
  ASSERT(step.verdict);
  return *step.verdict;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view answer(reinterpret_cast<const char*>(data + 1), size - 1);
  const Verdict whole = judge(answer, 0);
  ASSERT(whole == judge(answer, answer.empty() ? 0 : data[0] * answer.size() / 256));
  if (whole.up()) ASSERT(answer.starts_with("220") && answer.find("\n250") != std::string_view::npos);
  return 0;
}
