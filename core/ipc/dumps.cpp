#include "core/ipc/dumps.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace holdfast {
namespace {

constexpr std::size_t kMostWaiting = 16;

bool same(const proto::Dump& a, const proto::Dump& b) {
  return a.kind() == b.kind() && a.save_as() == b.save_as();
}

}  // namespace

bool Dumps::wanted(const proto::Dump& request) const {
  return std::ranges::any_of(wanted_, [&](const Wanted& wanted) { return same(wanted.request, request); });
}

void Dumps::want(const proto::Dump& request, std::function<std::string()> make) {
  if (wanted(request) || wanted_.size() == kMostWaiting) return;
  wanted_.push_back({request, std::move(make)});
  make_next();
}

void Dumps::make_next() {
  if (background_.busy() || wanted_.empty()) return;
  Wanted next = std::move(wanted_.front());
  wanted_.pop_front();
  const auto text = std::make_shared<std::string>();
  background_.run([text, make = std::move(next.make)] { *text = make(); },
                  [this, text, request = next.request] {
                    answer(request, std::move(*text));
                    make_next();
                  });
}

void Dumps::answer(const proto::Dump& request, std::string text) {
  proto::DumpText answer;
  answer.set_kind(request.kind());
  answer.set_save_as(request.save_as());
  answer.set_text(std::move(text));
  link_.dump_text(std::move(answer));
}

}  // namespace holdfast
