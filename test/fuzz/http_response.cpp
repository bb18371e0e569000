// libFuzzer: any octets as an HTTP answer, cut at any place: no fault, and the same verdict as whole.
#include <cstddef>
#include <cstdint>

#include "checker/logic/probes/http.h"
#include "core/base/assert.h"

namespace {

using namespace holdfast;
using namespace holdfast::checker;

class LengthDigest : public BodyDigest {
 public:
  void add(std::string_view octets) override { length_ += octets.size(); }
  std::string finish() override { return std::string(15, '\0') + static_cast<char>(length_); }

 private:
  std::size_t length_ = 0;
};

HttpProbe probe() {
  HttpProbe made;
  made.url.digest = std::array<std::uint8_t, 16>{};
  made.url.digest->back() = 3;
  made.url.regex = config::HttpRegex{};
  made.url.regex->pattern = "a.*b";
  return made;
}

Verdict judge(std::string_view answer, std::size_t cut, ConversationTools& tools) {
  HttpConversation conversation(probe(), {}, tools);
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
  static ConversationTools tools{[] { return std::make_unique<LengthDigest>(); }, {}};
  if (size == 0) return 0;
  const std::string_view answer(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t cut = answer.empty() ? 0 : data[0] * answer.size() / 256;
  const Verdict whole = judge(answer, 0, tools);
  const Verdict in_two = judge(answer, cut, tools);
  ASSERT(whole.failure == in_two.failure);
  return 0;
}
